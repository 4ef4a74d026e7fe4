//! Encodes queries that were typed in a shell for a URL.

/// Percent-encodes characters that a URL cannot contain, and separators inside a quoted
/// literal (RFC 3986 section 2.1, OData URL conventions section 2). Encoded bytes stay as they are.
pub(crate) fn target(typed: &str) -> String {
    let typed = typed.trim();
    // A lone apostrophe (`$search=don't`) opens no literal.
    let quotes_pair = typed.bytes().filter(|byte| *byte == b'\'').count().is_multiple_of(2);
    let mut encoder = Encoder { quotes_pair, quoted: false, in_query: false, out: String::new() };
    let mut rest = typed;
    while let Some(c) = rest.chars().next() {
        let length = if is_escape(rest) { 3 } else { c.len_utf8() };
        encoder.push(&rest[..length]);
        rest = &rest[length..];
    }
    encoder.out
}

/// Returns whether the text starts with a percent-encoded byte.
fn is_escape(text: &str) -> bool {
    matches!(text.as_bytes(), [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

struct Encoder {
    quotes_pair: bool,
    quoted: bool,
    in_query: bool,
    out: String,
}

impl Encoder {
    /// Consumes one character, or one percent-encoded byte.
    fn push(&mut self, piece: &str) {
        match piece {
            "'" => self.quoted = self.quotes_pair && !self.quoted,
            "?" if !self.quoted => self.in_query = true,
            "\n" | "\r" | "\t" if !self.quoted => return self.out.push_str("%20"),
            _ => {}
        }
        if piece.len() == 3 && piece.starts_with('%') || self.stays(piece) {
            self.out.push_str(piece);
        } else {
            for byte in piece.bytes() {
                self.out.push_str(percent_encoding::percent_encode_byte(byte));
            }
        }
    }

    fn stays(&self, piece: &str) -> bool {
        let [byte] = piece.as_bytes() else { return false };
        match byte {
            b'&' => !self.quoted,
            b'/' | b'?' => !self.quoted || self.in_query,
            // `+` would be decoded as a blank, `#` would end the query.
            b'-' | b'.' | b'_' | b'~' | b'$' | b'(' | b')' | b'*' | b',' | b';' | b':' | b'@' | b'!'
            | b'=' | b'\'' => true,
            byte => byte.is_ascii_alphanumeric(),
        }
    }
}

/// Returns whether a shell replaced the `$` names of the options as variables, as in `"Set?$top=5"`.
pub(crate) fn lost_its_options(typed: &str) -> bool {
    typed.contains("?=") || typed.contains("&=")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_url_holds_stays() {
        for typed in
            ["Systems_Security_AccessTokens?$top=5", "A(1)?$select=Id,Name&$expand=User($select=Login)"]
        {
            assert_eq!(target(typed), typed);
        }
    }

    #[test]
    fn blanks_and_foreign_letters_are_encoded() {
        assert_eq!(target("A?$filter=Name eq 'Zoë'"), "A?$filter=Name%20eq%20'Zo%C3%AB'");
        assert_eq!(target(" A?$filter=X eq 1\n\tand Y eq 2\n"), "A?$filter=X%20eq%201%20%20and%20Y%20eq%202");
        assert_eq!(target(r#"A?$search="a b"|<c>"#), "A?$search=%22a%20b%22%7C%3Cc%3E");
    }

    #[test]
    fn what_is_encoded_already_is_not_encoded_again() {
        let encoded = target("A?$filter=Name eq 'a b' and Date ge 2026-01-01T00:00:00+02:00");
        assert_eq!(target(&encoded), encoded);
        assert_eq!(target("A?$filter=Name%20eq%20'x'"), "A?$filter=Name%20eq%20'x'");
        assert_eq!(target("A?$filter=Name eq '100%'"), "A?$filter=Name%20eq%20'100%25'");
    }

    #[test]
    fn separators_within_a_literal_are_data() {
        assert_eq!(
            target("A?$filter=Name eq 'a&b''c&d'&$top=1"),
            "A?$filter=Name%20eq%20'a%26b''c%26d'&$top=1"
        );
        assert_eq!(target("A?$filter=Name eq 'a?/b#c+d'"), "A?$filter=Name%20eq%20'a?/b%23c%2Bd'");
        assert_eq!(target("A('a/b?c')/Name?$top=1"), "A('a%2Fb%3Fc')/Name?$top=1");
    }

    #[test]
    fn a_lone_apostrophe_opens_no_literal() {
        assert_eq!(target("A?$search=don't&$top=1"), "A?$search=don't&$top=1");
    }

    #[test]
    fn options_that_the_shell_took_are_noticed() {
        assert!(lost_its_options("A?=5") && lost_its_options("A?$top=1&=2"));
        assert!(!lost_its_options("A?$top=5&$skip=1"));
    }
}
