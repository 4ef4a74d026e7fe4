//! Descriptions of operations and fragments (GraphQL, September 2025, section 2.3), which the parser does not know.

use std::ops::Range;

use apollo_compiler::ast;

/// The keywords that a description can precede. A query without a keyword has no description.
const KEYWORDS: [&str; 4] = ["query", "mutation", "subscription", "fragment"];

/// Returns a text of the same length in which descriptions are blank: positions stay what they were.
pub(super) fn blanked(text: &str, strings: &[Range<usize>]) -> String {
    let descriptions: Vec<_> = strings.iter().filter(|string| describes(text, string)).collect();
    if descriptions.is_empty() {
        return text.to_owned();
    }
    let is_described = |at: usize| descriptions.iter().any(|range| range.contains(&at));
    let blank = |at: usize, letter: char| match letter {
        '\n' | '\r' => letter.to_string(),
        _ if is_described(at) => " ".repeat(letter.len_utf8()),
        _ => letter.to_string(),
    };
    text.char_indices().map(|(at, letter)| blank(at, letter)).collect()
}

/// Returns whether a string is valid and precedes a definition.
fn describes(text: &str, string: &Range<usize>) -> bool {
    let (Some(own), Some(after)) = (text.get(string.clone()), text.get(string.end..)) else { return false };
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let after = after_ignored(after);
    let end = after.find(|letter| !is_word(letter)).unwrap_or(after.len());
    let is_before_definition = after.get(..end).is_some_and(|word| KEYWORDS.contains(&word));
    is_before_definition && ast::Document::parse(format!("{{a(b:{own})}}"), "description").is_ok()
}

/// Skips white space, commas and comments (GraphQL, section 2.1.7).
fn after_ignored(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches([' ', '\t', '\n', '\r', ',', '\u{feff}']);
        match text.strip_prefix('#') {
            Some(comment) => text = comment.trim_start_matches(|letter| letter != '\n' && letter != '\r'),
            None => return text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::text_metrics::measure;

    #[test]
    fn descriptions_become_blank_and_nothing_else_moves() {
        for (text, expected) in [
            ("\"a\" query { b }", "    query { b }"),
            ("\"\"\"\né\n\"\"\"\nquery { b }", "   \n  \n   \nquery { b }"),
            ("\"a\" # b\nfragment c on D { e }", "    # b\nfragment c on D { e }"),
            ("\"a\" { b }", "\"a\" { b }"),
            ("\"a\" queries { b }", "\"a\" queries { b }"),
            ("\"\\q\" query { b }", "\"\\q\" query { b }"),
            ("query { b(c: \"d\") }", "query { b(c: \"d\") }"),
        ] {
            assert_eq!(blanked(text, &measure(text).top_level_strings), expected, "{text}");
        }
    }
}
