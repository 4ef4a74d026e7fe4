//! Text as HTML shows it.

/// Text as HTML shows it, in elements and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A text whose long names may be broken where a word begins in them.
pub(super) fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut follows_lower = false;
    for c in text.chars() {
        if follows_lower && c.is_uppercase() {
            out.push_str("<wbr>");
        }
        follows_lower = c.is_lowercase();
        out.push_str(&escape(c.encode_utf8(&mut [0; 4])));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_broken_where_words_begin() {
        assert_eq!(breakable("APIAccessTokenEdge"), "APIAccess<wbr>Token<wbr>Edge");
        assert_eq!(breakable("HTTP endpoints & more"), "HTTP endpoints &amp; more");
    }
}
