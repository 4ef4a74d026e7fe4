//! Passkey data from a browser: the parser does not panic, an accepted key is usable, and a truncated one is
//! refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use token::digest;
use token::passkey::{Ceremony, PasskeyError};

const RP: &str = "id.example.org";
const CREATE: &[u8] = br#"{"type":"webauthn.create","challenge":"eA","origin":"https://id.example.org"}"#;
const GET: &[u8] = br#"{"type":"webauthn.get","challenge":"eA","origin":"https://id.example.org"}"#;

fuzz_target!(|data: &[u8]| {
    let ceremony = Ceremony { challenge: "eA", rp_id: RP, is_own_origin: &|origin| origin == "https://id.example.org" };
    // As it is; with the right domain; and with everything before the key.
    let domain = digest::sha256(RP.as_bytes());
    let _ = ceremony.register(data, data);
    let _ = ceremony.register(CREATE, &[&domain[..], data].concat());
    let before = [&domain[..], &[0x45, 0, 0, 0, 1], &[0; 16], &[0, 1, 7]].concat();
    let whole = [&before[..], data].concat();
    if let Ok(made) = ceremony.register(CREATE, &whole) {
        assert_eq!((made.credential_id.as_str(), made.sign_count), ("Bw", 1));
        assert!(ceremony.register(CREATE, &whole[..whole.len() - 1]).is_err(), "cut short");
        let signed = [&domain[..], &[5, 0, 0, 0, 2]].concat();
        assert_eq!(ceremony.verify(&made.public_key, GET, &signed, b"x"), Err(PasskeyError::Signature));
    }
});
