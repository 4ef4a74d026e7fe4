//! As much of HTML as our own templates use: the tags of a page with their attributes.

use std::collections::BTreeMap;

/// A start tag or an end tag.
#[derive(Debug)]
pub(super) struct Tag {
    /// The name in small letters; of an end tag with its slash, such as `/form`.
    pub(super) name: String,
    /// The attributes with their values, unescaped; empty for one without a value.
    pub(super) attributes: BTreeMap<String, String>,
    /// The text that follows it up to the next tag, unescaped.
    pub(super) text: String,
}

impl Tag {
    /// The value of an attribute, if the tag has it.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// The tags of a page in order. Panics on what a template must not write: an unclosed tag, an attribute without
/// quotes, the same attribute twice.
pub(super) fn tags(page: &str) -> Vec<Tag> {
    let mut pieces = page.split('<');
    assert_eq!(pieces.next().unwrap().trim(), "", "text before the first tag");
    pieces.filter(|piece| !piece.starts_with('!')).map(tag).collect()
}

fn tag(piece: &str) -> Tag {
    let end = end_of_tag(piece).unwrap_or_else(|| panic!("unclosed tag: <{piece}"));
    let (inside, text) = (&piece[..end], &piece[end + 1..]);
    let (name, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let attributes = attributes(rest);
    Tag { name: name.to_ascii_lowercase(), attributes, text: unescaped(text) }
}

/// Where the first `>` outside of quotes is.
fn end_of_tag(piece: &str) -> Option<usize> {
    let mut quoted = false;
    piece.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == '>' && !quoted).then_some(at)
    })
}

fn attributes(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        let (value, tail) = match tail.strip_prefix("=\"") {
            Some(tail) => tail.split_once('"').unwrap_or_else(|| panic!("unclosed quotes: {text}")),
            None => ("", tail),
        };
        assert!(!tail.starts_with('='), "an attribute without quotes: {text}");
        assert!(found.insert(name.to_owned(), unescaped(value)).is_none(), "{name} twice: {text}");
        rest = tail.trim_start();
    }
    found
}

fn unescaped(text: &str) -> String {
    text.replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
}

#[test]
fn reads_tags_attributes_and_text() {
    let read = tags("<!doctype html>\n<p class=\"a > b\" hidden>x &#60; y</p>\n");
    assert_eq!(read.len(), 2);
    assert_eq!(
        (read[0].name.as_str(), read[0].get("class"), read[0].get("hidden")),
        ("p", Some("a > b"), Some(""))
    );
    assert_eq!((read[0].text.as_str(), read[1].name.as_str()), ("x < y", "/p"));
}
