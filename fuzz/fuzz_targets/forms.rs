//! Forms and queries: the parser does not panic, and the parsed value survives encoding and parsing again.

#![no_main]

use input::{Params, form};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let Ok(pairs) = form::pairs(text) else { return };
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let again: Vec<_> = pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    assert_eq!(form::pairs(again.join("&").as_bytes()).expect("what is written is read"), pairs);
    if let Ok(params) = Params::new(pairs.clone()) {
        assert_eq!(params.iter().count(), pairs.len());
    }
});
