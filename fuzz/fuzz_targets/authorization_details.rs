//! Authorization details (RFC 9396): the parser does not panic, and the parsed value is the JSON that was
//! sent.

#![no_main]

use input::AuthorizationDetails;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(details) = AuthorizationDetails::parse(text) {
        assert!(!details.is_empty(), "{text:?}");
        let said: serde_json::Value = serde_json::from_str(text).expect("what is read is JSON");
        assert_eq!(serde_json::to_value(&details).expect("details are JSON"), said);
        assert_eq!(details.shown().len(), said.as_array().map_or(0, Vec::len));
    }
});
