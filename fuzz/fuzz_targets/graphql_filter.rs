//! The JSON of a GraphQL filter: the reader does not panic, accepts objects only, and accepts nothing that the schema
//! refuses.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;

const DOCUMENT: &str = "query($filter: UserFilter) { users(filter: $filter) { totalCount } }";

fuzz_target!(|text: &str| {
    let Ok(filter) = serde_json::from_str::<serde_json::Value>(text) else { return };
    if graphql::check_filter("User", filter.clone()).is_ok() {
        assert!(filter.is_object(), "{text:?}");
        let sent = graphql::check_document(DOCUMENT, None, json!({ "filter": filter }));
        assert!(sent.is_ok(), "{text:?}: {sent:?}");
    }
});
