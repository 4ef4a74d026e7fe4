//! Page tokens round-trip, and other texts are rejected.

use model::query::DeltaState;
use model::{Timestamp, Uuid, Value};
use odata::skiptoken::{
    Position, decode_mark, decode_token, delta_link, encode, encode_mark, next_link, scope, without_delta,
};
use odata::{OdataError, QueryOptions};
use proptest::collection::vec;
use proptest::prelude::*;

/// A substitute for HMAC (FNV-1a): every part depends on every byte and its position, as the tests require.
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

fn mark() -> impl Strategy<Value = DeltaState> {
    let known = vec((any::<u128>().prop_map(Uuid::from_u128), any::<i64>()), 0..4);
    (any::<i64>(), known)
        .prop_map(|(micros, known)| DeltaState { since: Timestamp::from_micros(micros), known })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tokens_round_trip(values in vec(value(), 1..5)) {
        let token = encode(&values, "scope", &mac);
        prop_assert_eq!(decode_token(&token, "scope", &mac), Ok(values));
    }

    #[test]
    fn positions_round_trip_with_their_mark(asked in any::<i64>(), after in vec(value(), 0..4), left in proptest::option::of(0..=i64::MAX.unsigned_abs()), mark in proptest::option::of(mark())) {
        let position = Position { asked: Timestamp::from_micros(asked), after, left, mark };
        let token = position.encode("scope", &mac);
        prop_assert_eq!(Position::decode(&token, "scope", &mac), Ok(position));
        prop_assert_eq!(decode_mark(&token, "scope", &mac), Err(OdataError::BadDeltaToken));
    }

    #[test]
    fn delta_tokens_belong_to_their_query(mark in mark()) {
        let token = encode_mark(&mark, "scope", &mac);
        prop_assert_eq!(decode_mark(&token, "scope", &mac), Ok(mark));
        prop_assert_eq!(decode_mark(&token, "another", &mac), Err(OdataError::BadDeltaToken));
        prop_assert_eq!(Position::decode(&token, "scope", &mac), Err(OdataError::BadPageToken));
    }

    #[test]
    fn modified_tokens_are_rejected(values in vec(value(), 1..4), at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_-]") {
        let token = encode(&values, "scope", &mac);
        let at = at.index(token.len());
        let mut changed = token.clone();
        changed.replace_range(at..=at, &to);
        prop_assume!(changed != token);
        prop_assert_eq!(decode_token(&changed, "scope", &mac), Err(OdataError::BadPageToken));
        prop_assert_eq!(decode_token(&token[..at], "scope", &mac), Err(OdataError::BadPageToken));
    }

    #[test]
    fn arbitrary_texts_are_not_tokens(text in "\\PC{0,80}") {
        prop_assert_eq!(decode_token(&text, "scope", &mac), Err(OdataError::BadPageToken));
    }
}

fn scope_of(query: &str) -> String {
    scope("Systems_Security_Users", &QueryOptions::parse(query).unwrap_or_default().query)
}

#[test]
fn page_tokens_belong_to_their_query() {
    let token = encode(&[Value::Null], &scope_of("$filter=Active&$orderby=Name"), &mac);
    let decoded = |query: &str| decode_token(&token, &scope_of(query), &mac);
    assert_eq!(decoded("orderby=Name&$top=7&filter=(Active)"), Ok(vec![Value::Null]));
    for other in [
        "$filter=Active",
        "$orderby=Name",
        "$filter=Active&$orderby=Name desc",
        "$filter=Active&$orderby=Name&$select=Name",
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
        (400, "BAD_PAGE_TOKEN", Some("$skiptoken"))
    );
}

#[test]
fn next_links_keep_the_other_options() {
    let link = |query| next_link("http://h/odata/", "Systems_Security_Users", query, "abc");
    assert_eq!(link(""), "http://h/odata/Systems_Security_Users?$skiptoken=abc");
    assert_eq!(
        link("$filter=Name%20eq%20'a%26b'&SKIP=5&$top=2&%24skiptoken=old&x"),
        "http://h/odata/Systems_Security_Users?$filter=Name%20eq%20'a%26b'&$top=2&x=&$skiptoken=abc"
    );
}

#[test]
fn delta_links_keep_the_options_that_select_rows() {
    let query = "$filter=Active&$count=true&$skip=5&$top=2&$skiptoken=a&$deltatoken=b";
    let link = delta_link("http://h/odata/", "Systems_Security_Users", query, "abc");
    assert_eq!(link, "http://h/odata/Systems_Security_Users?$filter=Active&$top=2&$deltatoken=abc");
    let again =
        without_delta("http://h/odata/", "Systems_Security_Users", "$top=2&$deltatoken=abc&$skiptoken=x");
    assert_eq!(again, "http://h/odata/Systems_Security_Users?$top=2");
    let bare = without_delta("http://h/odata/", "Systems_Security_Users", "$deltatoken=abc");
    assert_eq!(bare, "http://h/odata/Systems_Security_Users");
}
