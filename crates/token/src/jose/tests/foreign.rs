//! Tokens of other parties: keys of all types, selected by name or as the only one that fits.

use super::*;
use crate::digest::base64url;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature as crypto;
use aws_lc_rs::signature::KeyPair;

/// A key of another party, and its signature with each algorithm.
struct Stranger {
    jwk: Value,
    sign: Box<Sign>,
}

type Sign = dyn Fn(Algorithm, &[u8]) -> Vec<u8> + Send + Sync;

fn ec(crv: &str, alg: &'static crypto::EcdsaSigningAlgorithm, length: usize) -> Stranger {
    let pair = crypto::EcdsaKeyPair::generate(alg).unwrap();
    let point = pair.public_key().as_ref()[1..].to_vec();
    let (x, y) = point.split_at(length);
    let jwk = json!({"kty": "EC", "crv": crv, "x": base64url(x), "y": base64url(y)});
    let sign = move |_, message: &[u8]| pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec();
    Stranger { jwk, sign: Box::new(sign) }
}

fn rsa() -> Stranger {
    let pair = crypto::RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let _: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let (n, e) = (pair.public_key().modulus(), pair.public_key().exponent());
    let number = |bytes: &[u8]| base64url(bytes);
    let jwk = json!({
        "kty": "RSA",
        "n": number(n.big_endian_without_leading_zero()),
        "e": number(e.big_endian_without_leading_zero()),
    });
    let sign = move |alg, message: &[u8]| {
        let padding: &'static dyn crypto::RsaEncoding = match alg {
            Algorithm::Rs256 => &crypto::RSA_PKCS1_SHA256,
            Algorithm::Rs384 => &crypto::RSA_PKCS1_SHA384,
            Algorithm::Rs512 => &crypto::RSA_PKCS1_SHA512,
            Algorithm::Ps256 => &crypto::RSA_PSS_SHA256,
            Algorithm::Ps384 => &crypto::RSA_PSS_SHA384,
            _ => &crypto::RSA_PSS_SHA512,
        };
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(padding, &SystemRandom::new(), message, &mut signature).unwrap();
        signature
    };
    Stranger { jwk, sign: Box::new(sign) }
}

fn ed25519() -> Stranger {
    let pair = crypto::Ed25519KeyPair::generate().unwrap();
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(pair.public_key().as_ref())});
    Stranger { jwk, sign: Box::new(move |_, message| pair.sign(message).as_ref().to_vec()) }
}

/// One key of each type.
static STRANGERS: LazyLock<[Stranger; 5]> = LazyLock::new(|| {
    [
        rsa(),
        ec("P-256", &crypto::ECDSA_P256_SHA256_FIXED_SIGNING, 32),
        ec("P-384", &crypto::ECDSA_P384_SHA384_FIXED_SIGNING, 48),
        ec("P-521", &crypto::ECDSA_P521_SHA512_FIXED_SIGNING, 66),
        ed25519(),
    ]
});

fn stranger(alg: Algorithm) -> &'static Stranger {
    let fits = |stranger: &&Stranger| PublicJwk::from_json(&stranger.jwk).unwrap().fits(alg);
    STRANGERS.iter().find(fits).unwrap()
}

fn token(alg: Algorithm, header: &Value) -> String {
    let message = format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(br#"{"sub":"a"}"#));
    let signature = (stranger(alg).sign)(alg, message.as_bytes());
    format!("{message}.{}", base64url(&signature))
}

fn set(keys: &[Value]) -> JwkSet {
    JwkSet::from_json(&json!({ "keys": keys })).unwrap()
}

fn all() -> JwkSet {
    set(&STRANGERS.iter().map(|stranger| stranger.jwk.clone()).collect::<Vec<_>>())
}

fn check(token: &str, keys: &JwkSet) -> Result<Value, JoseError> {
    verify_foreign(token, keys, &Algorithm::ALL, &["JWT", ""]).map(|jws| jws.claims)
}

#[test]
fn every_algorithm_is_verified_and_by_the_oracle_too() {
    for alg in Algorithm::ALL {
        let token = token(alg, &json!({"alg": alg.name()}));
        assert_eq!(check(&token, &all()), Ok(json!({"sub": "a"})), "{alg}");
        assert_eq!(verify_foreign::<Value>(&token, &all(), &[], &[""]), Err(JoseError::Algorithm));
        // The oracle does not support P-521.
        if alg != Algorithm::Es512 {
            let jwk: oracle::jwk::Jwk = serde_json::from_value(stranger(alg).jwk.clone()).unwrap();
            let mut validation = oracle::Validation::new(alg.name().parse().unwrap());
            validation.required_spec_claims.clear();
            let key = oracle::DecodingKey::from_jwk(&jwk).unwrap();
            assert!(oracle::decode::<Value>(&token, &key, &validation).is_ok(), "{alg}");
            let ours = PublicJwk::from_json(&stranger(alg).jwk).unwrap().thumbprint();
            assert_eq!(jwk.thumbprint(oracle::jwk::ThumbprintHash::SHA256).unwrap(), ours);
        }
    }
}

#[test]
fn a_signature_is_valid_for_one_algorithm_only() {
    for alg in Algorithm::ALL {
        for other in Algorithm::ALL.into_iter().filter(|other| *other != alg) {
            let claimed = token(alg, &json!({"alg": other.name()}));
            let refused = check(&claimed, &set(&[stranger(alg).jwk.clone()]));
            assert!(matches!(refused, Err(JoseError::Signature | JoseError::Algorithm)), "{alg} {other}");
        }
    }
}

#[test]
fn a_key_is_chosen_by_name_or_because_it_alone_fits() {
    let named = |alg: Algorithm, kid: &str| {
        let mut jwk = stranger(alg).jwk.clone();
        jwk["kid"] = json!(kid);
        jwk
    };
    let es256 = |kid: &str| token(Algorithm::Es256, &json!({"alg": "ES256", "kid": kid}));
    let plain = token(Algorithm::Es256, &json!({"alg": "ES256"}));
    let mut second = ec("P-256", &crypto::ECDSA_P256_SHA256_FIXED_SIGNING, 32).jwk;
    second["kid"] = json!("two");
    let keys = set(&[named(Algorithm::Es256, "one"), second.clone(), named(Algorithm::EdDsa, "three")]);
    assert!(check(&es256("one"), &keys).is_ok());
    assert_eq!(check(&es256("two"), &keys), Err(JoseError::Signature));
    assert_eq!(check(&es256("three"), &keys), Err(JoseError::Algorithm));
    assert_eq!(check(&es256("four"), &keys), Err(JoseError::UnknownKey));
    assert_eq!(check(&plain, &keys), Err(JoseError::UnknownKey), "two fit");
    assert!(check(&plain, &set(&[named(Algorithm::Es256, "one"), named(Algorithm::EdDsa, "three")])).is_ok());
    // A key that declares its algorithm is used with no other.
    let mut only = stranger(Algorithm::Rs256).jwk.clone();
    only["alg"] = json!("PS256");
    let rs256 = token(Algorithm::Rs256, &json!({"alg": "RS256"}));
    assert_eq!(check(&rs256, &set(&[only])), Err(JoseError::Algorithm));
}

#[test]
fn a_token_does_not_bring_its_own_key() {
    let attacker = ed25519();
    let keys = set(&[stranger(Algorithm::Es256).jwk.clone(), ed25519().jwk]);
    for (name, value) in [
        ("jwk", attacker.jwk.clone()),
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/cert.pem")),
        ("x5c", json!(["AAAA"])),
    ] {
        let mut header = json!({"alg": "EdDSA"});
        header[name] = value;
        let message = format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(b"{}"));
        let signature = (attacker.sign)(Algorithm::EdDsa, message.as_bytes());
        let token = format!("{message}.{}", base64url(&signature));
        assert_eq!(check(&token, &keys), Err(JoseError::Signature), "{name}");
    }
}

#[test]
fn neither_none_nor_a_public_key_as_a_secret() {
    for alg in ["none", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "ES256K", "Ed448"] {
        let message =
            format!("{}.{}", base64url(json!({"alg": alg}).to_string().as_bytes()), base64url(b"{}"));
        for secret in [stranger(Algorithm::Rs256).jwk["n"].as_str().unwrap(), ""] {
            let tag = digest::hmac_sha256(secret.as_bytes(), message.as_bytes());
            for signature in [base64url(&tag), String::new()] {
                let token = format!("{message}.{signature}");
                assert_eq!(check(&token, &all()), Err(JoseError::Algorithm), "{alg}");
            }
        }
    }
}

#[test]
fn a_signature_of_zeros_is_none() {
    // CVE-2022-21449: r and s of zero.
    for (alg, length) in [(Algorithm::Es256, 64), (Algorithm::Es384, 96), (Algorithm::Es512, 132)] {
        let good = token(alg, &json!({"alg": alg.name()}));
        let message = good.rsplit_once('.').unwrap().0;
        for signature in [vec![0; length], vec![0; length - 1], vec![0xFF; length], Vec::new()] {
            let forged = format!("{message}.{}", base64url(&signature));
            assert_eq!(check(&forged, &all()), Err(JoseError::Signature), "{alg}");
        }
    }
}

#[test]
fn sets_that_cannot_be_used_are_refused() {
    let key = || stranger(Algorithm::EdDsa).jwk.clone();
    let changed = |name: &str, value: Value| {
        let mut jwk = key();
        jwk[name] = value;
        jwk
    };
    for keys in [
        json!([]),
        json!([changed("d", json!("AAAA"))]),
        json!([changed("kid", json!(1))]),
        json!([changed("alg", json!("ES256"))]),
        json!([changed("x", json!("AAAA"))]),
        json!([changed("crv", json!("X25519"))]),
        json!([changed("x5c", json!("AAAA"))]),
        json!([changed("x5c", json!(["not base64"]))]),
        json!([changed("use", json!("enc"))]),
        json!([{"kty": "oct", "k": "AAAA"}]),
        json!(vec![key(); 21]),
        json!("keys"),
    ] {
        assert_eq!(JwkSet::from_json(&json!({ "keys": keys })), Err(JoseError::Key), "{keys}");
    }
    assert!(JwkSet::from_json(&json!({"keys": [key(), changed("use", json!("enc"))]})).is_ok());
    let with_certificate = set(&[changed("x5c", json!(["AAAA"]))]);
    assert!(with_certificate.has_certificate(&digest::sha256(&[0, 0, 0])));
    assert!(!with_certificate.has_certificate(&digest::sha256(&[0, 0])) && !all().has_certificates());
}

#[test]
fn a_shared_secret_is_for_macs_alone() {
    let secret = b"0123456789012345678901234567890123456789012345678901234567890123";
    for alg in MacAlgorithm::ALL {
        let mut header = oracle::Header::new(alg.name().parse().unwrap());
        header.typ = None;
        let token =
            oracle::encode(&header, &claims(), &oracle::EncodingKey::from_secret(secret).unwrap()).unwrap();
        let check = |secret: &[u8], algorithms: &[MacAlgorithm]| {
            verify_mac::<Value>(&token, secret, algorithms, &[""]).map(|jws| jws.claims)
        };
        assert_eq!(check(secret, &MacAlgorithm::ALL), Ok(claims()));
        assert_eq!(check(&secret.map(|byte| byte ^ 1), &[alg]), Err(JoseError::Signature));
        assert_eq!(check(&secret[..31], &[alg]), Err(JoseError::Key), "shorter than the hash");
        let others: Vec<_> = MacAlgorithm::ALL.into_iter().filter(|other| *other != alg).collect();
        assert_eq!(check(secret, &others), Err(JoseError::Algorithm));
    }
    let none = format!("{}.{}.", base64url(br#"{"alg":"none"}"#), base64url(b"{}"));
    assert_eq!(verify_mac::<Value>(&none, secret, &MacAlgorithm::ALL, &[""]), Err(JoseError::Algorithm));
}

/// Verification costs one signature check whether or not a key matches: for another name, for another
/// algorithm, and for an empty set.
#[test]
fn whether_there_is_a_key_costs_the_same_work() {
    let looked_at = |token: &str, keys: &JwkSet, algorithms: &[Algorithm]| {
        let before = super::super::verify::VERIFIED.get();
        let outcome: Result<VerifiedJws<Value>, _> = verify_foreign(token, keys, algorithms, &[""]);
        (super::super::verify::VERIFIED.get() - before, outcome.is_ok())
    };
    for alg in Algorithm::ALL {
        let named = |kid: &str| token(alg, &json!({"alg": alg.name(), "kid": kid}));
        let set = |jwk: &Value| JwkSet::from_json(&json!({ "keys": [jwk] })).unwrap();
        let mut own = stranger(alg).jwk.clone();
        own["kid"] = json!("one");
        let other = stranger(if alg == Algorithm::EdDsa { Algorithm::Es256 } else { Algorithm::EdDsa });
        let (own, other) = (set(&own), set(&other.jwk));
        assert_eq!(looked_at(&named("one"), &own, &Algorithm::ALL), (1, true), "{alg}");
        assert_eq!(looked_at(&format!("{}AA", named("one")), &own, &Algorithm::ALL), (1, false), "{alg}");
        let unnamed = token(alg, &json!({"alg": alg.name()}));
        for (what, token, keys, algorithms) in [
            ("another name", &named("two"), &own, &Algorithm::ALL[..]),
            ("another type of key", &unnamed, &other, &Algorithm::ALL),
            ("an algorithm that is not taken", &unnamed, &own, &[]),
            ("no key", &unnamed, &JwkSet::empty(), &Algorithm::ALL),
        ] {
            assert_eq!(looked_at(token, keys, algorithms), (1, false), "{alg}: {what}");
        }
    }
}
