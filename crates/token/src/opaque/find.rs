//! Search for tokens in any text, by prefix and checksum.

use std::ops::Range;

use super::{CHECKSUM_LENGTH, PlainToken, Prefix, SECRET_LENGTH, TokenKind, length};

/// Finds the tokens in a text, with their positions. Candidates with a wrong checksum are skipped.
///
/// ```
/// use token::opaque::find_tokens;
/// use token::{PlainToken, Prefix, SystemRandom, TokenKind};
///
/// let prefix = Prefix::default();
/// let token = PlainToken::generate(&prefix, TokenKind::ServiceAccess, &SystemRandom).unwrap();
/// let text = format!("TOKEN={}", token.expose());
/// let found: Vec<_> = find_tokens(&prefix, text.as_bytes()).map(|(position, _)| position).collect();
/// assert_eq!(found, [6..text.len()]);
/// ```
pub fn find_tokens<'a>(
    prefix: &'a Prefix,
    text: &'a [u8],
) -> impl Iterator<Item = (Range<usize>, PlainToken)> + 'a {
    let first = prefix.as_str().as_bytes()[0];
    let length = length(prefix);
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += text.get(at..)?.iter().position(|byte| *byte == first)?;
            let place = at..at.checked_add(length)?;
            // No token fits into the remaining bytes.
            let candidate = std::str::from_utf8(text.get(place.clone())?);
            match candidate.ok().and_then(|text| PlainToken::parse(prefix, text).ok()) {
                Some(token) => {
                    at = place.end;
                    return Some((place, token));
                }
                None => at += 1,
            }
        }
    })
}

/// Replaces the tokens in a text by their prefix, kind and first characters, by which their owner can
/// recognise them.
pub fn redact_tokens(prefix: &Prefix, text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut behind = 0;
    for (place, token) in find_tokens(prefix, text.as_bytes()) {
        clean.push_str(text.get(behind..place.start).unwrap_or_default());
        clean.push_str(&token.redacted(prefix));
        behind = place.end;
    }
    clean.push_str(text.get(behind..).unwrap_or_default());
    clean
}

/// Number of characters of the secret part that a redacted token shows.
const SHOWN: usize = 4;

impl PlainToken {
    /// Returns the redacted token: prefix, kind and a few characters.
    #[must_use]
    pub fn redacted(&self, prefix: &Prefix) -> String {
        let head = prefix.as_str().len() + "_pat_".len() + SHOWN;
        format!("{}…", self.text.get(..head).unwrap_or_default())
    }
}

/// Returns a portable regular expression for the tokens of an installation. It does not check the checksum.
///
/// ```
/// use token::{Prefix, opaque::token_pattern};
///
/// let pattern = token_pattern(&Prefix::parse("acme").unwrap());
/// assert_eq!(pattern, r"\bacme_(?:pat|sat|rat|rft|dvc|arq|cod)_[0-9A-Za-z]{49}\b");
/// ```
#[must_use]
pub fn token_pattern(prefix: &Prefix) -> String {
    let tags = TokenKind::ALL.map(TokenKind::tag).join("|");
    format!(r"\b{prefix}_(?:{tags})_[0-9A-Za-z]{{{}}}\b", SECRET_LENGTH + CHECKSUM_LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRandom;

    fn make(kind: TokenKind) -> PlainToken {
        PlainToken::generate(&Prefix::default(), kind, &SystemRandom).unwrap()
    }

    #[test]
    fn tokens_are_found_at_any_position() {
        let prefix = Prefix::default();
        for kind in TokenKind::ALL {
            let (token, next) = (make(kind), make(kind));
            let (one, two) = (token.expose(), next.expose());
            for (before, between, after) in
                [("", " ", ""), ("TOKEN=\"", "", "\""), ("ggrt_grt_", "g", "rt_pat"), ("grt_pat_é", "x", "é")]
            {
                let text = format!("{before}{one}{between}{two}{after}");
                let found: Vec<_> = find_tokens(&prefix, text.as_bytes()).collect();
                assert_eq!(found.len(), 2, "{text}");
                assert_eq!((found[0].1.expose(), found[1].1.expose()), (one, two));
                assert_eq!(&text[found[1].0.clone()], two);
                let redacted = redact_tokens(&prefix, &text);
                assert!(redacted.starts_with(before) && redacted.ends_with(after), "{redacted}");
                assert!(
                    !redacted.contains(one)
                        && redacted.contains(&one[..12])
                        && !redacted.contains(&one[..13])
                );
            }
        }
    }

    #[test]
    fn other_texts_are_not_found() {
        let prefix = Prefix::default();
        let token = make(TokenKind::PersonalAccess);
        let text = token.expose();
        let last = if text.ends_with('0') { "1" } else { "0" };
        let mistyped = format!("{}{last}", &text[..text.len() - 1]);
        let other = Prefix::parse("abc").unwrap();
        for none in [
            "",
            "grt",
            "grt_pat_",
            &text[..text.len() - 1],
            &text[1..],
            mistyped.as_str(),
            &text.to_uppercase(),
        ] {
            assert_eq!(find_tokens(&prefix, none.as_bytes()).count(), 0, "{none}");
            assert_eq!(redact_tokens(&prefix, none), none);
        }
        assert_eq!(find_tokens(&other, text.as_bytes()).count(), 0);
        assert_eq!(find_tokens(&prefix, &[b'g', 0xff, b'g', b'r']).count(), 0);
        assert_eq!(find_tokens(&prefix, &b"grt_pat_\xff".repeat(100)).count(), 0);
    }

    #[test]
    fn the_pattern_is_plain() {
        assert_eq!(
            token_pattern(&Prefix::default()),
            r"\bgrt_(?:pat|sat|rat|rft|dvc|arq|cod)_[0-9A-Za-z]{49}\b"
        );
    }
}
