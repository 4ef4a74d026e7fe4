//! Client metadata (RFC 7591): the parser does not panic, and stored metadata is read back unchanged.

#![no_main]

use input::{ClientCertificates, ClientMetadata, json};
use libfuzzer_sys::fuzz_target;
use model::entities::ClientType;

fuzz_target!(|text: &[u8]| {
    let Ok(members) = json::object(text) else { return };
    for client_type in [ClientType::Confidential, ClientType::Public] {
        let Ok(read) = ClientMetadata::register(&members, client_type, ClientCertificates::Checked) else { continue };
        let kept = read.to_text().expect("metadata are JSON");
        assert_eq!(ClientMetadata::stored(kept.as_deref()).expect("what is kept is read"), read);
        let all = serde_json::to_value(&read).expect("metadata are JSON");
        for (name, said) in members.iter().filter(|(_, said)| !said.is_null()) {
            let same = all.get(name).is_none_or(|read| std::mem::discriminant(read) == std::mem::discriminant(said));
            assert!(same, "{name} in {members:?}");
        }
    }
});
