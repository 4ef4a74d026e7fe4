/// Formats a row's display text from its entity's format, such as `{Id}: {AccessTokenKey}`.
///
/// `value` returns the text of an attribute or reference by name. Placeholders without a text are left
/// empty.
///
/// ```
/// let value = |name: &str| (name == "Name").then(|| "Ada".to_owned());
/// assert_eq!(model::display_text("{Name} <{Login}>", value), "Ada <>");
/// ```
pub fn display_text(format: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            text.push('{');
            rest = after;
            continue;
        };
        text.push_str(&value(name).unwrap_or_default());
        rest = tail;
    }
    text.push_str(rest);
    text
}

/// Returns the names of the placeholders in a display format.
pub(crate) fn display_members(format: &str) -> impl Iterator<Item = &str> {
    format.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_in_what_the_format_names() {
        let value = |name: &str| (name == "Name").then(|| "Ada".to_owned());
        assert_eq!(display_text("{Name} <{Login}>", value), "Ada <>");
        assert_eq!(display_text("plain", value), "plain");
        assert_eq!(display_text("{unclosed", value), "{unclosed");
        assert_eq!(display_members("{Name} <{Login}>").collect::<Vec<_>>(), ["Name", "Login"]);
    }
}
