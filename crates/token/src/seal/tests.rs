use super::*;
use crate::SystemRandom;
use crate::random::tests::{Broken, Counting};
use data_encoding::HEXLOWER;
use proptest::prelude::*;

const PLACE: &[u8] = b"row 1/Data";

/// The key of the examples in RFC 8452 appendix C.2.
const RFC_KEY: &str = "0100000000000000000000000000000000000000000000000000000000000000";

fn ring() -> Keyring {
    Keyring::generate(&SystemRandom).unwrap()
}

fn seal(ring: &Keyring, plain: &[u8]) -> String {
    ring.seal(plain, PLACE, &SystemRandom).unwrap()
}

#[test]
fn vectors_of_rfc_8452_appendix_c_2() {
    let ring = Keyring::parse(RFC_KEY).unwrap();
    let mut nonce = [0; 12];
    nonce[0] = 3;
    for (plain, aad, result) in [
        ("", "", "07f5f4169bbf55a8400cd47ea6fd400f"),
        ("0100000000000000", "", "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28"),
        ("0200000000000000", "01", "1de22967237a813291213f267e3b452f02d01ae33e4ec854"),
    ] {
        let (plain, aad) =
            (HEXLOWER.decode(plain.as_bytes()).unwrap(), HEXLOWER.decode(aad.as_bytes()).unwrap());
        let sealed = ring.current().seal(nonce, &plain, &aad).unwrap();
        assert_eq!(HEXLOWER.encode(&sealed), format!("030000000000000000000000{result}"));
        assert_eq!(*ring.current().open(sealed, &aad).unwrap(), plain);
    }
}

#[test]
fn the_text_has_version_key_and_body() {
    let ring = Keyring::parse(RFC_KEY).unwrap();
    let id = &crate::digest::sha256_hex(&HEXLOWER.decode(RFC_KEY.as_bytes()).unwrap())[..8];
    let sealed = ring.seal(b"", b"", &Counting::from(0)).unwrap();
    let body = sealed.strip_prefix(&format!("v1.{id}.")).unwrap();
    // The nonce comes from the random source.
    assert_eq!(digest::from_base64url(body).unwrap()[..12], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    assert_eq!(key_id_of(&sealed).unwrap().to_string(), id);
}

#[test]
fn opens_only_in_its_place() {
    let ring = ring();
    let sealed = seal(&ring, b"secret");
    assert_eq!(ring.open(&sealed, PLACE).unwrap().as_slice(), b"secret");
    for other in [&b""[..], b"row 2/Data", b"row 1/Dat"] {
        assert_eq!(ring.open(&sealed, other), Err(SealError::Refused));
    }
}

#[test]
fn a_key_that_is_missing_is_named() {
    let (ring, other) = (ring(), ring());
    let error = ring.open(&seal(&other, b"secret"), PLACE).unwrap_err();
    assert_eq!(error, SealError::UnknownKey(other.current().id()));
    assert!(error.to_string().contains(&other.current().id().to_string()));
}

#[test]
fn other_text_is_malformed() {
    let ring = ring();
    let sealed = seal(&ring, b"");
    let id = ring.current().id();
    let upper = sealed.replacen("v1", "V1", 1);
    let padded = format!("{sealed}=");
    let short = &sealed[..sealed.len() - 4];
    let empty = format!("v1.{id}.");
    for text in ["", "v1", "v1.", "v1..", "v1.0123456.AA", "v1.0123456G.AA", "v2.01234567.AA", &upper] {
        assert_eq!(key_id_of(text), Err(SealError::Malformed), "{text}");
        assert_eq!(ring.open(text, PLACE), Err(SealError::Malformed), "{text}");
        assert!(!ring.is_current(text));
    }
    for text in [&padded, short, &empty] {
        assert_eq!(ring.open(text, PLACE), Err(SealError::Malformed), "{text}");
    }
}

#[test]
fn an_older_key_still_opens() {
    let mut ring = ring();
    let sealed = seal(&ring, b"secret");
    let old = ring.current().id();
    assert!(ring.is_current(&sealed));
    ring.rotate(&SystemRandom).unwrap();
    assert!(!ring.is_current(&sealed));
    assert_eq!(ring.open(&sealed, PLACE).unwrap().as_slice(), b"secret");
    let again = seal(&ring, b"secret");
    assert!(ring.is_current(&again));
    assert_ne!(key_id_of(&again), Ok(old));

    let back = Keyring::parse(&ring.to_text()).unwrap();
    assert_eq!(format!("{back:?}"), format!("{ring:?}"));
    assert_eq!(back.open(&sealed, PLACE).unwrap().as_slice(), b"secret");
    assert_eq!(back.open(&again, PLACE).unwrap().as_slice(), b"secret");
}

#[test]
fn what_an_older_key_authenticated_stays_authentic() {
    let mut ring = ring();
    let code = ring.authenticate("forms", b"a form");
    ring.rotate(&SystemRandom).unwrap();
    assert_ne!(ring.authenticate("forms", b"a form"), code);
    assert!(ring.is_authentic("forms", b"a form", &code));
    assert!(!ring.is_authentic("links", b"a form", &code) && !ring.is_authentic("forms", b"another", &code));
    assert!(
        !ring.is_authentic("forms", b"a form", &code[1..]) && !ring.is_authentic("forms", b"a form", &[])
    );
    let without = Keyring::generate(&SystemRandom).unwrap();
    assert!(!without.is_authentic("forms", b"a form", &code), "its key is gone");
}

#[test]
fn the_newest_key_is_in_front() {
    let mut ring = ring();
    let first = ring.current().id();
    ring.rotate(&SystemRandom).unwrap();
    let second = ring.current().id();
    ring.rotate(&SystemRandom).unwrap();
    let ids: Vec<KeyId> = ring.keys().map(SealKey::id).collect();
    assert_eq!(ids[1..], [second, first]);
    assert_eq!(ring.to_text().lines().count(), 3);
}

#[test]
fn a_key_file_may_have_comments() {
    let other = "AB".repeat(32);
    let text = format!("# made by hand\r\n\r\n  {RFC_KEY}  \n# the old one\n{other}\n");
    let ring = Keyring::parse(&text).unwrap();
    assert_eq!(ring.to_text().as_str(), format!("{RFC_KEY}\n{}\n", other.to_lowercase()));
}

#[test]
fn a_bad_key_file_names_the_line() {
    let text = |second: &str| format!("# keys\n{RFC_KEY}\n{second}");
    let id = Keyring::parse(RFC_KEY).unwrap().current().id();
    for (text, error) in [
        (String::new(), KeyringError::Empty),
        ("\n# nothing\n".to_owned(), KeyringError::Empty),
        (text(&RFC_KEY[1..]), KeyringError::Line { line: 3 }),
        (text(&RFC_KEY.replace("01", "0x")), KeyringError::Line { line: 3 }),
        (text(&format!("{RFC_KEY} # mine")), KeyringError::Line { line: 3 }),
        (text(&"é".repeat(32)), KeyringError::Line { line: 3 }),
        (text(RFC_KEY), KeyringError::Twice { line: 3, id }),
    ] {
        assert_eq!(Keyring::parse(&text).unwrap_err(), error);
    }
}

#[test]
fn without_randomness_nothing_happens() {
    let mut ring = ring();
    let before = ring.to_text();
    assert_eq!(Keyring::generate(&Broken).unwrap_err(), KeyringError::Random(RandomError));
    assert_eq!(ring.rotate(&Broken).unwrap_err(), KeyringError::Random(RandomError));
    assert_eq!(ring.seal(b"", PLACE, &Broken), Err(SealError::Random(RandomError)));
    assert_eq!(ring.to_text(), before);
}

#[test]
fn debug_shows_ids_only() {
    let ring = Keyring::parse(RFC_KEY).unwrap();
    let id = ring.current().id();
    assert_eq!(format!("{ring:?}"), format!("Keyring {{ current: {id}, older: [] }}"));
    assert_eq!(format!("{:?}", ring.current()), format!("SealKey({id})"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn round_trip(plain in proptest::collection::vec(any::<u8>(), 0..300), aad in ".{0,40}") {
        let ring = ring();
        let sealed = ring.seal(&plain, aad.as_bytes(), &SystemRandom).unwrap();
        let opened = ring.open(&sealed, aad.as_bytes()).unwrap();
        prop_assert_eq!(opened.as_slice(), plain.as_slice());
    }

    #[test]
    fn a_changed_bit_is_refused(plain in ".{0,60}", at in any::<prop::sample::Index>(), bit in 0_u32..8) {
        let ring = ring();
        let sealed = seal(&ring, plain.as_bytes());
        let (head, body) = sealed.split_at(12);
        let mut bytes = digest::from_base64url(body).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        let changed = format!("{head}{}", digest::base64url(&bytes));
        prop_assert_eq!(ring.open(&changed, PLACE), Err(SealError::Refused));
    }
}
