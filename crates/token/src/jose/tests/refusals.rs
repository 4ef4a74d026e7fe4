//! Tokens and keys that must be refused.

use super::*;
use crate::digest::base64url;

/// Creates a token with any header, with a valid signature of the key.
fn signed(key: usize, header: &str, claims: &str) -> String {
    let message = format!("{}.{}", base64url(header.as_bytes()), base64url(claims.as_bytes()));
    let signature = match key {
        0 => oracle::crypto::sign(message.as_bytes(), &encoding_key(&KEYS[0]), oracle::Algorithm::ES256),
        _ => oracle::crypto::sign(message.as_bytes(), &encoding_key(&KEYS[1]), oracle::Algorithm::RS256),
    };
    format!("{message}.{}", signature.unwrap())
}

fn header(key: usize) -> Value {
    let key = &KEYS[key];
    json!({"alg": key.algorithm().name(), "kid": key.kid(), "typ": "at+jwt"})
}

/// Returns the error for a token with a valid signature whose header differs from a good one in `name`.
fn with(key: usize, name: &str, value: Value) -> Result<VerifiedJws<Value>, JoseError> {
    let mut header = header(key);
    header[name] = value;
    check(&signed(key, &header.to_string(), "{}"))
}

fn without(key: usize, name: &str) -> Result<VerifiedJws<Value>, JoseError> {
    let mut header = header(key);
    header.as_object_mut().unwrap().remove(name);
    check(&signed(key, &header.to_string(), "{}"))
}

#[test]
fn the_helper_makes_good_tokens() {
    for key in [0, 1] {
        assert_eq!(with(key, "extra", json!({})).unwrap().claims, json!({}));
    }
}

#[test]
fn the_algorithm_is_that_of_the_key() {
    for key in [0, 1] {
        for alg in ["none", "None", "HS256", "RS512", "PS256", "ES384", "es256", ""] {
            assert_eq!(with(key, "alg", json!(alg)), Err(JoseError::Algorithm), "{alg}");
        }
        let other = KEYS[1 - key].algorithm().name();
        assert_eq!(with(key, "alg", json!(other)), Err(JoseError::Algorithm));
        assert_eq!(without(key, "alg"), Err(JoseError::Malformed));
        assert_eq!(with(key, "alg", json!(["ES256"])), Err(JoseError::Malformed));
    }
}

#[test]
fn an_unsigned_token_is_refused() {
    let mut none = header(0);
    none["alg"] = json!("none");
    let token = format!("{}.{}.", base64url(none.to_string().as_bytes()), base64url(b"{}"));
    assert_eq!(check(&token), Err(JoseError::Algorithm));
    let empty = format!("{}.{}.", base64url(header(0).to_string().as_bytes()), base64url(b"{}"));
    assert_eq!(check(&empty), Err(JoseError::Signature));
}

#[test]
fn a_public_key_is_no_shared_secret() {
    // Algorithm confusion: HMAC keyed with the published RSA key.
    let mut hs256 = header(1);
    hs256["alg"] = json!("HS256");
    let message = format!("{}.{}", base64url(hs256.to_string().as_bytes()), base64url(b"{}"));
    let secret =
        oracle::EncodingKey::from_secret(KEYS[1].public_jwk()["n"].as_str().unwrap().as_bytes()).unwrap();
    let signature = oracle::crypto::sign(message.as_bytes(), &secret, oracle::Algorithm::HS256).unwrap();
    assert_eq!(check(&format!("{message}.{signature}")), Err(JoseError::Algorithm));
}

#[test]
fn the_key_is_chosen_by_name_from_ours() {
    for key in [0, 1] {
        assert_eq!(without(key, "kid"), Err(JoseError::UnknownKey));
        assert_eq!(with(key, "kid", json!(null)), Err(JoseError::UnknownKey));
        assert_eq!(with(key, "kid", json!("../../keys")), Err(JoseError::UnknownKey));
        assert_eq!(with(key, "kid", json!(7)), Err(JoseError::Malformed));
        assert_eq!(with(key, "kid", json!(KEYS[1 - key].kid())), Err(JoseError::Algorithm));
    }
    // Another key in the header, and a token signed with it.
    let stranger = SigningKey::generate(Algorithm::Es256).unwrap();
    let mut head = header(0);
    head["jwk"] = stranger.public_jwk();
    let message = format!("{}.{}", base64url(head.to_string().as_bytes()), base64url(b"{}"));
    let signature =
        oracle::crypto::sign(message.as_bytes(), &encoding_key(&stranger), oracle::Algorithm::ES256).unwrap();
    assert_eq!(check(&format!("{message}.{signature}")), Err(JoseError::Signature));
}

#[test]
fn critical_extensions_are_refused() {
    for crit in [json!(["b64"]), json!([]), json!(null), json!("exp")] {
        assert_eq!(with(0, "crit", crit), Err(JoseError::Critical));
    }
}

#[test]
fn the_type_must_be_expected() {
    for typ in [json!("JWT"), json!(""), json!("at+jwt "), json!("text/at+jwt"), json!(null)] {
        assert_eq!(with(0, "typ", typ), Err(JoseError::Type));
    }
    assert_eq!(without(0, "typ"), Err(JoseError::Type));
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/at+jwt"] {
        assert_eq!(with(0, "typ", json!(typ)).unwrap().typ, typ);
    }
    let token = signed(0, &header(0).to_string(), "{}");
    assert_eq!(verify::<Value>(&token, &verify_keys(), &[]), Err(JoseError::Type));
    assert!(verify::<Value>(&token, &verify_keys(), &["dpop+jwt", "at+jwt"]).is_ok());
}

#[test]
fn claims_must_be_an_object() {
    let head = header(0).to_string();
    for claims in ["", "[]", "1", "null", "\"a\"", "{", "{} {}", "{\"a\":}"] {
        assert_eq!(check(&signed(0, &head, claims)), Err(JoseError::Claims), "{claims}");
    }
    assert_eq!(check(&signed(0, &head, " {}\n")).unwrap().claims, json!({}));
}

#[test]
fn a_header_is_an_object_that_says_each_thing_once() {
    // In the order of the fields: serde would accept it.
    let array = json!(["ES256", KEYS[0].kid(), "at+jwt", false]).to_string();
    assert_eq!(check(&signed(0, &array, "{}")), Err(JoseError::Malformed));
    let text = header(0).to_string().replace('}', r#","alg":"ES256"}"#);
    assert_eq!(check(&signed(0, &text, "{}")), Err(JoseError::Malformed));
}

#[test]
fn other_encodings_are_malformed() {
    let good = signed(0, &header(0).to_string(), "{}");
    let parts: Vec<&str> = good.split('.').collect();
    let [head, body, signature] = parts[..] else { panic!("three parts") };
    for token in [
        String::new(),
        head.to_owned(),
        format!("{head}.{body}"),
        format!("{good}."),
        format!(".{good}"),
        format!("{good}="),
        format!("{good}\n"),
        format!(" {good}"),
        format!("{head}=.{body}.{signature}"),
        format!("{head}.{body}=.{signature}"),
        format!("{head}.e31.{signature}"),
        format!("{head}.{body}.{signature}.{signature}.{signature}"),
        format!("{}.{body}.{signature}", base64url(b"[]")),
        format!("{}.{body}.{signature}", base64url(b"not json")),
        format!("{head}.{}+.{signature}", &body[..1]),
    ] {
        assert_eq!(check(&token), Err(JoseError::Malformed), "{token}");
    }
}

#[test]
fn the_length_has_a_limit() {
    let head = header(0).to_string();
    let token = |length: usize| signed(0, &head, &format!(r#"{{"a":"{}"}}"#, "x".repeat(length)));
    let overhead = token(0).len();
    // Three bytes become four characters: some length lands just under the limit, and a little more is over
    // it.
    let most = (MAX_TOKEN_LENGTH - overhead) / 4 * 3;
    assert!(token(most).len() <= MAX_TOKEN_LENGTH);
    assert!(check(&token(most)).is_ok());
    assert_eq!(check(&token(most + 6)), Err(JoseError::TooLong));
    assert_eq!(check(&".".repeat(MAX_TOKEN_LENGTH + 1)), Err(JoseError::TooLong));
}

#[test]
fn every_changed_byte_breaks_the_signature() {
    for key in [0, 1] {
        let good = signed(key, &header(key).to_string(), r#"{"sub":"a"}"#);
        let (message, signature) = good.rsplit_once('.').unwrap();
        let signature = digest::from_base64url(signature).unwrap();
        for at in [0, 1, signature.len() / 2, signature.len() - 1] {
            let mut changed = signature.clone();
            changed[at] ^= 1;
            let token = format!("{message}.{}", base64url(&changed));
            assert_eq!(check(&token), Err(JoseError::Signature));
        }
        for cut in
            [&signature[1..], &signature[..signature.len() - 1], &[signature.as_slice(), &[0]].concat()]
        {
            assert_eq!(check(&format!("{message}.{}", base64url(cut))), Err(JoseError::Signature));
        }
        let other = message.replace(&base64url(br#"{"sub":"a"}"#), &base64url(br#"{"sub":"b"}"#));
        assert_eq!(check(&format!("{other}.{}", base64url(&signature))), Err(JoseError::Signature));
    }
}

#[test]
fn a_signature_in_der_is_no_es256_signature() {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
    let pkcs8 = KEYS[0].to_pkcs8().unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &pkcs8).unwrap();
    let message = format!("{}.{}", base64url(header(0).to_string().as_bytes()), base64url(b"{}"));
    let signature = pair.sign(&aws_lc_rs::rand::SystemRandom::new(), message.as_bytes()).unwrap();
    let token = format!("{message}.{}", base64url(signature.as_ref()));
    assert_eq!(check(&token), Err(JoseError::Signature));
}

#[test]
fn bad_keys_are_refused() {
    let [es256, rs256, _] = &*KEYS;
    let changed = |key: &SigningKey, name: &str, value: Value| {
        let mut jwk = key.public_jwk();
        jwk[name] = value;
        PublicJwk::from_json(&jwk).and_then(|key| VerifyKey::new(&key)).map(|key| key.kid().to_owned())
    };
    let zero = base64url(&[0; 32]);
    let small = base64url(&[0xFF; 128]);
    let padded = base64url(&[&[0][..], &[0xFF; 256]].concat());
    for (key, name, value) in [
        (es256, "kty", json!("oct")),
        (es256, "kty", json!("RSA")),
        (es256, "crv", json!("P-384")),
        (es256, "use", json!("enc")),
        (es256, "alg", json!("ES384")),
        (es256, "alg", json!(null)),
        (es256, "x", json!(zero)),
        (es256, "x", json!("AA")),
        (es256, "y", json!(7)),
        (rs256, "n", json!(small)),
        (rs256, "n", json!(padded)),
        (rs256, "n", json!("")),
        (rs256, "e", json!("AQ")),
        (rs256, "e", json!("AQAA")),
        (rs256, "e", json!("AQAB=")),
        (rs256, "alg", json!("ES256")),
    ] {
        assert_eq!(changed(key, name, value.clone()), Err(JoseError::Key), "{name} {value}");
    }
    for jwk in [json!([]), json!({}), json!({"kty": "RSA", "n": padded, "e": "AQAB"})] {
        assert_eq!(PublicJwk::from_json(&jwk), Err(JoseError::Key), "{jwk}");
    }
    assert_eq!(changed(es256, "other", json!(1)).as_deref(), Ok(es256.kid()));
}
