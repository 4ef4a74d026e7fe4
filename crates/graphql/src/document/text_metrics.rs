//! How deep brackets nest in a document's text, and of how many tokens it consists. The parser calls itself at every
//! bracket, so this is known before.

use std::ops::Range;

/// What is known of a text without parsing it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TextMetrics {
    /// The deepest nesting of `{`, `[` and `(`, outside of strings and comments.
    pub(super) deepest: u64,
    /// The number of lexical tokens (GraphQL, section 2.1.6).
    pub(super) tokens: u64,
    /// The strings outside of all brackets: descriptions, where the text is right.
    pub(super) top_level_strings: Vec<Range<usize>>,
}

/// Looks at a text.
pub(super) fn measure(text: &str) -> TextMetrics {
    let (mut rest, mut open, mut metrics, mut in_word) =
        (text.as_bytes(), 0_u64, TextMetrics::default(), false);
    while let Some((byte, after)) = rest.split_first() {
        let is_word = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'.');
        let is_ignored = byte.is_ascii_whitespace() || matches!(byte, b',' | b'#' | 0xef | 0xbb | 0xbf);
        if !(is_ignored || is_word && in_word) {
            metrics.tokens += 1;
        }
        in_word = is_word;
        let before = rest;
        rest = match byte {
            b'"' => after_string(rest),
            b'#' => after_line(after),
            _ => after,
        };
        match byte {
            b'"' if open == 0 => {
                metrics.top_level_strings.push(text.len() - before.len()..text.len() - rest.len());
            }
            b'{' | b'[' | b'(' => {
                open += 1;
                metrics.deepest = metrics.deepest.max(open);
            }
            b'}' | b']' | b')' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    metrics
}

fn after_line(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| is_line_end(*byte)).unwrap_or(text.len());
    text.get(end..).unwrap_or_default()
}

const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

const QUOTES: &[u8] = b"\"\"\"";

/// What follows the string at the beginning of a text. Like the parser, this takes three quotes that nothing ends
/// for an empty string; a line that ends within a string ends what the parser reads.
fn after_string(text: &[u8]) -> &[u8] {
    if let Some(after) = text.strip_prefix(QUOTES).and_then(after_block) {
        return after;
    }
    let mut rest = text.get(1..).unwrap_or_default();
    while let Some((byte, after)) = rest.split_first() {
        rest = match byte {
            b'"' => return after,
            b'\\' => after.get(1..).unwrap_or_default(),
            byte if is_line_end(*byte) => return after,
            _ => after,
        };
    }
    rest
}

fn after_block(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(b"\\\"\"\"") {
            rest = after;
        } else if let Some(after) = rest.strip_prefix(QUOTES) {
            return Some(after);
        } else {
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{TextMetrics, measure};

    #[test]
    fn counts_brackets_but_not_those_in_strings_and_comments() {
        for (text, expected) in [
            ("", 0),
            ("{ a { b(c: [1]) } d }", 4),
            ("{ a(b: \"{{{\") }", 2),
            ("{ a(b: \"\\\"{{{\") }", 2),
            ("{ a(b: \"\"\" {{{ \\\"\"\" {{{ \"\"\") }", 2),
            ("# {{{\n{ a }", 1),
            ("# {{{\r{ a }", 1),
            ("{ a(b: \"\") { c } }", 2),
            ("}}} {{", 2),
            // Two empty strings, as the parser reads it: nothing ends a block.
            ("{ a(b: [\"\"\"\" {{{", 6),
            ("\"\n{{{", 3),
        ] {
            assert_eq!(measure(text).deepest, expected, "{text}");
        }
    }
    #[test]
    fn counts_tokens() {
        for (text, tokens) in [
            ("", 0),
            ("{ a }", 3),
            ("query($a: [Int!]) { b(c: \"d e\", f: -1.5e3) ...g } # h i", 22),
            ("{a,b,,c}", 5),
            ("\u{feff}{a}", 3),
        ] {
            assert_eq!(measure(text), TextMetrics { tokens, ..measure(text) }, "{text}");
        }
    }

    #[test]
    fn finds_strings_outside_of_brackets() {
        let text = "\"a { b\" query { c(d: \"e\") } \"\"\" f \"\"\"";
        let found: Vec<_> = measure(text).top_level_strings.into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["\"a { b\"", "\"\"\" f \"\"\""]);
    }
}
