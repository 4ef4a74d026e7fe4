use super::*;
use crate::SystemRandom;
use crate::random::tests::{Broken, Counting};
use proptest::prelude::*;

/// Creates a token from the counting source; the checksum was computed with Python's `zlib.crc32`.
const KNOWN: &str = "grt_pat_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg3ES5NW";

fn make(prefix: &Prefix, kind: TokenKind) -> PlainToken {
    PlainToken::generate(prefix, kind, &SystemRandom).unwrap()
}

fn refusal(text: &str) -> TokenFormatError {
    PlainToken::parse(&Prefix::default(), text).unwrap_err()
}

#[test]
fn a_known_token() {
    let token =
        PlainToken::generate(&Prefix::default(), TokenKind::PersonalAccess, &Counting::from(0)).unwrap();
    assert_eq!(token.expose(), KNOWN);
    assert_eq!(token.hash().to_string(), crate::digest::sha256_hex(KNOWN.as_bytes()));
}

#[test]
fn the_checksum_is_padded_and_big_endian() {
    // The CRC-32 of the empty string is 0; that of "123456789" is 0xCBF43926, the check value of the CRC
    // catalogue.
    assert_eq!(&checksum(""), b"000000");
    let digits = checksum("123456789");
    let value = digits.iter().fold(0_u64, |value, digit| {
        value * 62 + BASE62.iter().position(|letter| letter == digit).unwrap() as u64
    });
    assert_eq!(value, 0xCBF4_3926);
}

#[test]
fn says_what_is_wrong() {
    use TokenFormatError::{Alphabet, Checksum, Kind, Length, Prefix};
    let secret = &KNOWN[8..];
    for (text, error) in [
        (String::new(), Prefix),
        ("eyJhbGciOiJFUzI1NiJ9.e30.AA".to_owned(), Prefix),
        (KNOWN.replace("grt", "ghp"), Prefix),
        (KNOWN.replace("grt", "GRT"), Prefix),
        (format!(" {KNOWN}"), Prefix),
        ("grt_".to_owned(), Kind),
        ("grt_pat".to_owned(), Kind),
        (format!("grt_xyz_{secret}"), Kind),
        (format!("grt__{secret}"), Kind),
        ("grt_pat_".to_owned(), Length { expected: 57, found: 8 }),
        (format!("{KNOWN}0"), Length { expected: 57, found: 58 }),
        (format!("{KNOWN}\n"), Length { expected: 57, found: 58 }),
        (KNOWN.replace("01234", "01-34"), Alphabet),
        (KNOWN.replace("01234", "01_34"), Alphabet),
        (KNOWN.replace("01234", "01é4"), Alphabet),
        (KNOWN.replace("01234", "02134"), Checksum),
        (KNOWN.replace("pat", "sat"), Checksum),
    ] {
        assert_eq!(refusal(&text), error, "{text}");
    }
}

#[test]
fn a_character_of_several_bytes_at_the_checksum_is_refused() {
    // 57 bytes, with a character across the boundary between the secret and the checksum.
    let text = format!("{}é{}", &KNOWN[..50], &KNOWN[52..]);
    assert_eq!(refusal(&text), TokenFormatError::Alphabet);
}

#[test]
fn nothing_shows_the_secret() {
    let token = make(&Prefix::default(), TokenKind::Refresh);
    assert_eq!(format!("{token:?}"), "PlainToken(rft, ..)");
    let wrong = format!("{}!", &token.expose()[..56]);
    let error = refusal(&wrong);
    assert!(!format!("{error} {error:?}").contains(&token.expose()[8..20]));
}

#[test]
fn another_prefix_is_another_server() {
    let other = Prefix::parse("acme2").unwrap();
    let token = make(&other, TokenKind::ServiceAccess);
    assert!(PlainToken::parse(&other, token.expose()).is_ok());
    assert_eq!(refusal(token.expose()), TokenFormatError::Prefix);
}

#[test]
fn a_broken_source_makes_no_token() {
    let made = PlainToken::generate(&Prefix::default(), TokenKind::DeviceCode, &Broken);
    assert_eq!(made.unwrap_err(), RandomError);
}

prop_compose! {
    fn any_token()(prefix in "[a-z0-9]{2,16}", kind in 0..TokenKind::ALL.len()) -> (Prefix, PlainToken) {
        let prefix = Prefix::parse(&prefix).unwrap();
        let token = make(&prefix, TokenKind::ALL[kind]);
        (prefix, token)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn round_trip((prefix, token) in any_token()) {
        let back = PlainToken::parse(&prefix, token.expose()).unwrap();
        prop_assert_eq!(back.expose(), token.expose());
        prop_assert_eq!(back.kind(), token.kind());
        prop_assert_eq!(back.hash(), token.hash());
        prop_assert_eq!(token.expose().len(), prefix.as_str().len() + 5 + 43 + 6);
        let start = format!("{prefix}_{}_", token.kind().tag());
        prop_assert!(token.expose().starts_with(&start));
    }

    #[test]
    fn two_tokens_differ((prefix, token) in any_token()) {
        let other = make(&prefix, token.kind());
        prop_assert_ne!(other.expose(), token.expose());
        prop_assert_ne!(other.hash(), token.hash());
    }

    /// Every position, every other printable character.
    #[test]
    fn a_changed_character_is_refused((prefix, token) in any_token()) {
        for at in 0..token.expose().len() {
            for byte in b' '..=b'~' {
                let mut changed = token.expose().as_bytes().to_vec();
                if changed[at] == byte {
                    continue;
                }
                changed[at] = byte;
                let changed = String::from_utf8(changed).unwrap();
                prop_assert!(PlainToken::parse(&prefix, &changed).is_err(), "{}", changed);
            }
        }
    }

    /// Every pair of different neighbours.
    #[test]
    fn a_swap_of_neighbours_is_refused((prefix, token) in any_token()) {
        for at in 1..token.expose().len() {
            let mut swapped = token.expose().as_bytes().to_vec();
            swapped.swap(at - 1, at);
            if swapped != token.expose().as_bytes() {
                let swapped = String::from_utf8(swapped).unwrap();
                prop_assert!(PlainToken::parse(&prefix, &swapped).is_err(), "{}", swapped);
            }
        }
    }

    #[test]
    fn a_missing_or_doubled_character_is_refused((prefix, token) in any_token(), at in 0_usize..54) {
        let mut shorter = token.expose().to_owned();
        let c = shorter.remove(at);
        prop_assert!(PlainToken::parse(&prefix, &shorter).is_err());
        let mut longer = token.expose().to_owned();
        longer.insert(at, c);
        prop_assert!(PlainToken::parse(&prefix, &longer).is_err());
    }

    #[test]
    fn any_text_gets_an_answer(text in "\\PC{0,80}") {
        let _ = PlainToken::parse(&Prefix::default(), &text);
        let _ = PlainToken::parse(&Prefix::default(), &format!("grt_pat_{text}"));
    }
}
