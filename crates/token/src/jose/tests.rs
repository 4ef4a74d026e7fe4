use super::*;
use crate::digest;
use jsonwebtoken as oracle;
use serde_json::{Value, json};
use std::sync::LazyLock;

mod foreign;
mod refusals;
mod vectors;

/// One key of each algorithm for all tests, because generating RSA keys is slow.
static KEYS: LazyLock<[SigningKey; 3]> =
    LazyLock::new(|| Algorithm::OWN.map(|alg| SigningKey::generate(alg).unwrap()));

fn verify_keys() -> Vec<VerifyKey> {
    KEYS.iter().map(|key| key.verify_key().clone()).collect()
}

fn claims() -> Value {
    json!({"iss": "https://example.com/id", "sub": "é", "exp": 4_102_444_800_u64, "aud": ["a", "b"]})
}

fn check(token: &str) -> Result<VerifiedJws<Value>, JoseError> {
    verify(token, &verify_keys(), &["at+jwt"])
}

#[test]
fn thumbprint_of_rfc_7638_section_3_1() {
    let jwk = json!({
        "kty": "RSA",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        "e": "AQAB",
        "alg": "RS256",
        "kid": "2011-04-29"
    });
    let key = PublicJwk::from_json(&jwk).unwrap();
    assert_eq!(key.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assert_eq!(VerifyKey::new(&key).unwrap().kid(), key.thumbprint());
}

#[test]
fn signature_of_rfc_7515_appendix_a_3() {
    let jwk = json!({
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    });
    let key = VerifyKey::new(&PublicJwk::from_json(&jwk).unwrap()).unwrap();
    let message = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = digest::from_base64url(
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    )
    .unwrap();
    assert_eq!(key.verify(message.as_bytes(), &signature), Ok(()));
    assert_eq!(key.verify(message.to_uppercase().as_bytes(), &signature), Err(JoseError::Signature));
}

#[test]
fn what_we_sign_we_verify() {
    for key in KEYS.iter() {
        let jws = check(&key.sign("at+jwt", &claims()).unwrap()).unwrap();
        assert_eq!(
            jws,
            VerifiedJws { kid: key.kid().to_owned(), typ: "at+jwt".to_owned(), claims: claims() }
        );
    }
}

#[test]
fn what_we_sign_the_oracle_verifies() {
    for key in KEYS.iter() {
        let token = key.sign("at+jwt", &claims()).unwrap();
        let jwk: oracle::jwk::Jwk = serde_json::from_value(key.public_jwk()).unwrap();
        let alg = key.algorithm().name().parse().unwrap();
        let mut validation = oracle::Validation::new(alg);
        validation.set_audience(&["a"]);
        let decoding = oracle::DecodingKey::from_jwk(&jwk).unwrap();
        let data = oracle::decode::<Value>(&token, &decoding, &validation).unwrap();
        assert_eq!(data.claims, claims());
        assert_eq!(data.header.typ.as_deref(), Some("at+jwt"));
        assert_eq!(data.header.kid.as_deref(), Some(key.kid()));
        assert_eq!(jwk.thumbprint(oracle::jwk::ThumbprintHash::SHA256).unwrap(), key.kid());
    }
}

#[test]
fn what_the_oracle_signs_we_verify() {
    for key in KEYS.iter() {
        let mut header = oracle::Header::new(key.algorithm().name().parse().unwrap());
        header.typ = Some("application/AT+JWT".to_owned());
        header.kid = Some(key.kid().to_owned());
        // A key in the header is ignored.
        header.jku = Some("https://evil.example/jwks".to_owned());
        let token = oracle::encode(&header, &claims(), &encoding_key(key)).unwrap();
        assert_eq!(check(&token).unwrap().claims, claims());
    }
}

/// The oracle takes PKCS#8 for EC and PKCS#1 (with which the PKCS#8 form of RSA ends) for RSA.
fn encoding_key(key: &SigningKey) -> oracle::EncodingKey {
    let pkcs8 = key.to_pkcs8().unwrap();
    match key.algorithm() {
        Algorithm::Es256 => oracle::EncodingKey::from_ec_der(&pkcs8),
        Algorithm::Rs256 => oracle::EncodingKey::from_rsa_der(&pkcs8[26..]),
        _ => oracle::EncodingKey::from_ed_der(&pkcs8),
    }
}

#[test]
fn a_stored_key_is_the_same_key() {
    for key in KEYS.iter() {
        let back = SigningKey::from_pkcs8(key.algorithm(), &key.to_pkcs8().unwrap()).unwrap();
        assert_eq!(back.kid(), key.kid());
        assert_eq!(back.public_jwk(), key.public_jwk());
        assert!(check(&back.sign("at+jwt", &claims()).unwrap()).is_ok());
    }
    let [es256, rs256, ed25519] = &*KEYS;
    for (alg, bytes) in [
        (Algorithm::Rs256, es256.to_pkcs8().unwrap().to_vec()),
        (Algorithm::Es256, rs256.to_pkcs8().unwrap().to_vec()),
        (Algorithm::Es256, Vec::new()),
        (Algorithm::Rs256, b"not a key".to_vec()),
        (Algorithm::Es256, ed25519.to_pkcs8().unwrap().to_vec()),
        (Algorithm::EdDsa, es256.to_pkcs8().unwrap().to_vec()),
    ] {
        assert_eq!(SigningKey::from_pkcs8(alg, &bytes).unwrap_err(), JoseError::Key);
    }
}

#[test]
fn the_public_jwk_has_no_private_member() {
    let members =
        |key: &SigningKey| -> Vec<String> { key.public_jwk().as_object().unwrap().keys().cloned().collect() };
    let sorted = |mut names: Vec<String>| {
        names.sort_unstable();
        names.join(" ")
    };
    let [es256, rs256, ed25519] = &*KEYS;
    assert_eq!(sorted(members(es256)), "alg crv kid kty use x y");
    assert_eq!(sorted(members(rs256)), "alg e kid kty n use");
    assert_eq!(sorted(members(ed25519)), "alg crv kid kty use x");
    assert_eq!(es256.public_jwk()["kid"], es256.kid());
    assert_eq!(rs256.public_jwk()["use"], "sig");
    assert_eq!(rs256.public_jwk()["e"], "AQAB");
}

#[test]
fn a_public_jwk_comes_back() {
    for key in KEYS.iter() {
        let public = PublicJwk::from_json(&key.public_jwk()).unwrap();
        assert_eq!(public.to_json(), key.public_jwk());
        let named = [VerifyKey::new(&public).unwrap().with_kid("mine")];
        let token = key.sign("at+jwt", &claims()).unwrap();
        assert_eq!(verify::<Value>(&token, &named, &["at+jwt"]), Err(JoseError::UnknownKey));
    }
}

#[test]
fn only_objects_are_signed() {
    for claims in [json!([]), json!("text"), json!(null), json!(1)] {
        assert_eq!(KEYS[0].sign("JWT", &claims), Err(JoseError::Claims));
    }
}

#[test]
fn debug_names_the_key_only() {
    let key = &KEYS[0];
    assert_eq!(format!("{key:?}"), format!("SigningKey(ES256, {})", key.kid()));
    assert_eq!(format!("{:?}", key.verify_key()), format!("VerifyKey(ES256, {})", key.kid()));
}

#[test]
fn algorithms_have_names() {
    assert_eq!("ES256".parse(), Ok(Algorithm::Es256));
    assert_eq!(Algorithm::Rs256.to_string(), "RS256");
    for refused in ["none", "HS256", "es256", "ES256K", ""] {
        assert_eq!(refused.parse::<Algorithm>(), Err(JoseError::Algorithm));
    }
}
