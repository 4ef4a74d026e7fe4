//! Descriptions, as declarations have them: text with names in backquotes.

use crate::page::{Inline, code, text};

/// A description as one paragraph.
pub(crate) fn prose(description: &str) -> Vec<Inline> {
    paragraphs(description)
        .into_iter()
        .flat_map(|paragraph| [text(" ")].into_iter().chain(paragraph))
        .skip(1)
        .collect()
}

/// Returns the paragraphs of a description. Text between backquotes is code; white space is collapsed.
pub(crate) fn paragraphs(description: &str) -> Vec<Vec<Inline>> {
    description.split("\n\n").map(inlines).filter(|paragraph| !paragraph.is_empty()).collect()
}

fn inlines(paragraph: &str) -> Vec<Inline> {
    let paragraph = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found = Vec::new();
    let mut rest = paragraph.as_str();
    while let Some((before, name, after)) = quoted(rest) {
        push_text(&mut found, before);
        found.push(code(name));
        rest = after;
    }
    push_text(&mut found, rest);
    found
}

/// Returns the first name in backquotes, with the text before and after it.
fn quoted(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (name, after) = rest.split_once('`')?;
    (!name.is_empty()).then_some((before, name, after))
}

fn push_text(found: &mut Vec<Inline>, piece: &str) {
    if !piece.is_empty() {
        found.push(text(piece));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_between_backquotes() {
        assert_eq!(
            paragraphs("needs\n `read`,\n\nor `"),
            [vec![text("needs "), code("read"), text(",")], vec![text("or `")]]
        );
        assert_eq!(prose("a\n\nb"), [text("a"), text(" "), text("b")]);
        assert_eq!(prose(""), []);
    }
}
