//! The part of HTML that a browser without JavaScript needs to submit our forms.

/// A form of a page.
pub struct Form {
    pub action: String,
    /// The fields that are sent without user input.
    pub hidden: Vec<(String, String)>,
    /// The names of all inputs and buttons.
    pub names: Vec<String>,
}

/// Returns the forms of a page.
pub fn forms(html: &str) -> Vec<Form> {
    let forms = html.split("<form").skip(1).filter_map(|rest| rest.split_once("</form>"));
    forms.map(|(form, _)| parse(form)).collect()
}

fn parse(form: &str) -> Form {
    let (own, inside) = form.split_once('>').expect("a form's tag ends");
    let fields: Vec<&str> =
        ["<input", "<select", "<textarea", "<button"].iter().flat_map(|tag| tags(inside, tag)).collect();
    let name = |tag: &&str| attribute(tag, "name");
    let hidden = fields.iter().filter(|tag| attribute(tag, "type").as_deref() == Some("hidden"));
    Form {
        action: attribute(own, "action").expect("a form says where it is sent"),
        hidden: hidden.map(|tag| (name(tag).unwrap(), attribute(tag, "value").unwrap_or_default())).collect(),
        names: fields.iter().filter_map(name).collect(),
    }
}

/// Returns the attributes of every tag that begins with `start`.
fn tags<'a>(html: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(start).skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag)
}

/// Returns the value of the input with this id.
pub fn value(html: &str, id: &str) -> Option<String> {
    let input = tags(html, "<input").find(|tag| attribute(tag, "id").as_deref() == Some(id))?;
    attribute(input, "value")
}

/// Returns the values of the checked boxes of this name.
pub fn ticked(html: &str, name: &str) -> Vec<String> {
    let boxes = tags(html, "<input").filter(|tag| tag.ends_with(" checked"));
    let own = boxes.filter(|tag| attribute(tag, "name").as_deref() == Some(name));
    own.filter_map(|tag| attribute(tag, "value")).collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| unescape(value))
}

fn unescape(text: &str) -> String {
    let named = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    named.iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}
