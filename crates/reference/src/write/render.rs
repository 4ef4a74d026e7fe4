//! The Markdown of a page as HTML: CommonMark with tables, read by `pulldown-cmark`.
//!
//! What the pages mark in Markdown has its form in HTML: `<a id="…">` before a heading or at the start of a table row is the
//! anchor of the heading or row, and a link titled `Go to KIND Name` leads to a type. Other HTML in the text is shown as
//! text.

use std::iter::Peekable;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::signs::escape;
use crate::page::slug;

/// Returns the HTML of the Markdown. On the page of a type, tables list its members.
pub(super) fn render(markdown: &str, is_type: bool) -> String {
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).peekable();
    Renderer { events, is_type, anchor: None, caption: None }.content(None).html
}

struct Renderer<'a> {
    events: Peekable<Parser<'a>>,
    is_type: bool,
    /// The anchor of the following heading.
    anchor: Option<String>,
    /// The heading of the following table of members.
    caption: Option<String>,
}

/// The content of an element.
#[derive(Default)]
struct Content {
    html: String,
    /// The text without markup.
    text: String,
    anchor: Option<String>,
    /// Whether there are links to types.
    has_types: bool,
    /// Whether there is anything except links to types.
    has_others: bool,
}

impl<'a> Renderer<'a> {
    /// Reads until an element ends, or the text does.
    fn content(&mut self, end: Option<TagEnd>) -> Content {
        let mut content = Content::default();
        while let Some(event) = self.events.next() {
            match event {
                Event::End(tag) if Some(tag) == end => break,
                Event::Text(text) => content.push_text(&text, &escape(&text)),
                Event::Code(text) => content.push_text(&text, &format!("<code>{}</code>", escape(&text))),
                Event::SoftBreak => content.push_text(" ", "\n"),
                Event::HardBreak => content.push_text(" ", "<br>\n"),
                Event::InlineHtml(tag) => content.push_tag(&tag),
                Event::Html(text) => content.push_text(&text, &escape(&text)),
                Event::Start(tag) => self.element(tag, &mut content),
                _ => {}
            }
        }
        content
    }

    fn element(&mut self, tag: Tag<'a>, outer: &mut Content) {
        let end = tag.to_end();
        if let Tag::Table(_) = tag {
            let table = self.table();
            outer.html.push_str(&table);
            return;
        }
        let inner = self.content(Some(end));
        let html = match tag {
            Tag::Paragraph => self.paragraph(&inner),
            Tag::Heading { level, .. } => self.heading(level, &inner),
            Tag::List(_) => format!("<ul>\n{}</ul>\n", inner.html),
            Tag::Item => format!("<li>{}</li>\n", inner.html),
            Tag::CodeBlock(_) => {
                format!("<pre tabindex=\"0\"><code>{}</code></pre>\n", inner.html.trim_end())
            }
            Tag::Strong => format!("<b>{}</b>", inner.html),
            Tag::Link { dest_url, title, .. } => {
                let kind =
                    title.strip_prefix("Go to ").and_then(|rest| rest.split_once(' ')).map(|(kind, _)| kind);
                outer.has_types |= kind.is_some();
                outer.has_others |= kind.is_none();
                outer.text.push_str(&inner.text);
                outer.html.push_str(&link(&dest_url, &title, kind, &inner.html));
                return;
            }
            _ => inner.html,
        };
        outer.has_others = true;
        outer.text.push_str(&inner.text);
        outer.html.push_str(&html);
    }

    fn paragraph(&mut self, inner: &Content) -> String {
        match &inner.anchor {
            Some(anchor) if inner.html.is_empty() => {
                self.anchor = Some(anchor.clone());
                String::new()
            }
            _ if inner.has_types && !inner.has_others => {
                format!("<div class=\"pills\">{}</div>\n", inner.html)
            }
            _ => format!("<p>{}</p>\n", inner.html),
        }
    }

    fn heading(&mut self, level: HeadingLevel, inner: &Content) -> String {
        let anchor = self.anchor.take().unwrap_or_else(|| slug(&inner.text));
        let heading = heading(level as u8, &inner.html, &inner.text, &anchor);
        if self.is_type && matches!(self.events.peek(), Some(Event::Start(Tag::Table(_)))) {
            self.caption = Some(heading);
            return String::new();
        }
        heading
    }

    fn table(&mut self) -> String {
        let (mut heads, mut rows, mut row) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::TableCell) => row.push(self.content(Some(TagEnd::TableCell))),
                Event::End(TagEnd::TableHead) => heads = std::mem::take(&mut row),
                Event::End(TagEnd::TableRow) => rows.push(std::mem::take(&mut row)),
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        match self.caption.take() {
            Some(caption) => members(&caption, &rows),
            None => table(&heads, &rows),
        }
    }
}

impl Content {
    fn push_text(&mut self, text: &str, html: &str) {
        self.has_others |= !text.trim().is_empty();
        self.text.push_str(text);
        self.html.push_str(html);
    }

    /// Adds a tag that the Markdown writer uses; every other one is text.
    fn push_tag(&mut self, tag: &str) {
        let anchor = tag.strip_prefix("<a id=\"").and_then(|rest| rest.strip_suffix("\">"));
        match (anchor, tag) {
            (Some(anchor), _) => self.anchor = Some(anchor.to_owned()),
            (_, "</a>") => {}
            (_, "<br />") => self.push_text(" ", "<br>"),
            _ => self.push_text(tag, &escape(tag)),
        }
    }
}

fn table(heads: &[Content], rows: &[Vec<Content>]) -> String {
    let head: String = heads.iter().map(|head| format!("<th scope=\"col\">{}</th>", head.html)).collect();
    let cell = |(index, cell): (usize, &Content)| {
        let id = cell.anchor.as_ref().map(|anchor| format!(" id=\"{}\"", escape(anchor))).unwrap_or_default();
        let permalink = cell.anchor.as_ref().map(|anchor| permalink(anchor, &cell.text)).unwrap_or_default();
        let content = format!("{}{permalink}", cell.html);
        if index == 0 {
            return format!("<th scope=\"row\"{id}>{content}</th>");
        }
        let label = heads.get(index).map(|head| escape(&head.text)).unwrap_or_default();
        format!("<td data-label=\"{label}\"{id}>{content}</td>")
    };
    let row =
        |row: &Vec<Content>| format!("<tr>{}</tr>\n", row.iter().enumerate().map(cell).collect::<String>());
    let rows: String = rows.iter().map(row).collect();
    format!("<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n")
}

/// Returns the members of a type, one row each: name and type, and the description below them.
fn members(caption: &str, rows: &[Vec<Content>]) -> String {
    let row = |row: &Vec<Content>| {
        let [name, types @ .., description] = row.as_slice() else { return String::new() };
        let anchor = name.anchor.clone().unwrap_or_else(|| slug(&name.text));
        let types: String = types.iter().map(|cell| format!(" {}", cell.html)).collect();
        let heading = heading(3, &format!("{}{types}", name.html), &name.text, &anchor);
        let paragraphs = description.html.split("<br>").filter(|paragraph| !paragraph.is_empty());
        let paragraphs: String = paragraphs.map(|paragraph| format!("<p>{paragraph}</p>\n")).collect();
        format!("<tr><td>{heading}{paragraphs}</td></tr>\n")
    };
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<table class=\"members\">\n<caption>{}</caption>\n<tbody>\n{rows}</tbody>\n</table>\n",
        caption.trim_end()
    )
}

/// Returns a heading with its anchor and a link to it.
fn heading(level: u8, content: &str, name: &str, anchor: &str) -> String {
    format!("<h{level} id=\"{}\">{content}{}</h{level}>\n", escape(anchor), permalink(anchor, name))
}

/// Returns the link of a place to itself; the style sheet draws it.
fn permalink(anchor: &str, name: &str) -> String {
    format!(
        "<a class=\"permalink\" href=\"#{}\" aria-label=\"Permalink to {}\"></a>",
        escape(anchor),
        escape(name)
    )
}

/// Returns a link; `kind` is the kind of the type to which it leads.
fn link(url: &str, title: &str, kind: Option<&str>, content: &str) -> String {
    let url = escape(&html_address(url));
    match kind {
        Some(kind) => format!(
            "<a href=\"{url}\" class=\"pill pill--{}\" title=\"{}\">{content}</a>",
            escape(&kind.to_lowercase()),
            escape(title)
        ),
        None => format!("<a href=\"{url}\">{content}</a>"),
    }
}

/// Returns the address of a page in this format; addresses of other sites and files remain.
fn html_address(url: &str) -> String {
    let (path, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    match path.strip_suffix(".md") {
        Some(page) if !path.contains("://") => format!("{page}.html{fragment}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_their_anchors() {
        let html = render("<a id=\"x\"></a>\n\n## A *b*\n\n## C d\n", false);
        assert!(html.starts_with("<h2 id=\"x\">A "), "{html}");
        assert!(html.contains("<h2 id=\"c-d\">C d<a class=\"permalink\" href=\"#c-d\""), "{html}");
        let table = render("| N | D |\n| --- | --- |\n| <a id=\"n\"></a>`n` | a<br />b |\n", false);
        assert!(table.contains("<th scope=\"row\" id=\"n\"><code>n</code><a class=\"permalink\""), "{table}");
        assert!(table.contains("<td data-label=\"D\">a<br>b</td>"), "{table}");
    }

    #[test]
    fn links_lead_to_pages_of_this_format() {
        for (markdown, html) in [
            ("[a](b/c.md#d)", "<p><a href=\"b/c.html#d\">a</a></p>\n"),
            ("[a](openapi.json)", "<p><a href=\"openapi.json\">a</a></p>\n"),
            (
                "<https://a.example/b.md>",
                "<p><a href=\"https://a.example/b.md\">https://a.example/b.md</a></p>\n",
            ),
            (
                "[`T!`](t.md \"Go to INPUT_OBJECT T\")",
                "<div class=\"pills\"><a href=\"t.html\" class=\"pill pill--input_object\" title=\"Go to INPUT_OBJECT T\"><code>T!</code></a></div>\n",
            ),
        ] {
            assert_eq!(render(markdown, true), html);
        }
    }

    #[test]
    fn members_have_their_descriptions_below() {
        let markdown = "## Fields\n\n| Name | Type | Description |\n| --- | --- | --- |\n\
                        | <a id=\"f\"></a>`f` | [`T`](t.md \"Go to SCALAR T\") | a<br />b |\n";
        let html = render(markdown, true);
        assert!(
            html.starts_with("<table class=\"members\">\n<caption><h2 id=\"fields\">Fields<a "),
            "{html}"
        );
        assert!(
            html.contains(
                "<tr><td><h3 id=\"f\"><code>f</code> <a href=\"t.html\" class=\"pill pill--scalar\""
            ),
            "{html}"
        );
        assert!(html.contains("</h3>\n<p>a</p>\n<p>b</p>\n</td></tr>"), "{html}");
    }

    #[test]
    fn html_of_the_text_is_text() {
        let html = render("a <script>b</script> <img src=x>\n\n<div>\nc\n</div>\n", false);
        assert_eq!(html.matches("&lt;script&gt;").count(), 1, "{html}");
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<div>"), "{html}");
    }
}
