//! Verification of passkey responses (Web Authentication Level 3, sections 7.1 and 7.2).
//!
//! Attestation is not requested (`attestation: "none"`), so that any authenticator may be used. User
//! verification by the authenticator, with a fingerprint or a PIN, is always required.

mod cose;

use serde::Deserialize;

use crate::digest;
use cose::CoseKey;

/// The parameters of a registration or authentication ceremony.
pub struct Ceremony<'a> {
    /// Challenge that was issued, in base64url.
    pub challenge: &'a str,
    /// Domain of the passkey (relying party ID).
    pub rp_id: &'a str,
    /// Predicate for the origins whose pages may use the passkey.
    pub is_own_origin: &'a (dyn Fn(&str) -> bool + Sync),
}

/// A new passkey.
#[derive(Debug, PartialEq, Eq)]
pub struct NewPasskey {
    /// Credential ID that the authenticator assigned, in base64url.
    pub credential_id: String,
    /// Public key as a COSE key (RFC 9052, section 7), in base64url.
    pub public_key: String,
    /// Signature counter; 0 if the authenticator does not count.
    pub sign_count: u32,
}

/// A passkey response is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// The response is malformed.
    #[error("the passkey response is malformed")]
    Malformed,
    /// The response belongs to another challenge or page.
    #[error("the passkey response belongs to another request")]
    OtherCeremony,
    /// The authenticator did not verify its user.
    #[error("the device did not verify its user")]
    NotVerified,
    /// The key type or algorithm is not supported.
    #[error("the key type of the passkey is not supported")]
    Key,
    /// The signature is not the passkey's.
    #[error("the signature of the passkey is wrong")]
    Signature,
}

/// Maximum length of a credential ID in bytes (section 4, "credential ID").
const MAX_ID: usize = 1023;

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const HAS_KEY: u8 = 0x40;
const HAS_EXTENSIONS: u8 = 0x80;

/// `CollectedClientData` (section 5.8.1).
#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

impl Ceremony<'_> {
    /// Verifies the response to a registration (section 7.1).
    ///
    /// # Errors
    /// [`PasskeyError`].
    pub fn register(
        &self,
        client_data: &[u8],
        authenticator_data: &[u8],
    ) -> Result<NewPasskey, PasskeyError> {
        self.check_client_data(client_data, "webauthn.create")?;
        let (flags, sign_count, rest) = self.check_authenticator_data(authenticator_data)?;
        if flags & HAS_KEY == 0 {
            return Err(PasskeyError::Malformed);
        }
        // Section 6.5.1: the AAGUID of the authenticator model, the length of the credential ID, the
        // credential ID and the key.
        let rest = rest.get(16..).ok_or(PasskeyError::Malformed)?;
        let (length, rest) = rest.split_first_chunk().ok_or(PasskeyError::Malformed)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 || length > MAX_ID {
            return Err(PasskeyError::Malformed);
        }
        let (id, key) = rest.split_at_checked(length).ok_or(PasskeyError::Malformed)?;
        let behind = CoseKey::read(key)?.1;
        if behind < key.len() && flags & HAS_EXTENSIONS == 0 {
            return Err(PasskeyError::Malformed);
        }
        Ok(NewPasskey {
            credential_id: digest::base64url(id),
            public_key: digest::base64url(&key[..behind]),
            sign_count,
        })
    }

    /// Verifies the response to an authentication (section 7.2). Returns the signature counter.
    ///
    /// # Errors
    /// [`PasskeyError`].
    pub fn verify(
        &self,
        public_key: &str,
        client_data: &[u8],
        authenticator_data: &[u8],
        signature: &[u8],
    ) -> Result<u32, PasskeyError> {
        self.check_client_data(client_data, "webauthn.get")?;
        let (_, sign_count, _) = self.check_authenticator_data(authenticator_data)?;
        let key = digest::from_base64url(public_key).ok_or(PasskeyError::Key)?;
        let signed = [authenticator_data, &digest::sha256(client_data)].concat();
        let key = CoseKey::read(&key)?.0.parsed()?;
        key.verify_sig(&signed, signature).map_err(|_| PasskeyError::Signature)?;
        Ok(sign_count)
    }

    fn check_client_data(&self, client_data: &[u8], kind: &str) -> Result<(), PasskeyError> {
        let data: ClientData = serde_json::from_slice(client_data).map_err(|_| PasskeyError::Malformed)?;
        let fits = data.kind == kind
            && digest::same(data.challenge.as_bytes(), self.challenge.as_bytes())
            && (self.is_own_origin)(&data.origin)
            && !data.cross_origin;
        if fits { Ok(()) } else { Err(PasskeyError::OtherCeremony) }
    }

    /// Returns the flags, the signature counter and the remaining bytes (section 6.1).
    fn check_authenticator_data<'d>(&self, data: &'d [u8]) -> Result<(u8, u32, &'d [u8]), PasskeyError> {
        let (domain, rest) = data.split_first_chunk::<32>().ok_or(PasskeyError::Malformed)?;
        let (flags, rest) = rest.split_first().ok_or(PasskeyError::Malformed)?;
        let (count, rest) = rest.split_first_chunk::<4>().ok_or(PasskeyError::Malformed)?;
        if !digest::same(domain, &digest::sha256(self.rp_id.as_bytes())) {
            return Err(PasskeyError::OtherCeremony);
        }
        if flags & USER_PRESENT == 0 || flags & USER_VERIFIED == 0 {
            return Err(PasskeyError::NotVerified);
        }
        Ok((*flags, u32::from_be_bytes(*count), rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

    const RP: &str = "id.example.org";

    fn ceremony() -> Ceremony<'static> {
        Ceremony {
            challenge: "Y2hhbGxlbmdl",
            rp_id: RP,
            is_own_origin: &|origin| origin == "https://id.example.org",
        }
    }

    fn client_data(kind: &str, challenge: &str, origin: &str) -> Vec<u8> {
        format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","other":1}}"#).into_bytes()
    }

    fn authenticator_data(rp: &str, flags: u8, more: &[u8]) -> Vec<u8> {
        [&digest::sha256(rp.as_bytes())[..], &[flags, 0, 0, 0, 7], more].concat()
    }

    fn cose(key: &EcdsaKeyPair) -> Vec<u8> {
        let point = key.public_key().as_ref();
        [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], &point[1..33], &[0x22, 0x58, 32], &point[33..]]
            .concat()
    }

    #[test]
    fn a_passkey_is_made_and_used() {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let data = [&[0; 16][..], &[0, 3, 1, 2, 3], &cose(&key)].concat();
        let create = client_data("webauthn.create", "Y2hhbGxlbmdl", "https://id.example.org");
        let made = ceremony().register(&create, &authenticator_data(RP, 0x45, &data)).unwrap();
        assert_eq!((made.credential_id.as_str(), made.sign_count), ("AQID", 7));

        let get = client_data("webauthn.get", "Y2hhbGxlbmdl", "https://id.example.org");
        let sign = |auth: &[u8], client: &[u8]| {
            let signed = [auth, &digest::sha256(client)].concat();
            key.sign(&SystemRandom::new(), &signed).unwrap().as_ref().to_vec()
        };
        let auth = authenticator_data(RP, 5, &[]);
        assert_eq!(ceremony().verify(&made.public_key, &get, &auth, &sign(&auth, &get)), Ok(7));
        let refused = |client: &[u8], auth: &[u8]| {
            ceremony().verify(&made.public_key, client, auth, &sign(auth, client)).unwrap_err()
        };
        for (challenge, origin) in
            [("b3RoZXI", "https://id.example.org"), ("Y2hhbGxlbmdl", "https://evil.example")]
        {
            assert_eq!(
                refused(&client_data("webauthn.get", challenge, origin), &auth),
                PasskeyError::OtherCeremony
            );
        }
        assert_eq!(refused(&create, &auth), PasskeyError::OtherCeremony);
        assert_eq!(refused(&get, &authenticator_data("evil.example", 5, &[])), PasskeyError::OtherCeremony);
        for flags in [0, 1, 4] {
            assert_eq!(refused(&get, &authenticator_data(RP, flags, &[])), PasskeyError::NotVerified);
        }
        assert_eq!(refused(b"{}", &auth), PasskeyError::Malformed);
        let other = authenticator_data(RP, 0x15, &[]);
        let error = ceremony().verify(&made.public_key, &get, &other, &sign(&auth, &get)).unwrap_err();
        assert_eq!(error, PasskeyError::Signature);
    }

    #[test]
    fn truncated_and_unknown_responses_are_refused() {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let data = [&[0; 16][..], &[0, 3, 1, 2, 3], &cose(&key)].concat();
        let create = client_data("webauthn.create", "Y2hhbGxlbmdl", "https://id.example.org");
        let whole = authenticator_data(RP, 0x45, &data);
        for length in 0..whole.len() {
            assert!(ceremony().register(&create, &whole[..length]).is_err(), "{length}");
        }
        assert!(
            ceremony().register(&create, &[&whole[..], &[0xa0]].concat()).is_err(),
            "more than there should be"
        );
        for (at, byte) in [(37 + 21 + 2, 3), (37 + 21 + 4, 0x27), (37 + 21 + 6, 2), (37 + 21, 0xbf)] {
            let mut strange = whole.clone();
            strange[at] = byte;
            assert!(ceremony().register(&create, &strange).is_err(), "{at}");
        }
    }
}
