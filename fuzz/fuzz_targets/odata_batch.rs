//! Batches and bodies: the readers do not panic, and a batch that is read has no identifier twice.

#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use odata::batch::{Entry, MAX_REQUESTS, read_json, read_multipart};
use odata::body::BodyReader;

fn check(entries: &[Entry]) {
    let requests: Vec<_> = entries.iter().flat_map(Entry::requests).collect();
    assert!(requests.len() <= MAX_REQUESTS);
    let ids: Vec<_> = requests.iter().filter_map(|request| request.id.as_deref()).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(entries) = read_multipart("b", bytes) {
        check(&entries);
    }
    let Ok(members) = input::json::object(bytes) else { return };
    if let Ok(entries) = read_json(&members) {
        check(&entries);
    }
    let reader = BodyReader { root: "https://example.org/", named: &[] };
    for entity in model::entities() {
        let body = reader.row(entity, None, &members);
        let read = body.given.values.len() + body.given.children.len() + body.versions.len();
        assert!(read <= members.len(), "a member is read once");
        for method in entity.actions {
            let _ = odata::body::parameters(method, &members);
        }
    }
});
