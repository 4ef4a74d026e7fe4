//! A GraphQL request: a document, a zero byte, and the JSON of its variables. Neither parsing, validation nor coercion
//! panics, a refusal has a message, and a repeated reading has the same outcome.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (document, variables) = text.split_once('\0').unwrap_or((text, "{}"));
    let Ok(variables) = serde_json::from_str::<serde_json::Value>(variables) else { return };
    let outcome = graphql::check_document(document, None, variables.clone());
    if let Err(messages) = &outcome {
        assert!(messages.iter().all(|message| !message.is_empty()) && !messages.is_empty(), "{text:?}");
    }
    assert_eq!(graphql::check_document(document, None, variables), outcome, "{text:?}");
});
