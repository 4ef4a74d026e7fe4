use super::*;
use crate::digest::base64url;
use crate::jose::{Algorithm, SigningKey};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use serde_json::{Value, json};

const NOW: i64 = 1_700_000_000;
const URL: &str = "https://server.example.com/token";

fn expected(access_token: Option<&str>) -> Expected<'_> {
    Expected { method: "POST", url: URL, access_token, now: NOW }
}

fn header(key: &SigningKey) -> Value {
    json!({"typ": "dpop+jwt", "alg": key.algorithm().name(), "jwk": key.public_jwk()})
}

fn claims() -> Value {
    json!({"jti": "-BwC3ESc6acc2lTc", "htm": "POST", "htu": URL, "iat": NOW})
}

/// Creates a proof with the given header and claims and a valid signature.
fn signed(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let message =
        format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(claims.to_string().as_bytes()));
    let pkcs8 = key.to_pkcs8().unwrap();
    let signature = match key.algorithm() {
        Algorithm::EdDsa => {
            Ed25519KeyPair::from_pkcs8(&pkcs8).unwrap().sign(message.as_bytes()).as_ref().to_vec()
        }
        _ => {
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8).unwrap();
            let random = aws_lc_rs::rand::SystemRandom::new();
            pair.sign(&random, message.as_bytes()).unwrap().as_ref().to_vec()
        }
    };
    format!("{message}.{}", base64url(&signature))
}

fn with(of: &Value, name: &str, value: Value) -> Value {
    let mut changed = of.clone();
    changed[name] = value;
    changed
}

fn without(of: &Value, name: &str) -> Value {
    let mut changed = of.clone();
    changed.as_object_mut().unwrap().remove(name);
    changed
}

#[test]
fn a_right_proof_gives_key_and_identifier() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa] {
        let key = SigningKey::generate(algorithm).unwrap();
        let proof = verify(&signed(&key, &header(&key), &claims()), &expected(None)).unwrap();
        assert_eq!(proof.thumbprint, key.kid());
        assert_eq!(
            (proof.id.as_str(), proof.nonce, proof.expires),
            ("-BwC3ESc6acc2lTc", None, NOW + MAX_AGE)
        );
    }
}

#[test]
fn the_proof_of_rfc_9449_section_4_1() {
    let proof = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
    let at = |now| Expected { now, ..expected(None) };
    let verified = verify(proof, &at(1_562_262_616)).unwrap();
    // Section 6.1.
    assert_eq!(verified.thumbprint, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    assert_eq!(
        verify(proof, &at(1_562_262_616 + MAX_AGE)).map(|proof| proof.id).as_deref(),
        Ok("-BwC3ESc6acc2lTc")
    );
    assert_eq!(verify(proof, &at(1_562_262_617 + MAX_AGE)), Err(ProofError::Time));
    assert_eq!(verify(proof, &at(1_562_262_616 - MAX_AHEAD - 1)), Err(ProofError::Time));
}

#[test]
fn the_header_is_checked() {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let other = SigningKey::generate(Algorithm::Es256).unwrap();
    let check = |header: &Value| verify(&signed(&key, header, &claims()), &expected(None));
    let good = header(&key);
    for (header, error) in [
        (with(&good, "typ", json!("JWT")), JoseError::Type),
        (without(&good, "typ"), JoseError::Type),
        (with(&good, "alg", json!("none")), JoseError::Algorithm),
        (with(&good, "alg", json!("HS256")), JoseError::Algorithm),
        (with(&good, "alg", json!("ES384")), JoseError::Algorithm),
        (with(&good, "alg", json!("RS256")), JoseError::Algorithm),
        (with(&good, "jwk", other.public_jwk()), JoseError::Signature),
        (without(&good, "jwk"), JoseError::Key),
        (with(&good, "jwk", json!({"kty": "oct", "k": "AAAA"})), JoseError::Key),
        (with(&good, "jwk", with(&key.public_jwk(), "d", json!("AAAA"))), JoseError::Key),
        (with(&good, "crit", json!(["exp"])), JoseError::Critical),
    ] {
        assert_eq!(check(&header), Err(ProofError::Token(error)), "{header}");
    }
}

#[test]
fn the_claims_are_checked() {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let check = |claims: &Value, expected: &Expected<'_>| {
        verify(&signed(&key, &header(&key), claims), expected).map(|proof| proof.id)
    };
    let good = claims();
    for (claims, error) in [
        (with(&good, "htm", json!("GET")), ProofError::OtherRequest),
        (with(&good, "htm", json!("post")), ProofError::OtherRequest),
        (with(&good, "htu", json!("https://server.example.com/other")), ProofError::OtherRequest),
        (with(&good, "htu", json!("http://server.example.com/token")), ProofError::OtherRequest),
        (with(&good, "htu", json!("https://evil.example.com/token")), ProofError::OtherRequest),
        (with(&good, "htu", json!("")), ProofError::OtherRequest),
        (with(&good, "iat", json!(NOW - MAX_AGE - 1)), ProofError::Time),
        (with(&good, "iat", json!(NOW + MAX_AHEAD + 1)), ProofError::Time),
        (with(&good, "iat", json!(-1)), ProofError::Token(JoseError::Claims)),
        (with(&good, "iat", json!(1e300)), ProofError::Token(JoseError::Claims)),
        (with(&good, "jti", json!("")), ProofError::Identifier),
        (with(&good, "jti", json!("x".repeat(LONGEST + 1))), ProofError::Identifier),
        (with(&good, "nonce", json!("x".repeat(LONGEST + 1))), ProofError::Identifier),
        (with(&good, "iat", json!("now")), ProofError::Token(JoseError::Claims)),
        (without(&good, "jti"), ProofError::Token(JoseError::Claims)),
        (without(&good, "htm"), ProofError::Token(JoseError::Claims)),
        (without(&good, "htu"), ProofError::Token(JoseError::Claims)),
        (without(&good, "iat"), ProofError::Token(JoseError::Claims)),
    ] {
        assert_eq!(check(&claims, &expected(None)), Err(error), "{claims}");
    }
    assert!(
        check(&with(&good, "htu", json!("https://SERVER.example.com:443/token?x#y")), &expected(None))
            .is_ok()
    );
    assert!(check(&with(&good, "iat", json!(1_700_000_000.5)), &expected(None)).is_ok());
    let token = expected(Some("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"));
    // RFC 9449 section 7.1.
    let ath = json!("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    assert!(check(&with(&good, "ath", ath), &token).is_ok());
    assert_eq!(check(&good, &token), Err(ProofError::OtherToken));
    assert_eq!(check(&with(&good, "ath", json!("other")), &token), Err(ProofError::OtherToken));
}

#[test]
fn every_changed_part_is_refused() {
    let key = SigningKey::generate(Algorithm::EdDsa).unwrap();
    let proof = signed(&key, &header(&key), &claims());
    for at in (0..proof.len()).filter(|at| at % 7 == 0) {
        let mut bytes = proof.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(changed == proof || verify(&changed, &expected(None)).is_err(), "{at}");
    }
}
