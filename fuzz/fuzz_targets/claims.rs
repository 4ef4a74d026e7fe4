//! The parameter `claims` (OpenID Connect Core, section 5.5): the parser does not panic, and every parsed
//! claim is in the text.

#![no_main]

use input::ClaimsRequest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(request) = ClaimsRequest::parse(text) {
        let read: serde_json::Value = serde_json::from_str(text).expect("what is read is JSON");
        for (place, names) in [("userinfo", &request.userinfo), ("id_token", &request.id_token)] {
            let asked = read.get(place).and_then(|claims| claims.as_object());
            let asked = asked.map_or(0, |claims| claims.keys().filter(|name| names.contains(*name)).count());
            assert_eq!(asked, names.len(), "{text:?}");
        }
        assert!(request.subjects.is_none_or(|subjects| !subjects.is_empty()), "{text:?}");
    }
});
