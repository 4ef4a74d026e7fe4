//! Page tokens hold what was put into them, and nothing else is accepted.

use model::{Timestamp, Uuid, Value};
use odata::skiptoken::{Position, decode_token, encode, next_link, scope};
use odata::{OdataError, QueryOptions};
use proptest::collection::vec;
use proptest::prelude::*;

/// A stand-in for HMAC (FNV-1a): every part depends on every byte and its place, which is what the tests need.
fn mac(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    for (lane, part) in (0_u64..).zip(hash.chunks_exact_mut(8)) {
        let start = 0xcbf2_9ce4_8422_2325 ^ lane;
        let state =
            bytes.iter().fold(start, |state, byte| (state ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3));
        part.copy_from_slice(&state.to_be_bytes());
    }
    hash
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<i64>().prop_map(|micros| Value::Time(Timestamp::from_micros(micros))),
        any::<u128>().prop_map(|bits| Value::Guid(Uuid::from_u128(bits))),
        "\\PC{0,20}".prop_map(Value::Text),
    ]
}

fn position(asked: i64, after: Vec<Value>) -> Position {
    Position { asked: Timestamp::from_micros(asked), after }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_token_gives_back_its_values(asked in any::<i64>(), values in vec(value(), 1..5)) {
        let position = position(asked, values);
        let token = encode(&position, "scope", &mac);
        prop_assert_eq!(decode_token(&token, "scope", &mac), Ok(position));
    }

    #[test]
    fn a_changed_token_is_refused(values in vec(value(), 1..4), at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_-]") {
        let token = encode(&position(7, values), "scope", &mac);
        let at = at.index(token.len());
        let mut changed = token.clone();
        changed.replace_range(at..=at, &to);
        prop_assume!(changed != token);
        prop_assert_eq!(decode_token(&changed, "scope", &mac), Err(OdataError::BadPageToken));
        prop_assert_eq!(decode_token(&token[..at], "scope", &mac), Err(OdataError::BadPageToken));
    }

    #[test]
    fn no_text_is_a_token(text in "\\PC{0,80}") {
        prop_assert_eq!(decode_token(&text, "scope", &mac), Err(OdataError::BadPageToken));
    }
}

fn scope_of(query: &str) -> String {
    scope("Systems_Security_Users", &QueryOptions::parse(query).unwrap_or_default().query)
}

#[test]
fn a_token_belongs_to_its_query() {
    let token = encode(&position(7, vec![Value::Null]), &scope_of("$filter=Active&$orderby=Name"), &mac);
    let decoded = |query: &str| decode_token(&token, &scope_of(query), &mac);
    assert_eq!(decoded("orderby=Name&$top=7&filter=(Active)"), Ok(position(7, vec![Value::Null])));
    for other in [
        "$filter=Active",
        "$orderby=Name",
        "$filter=Active&$orderby=Name desc",
        "$filter=Active&$orderby=Name&$select=Name",
        "$filter=Active&$orderby=Name&$compute=1 as One",
        "$filter=Active&$orderby=Name&$apply=filter(Active)",
    ] {
        assert_eq!(decoded(other), Err(OdataError::BadPageToken), "{other}");
    }
    let elsewhere = scope(
        "Systems_Security_AccessTokens",
        &QueryOptions::parse("$filter=Active&$orderby=Name").unwrap_or_default().query,
    );
    assert_eq!(decode_token(&token, &elsewhere, &mac), Err(OdataError::BadPageToken));
    let error = OdataError::BadPageToken;
    assert_eq!(
        (error.kind().status(), error.code(), error.target()),
        (400, "BadPageToken", Some("$skiptoken"))
    );
}

#[test]
fn the_link_to_the_next_page_keeps_the_other_options() {
    let link = |query| next_link("http://h/odata/", "Systems_Security_Users", query, "abc");
    assert_eq!(link(""), "http://h/odata/Systems_Security_Users?$skiptoken=abc");
    assert_eq!(
        link("$filter=Name%20eq%20'a%26b'&SKIP=5&$top=2&%24skiptoken=old&x"),
        "http://h/odata/Systems_Security_Users?$filter=Name%20eq%20'a%26b'&$top=2&x=&$skiptoken=abc"
    );
}
