//! The test vectors of Project Wycheproof: signatures that are almost valid. For each algorithm, JWS
//! accepts only the fixed-length signature of RFC 7518, sections 3.3 and 3.4, and of RFC 8037, section 3.1.

use data_encoding::BASE64URL_NOPAD;
use wycheproof::TestResult;
use wycheproof::{ecdsa, eddsa, rsa_pkcs1_verify};

use super::*;

fn key(jwk: &Value, algorithm: Algorithm) -> VerifyKey {
    VerifyKey::for_algorithm(&PublicJwk::from_json(jwk).unwrap(), algorithm).unwrap()
}

/// Numbers of accepted and refused signatures.
#[derive(Default)]
struct Judged {
    taken: usize,
    refused: usize,
}

impl Judged {
    fn note(&mut self, number: usize, expected: TestResult, verified: bool) {
        match expected {
            TestResult::Valid => assert!(verified, "the valid signature {number} is refused"),
            TestResult::Invalid => assert!(!verified, "the invalid signature {number} is taken"),
            TestResult::Acceptable => {}
        }
        if verified { self.taken += 1 } else { self.refused += 1 }
    }

    fn assert_many(&self, taken: usize, refused: usize) {
        assert!(self.taken >= taken && self.refused >= refused, "{} and {}", self.taken, self.refused);
    }
}

#[test]
fn es256() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363).unwrap();
    let mut judged = Judged::default();
    for group in set.test_groups {
        let point: &[u8] = &group.key.key;
        let (x, y) = point[1..].split_at(32);
        let [x, y] = [x, y].map(|number| BASE64URL_NOPAD.encode(number));
        let key = key(&json!({"kty": "EC", "crv": "P-256", "x": x, "y": y}), Algorithm::Es256);
        for test in group.tests {
            judged.note(test.tc_id, test.result, key.verify(&test.msg, &test.sig).is_ok());
        }
    }
    judged.assert_many(100, 80);
}

#[test]
fn eddsa() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut judged = Judged::default();
    for group in set.test_groups {
        let x = BASE64URL_NOPAD.encode(&group.key.pk);
        let key = key(&json!({"kty": "OKP", "crv": "Ed25519", "x": x}), Algorithm::EdDsa);
        for test in group.tests {
            judged.note(test.tc_id, test.result, key.verify(&test.msg, &test.sig).is_ok());
        }
    }
    judged.assert_many(80, 50);
}

#[test]
fn rs256() {
    let set = rsa_pkcs1_verify::TestSet::load(rsa_pkcs1_verify::TestName::Rsa2048Sha256).unwrap();
    let mut judged = Judged::default();
    for group in set.test_groups {
        let number = |bytes: &[u8]| {
            let first = bytes.iter().position(|byte| *byte != 0).unwrap();
            BASE64URL_NOPAD.encode(&bytes[first..])
        };
        let (n, e) = (number(&group.key.n), number(&group.key.e));
        let jwk = PublicJwk::from_json(&json!({"kty": "RSA", "n": n, "e": e})).unwrap();
        let key = VerifyKey::for_algorithm(&jwk, Algorithm::Rs256).unwrap();
        for test in group.tests {
            judged.note(test.tc_id, test.result, key.verify(&test.msg, &test.sig).is_ok());
        }
    }
    judged.assert_many(5, 150);
}
