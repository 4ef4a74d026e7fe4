//! Decoy verification for tokens without a matching key, so that the response time does not reveal whether
//! a key exists.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::verify::Parts;
use super::{Algorithm, PublicJwk, VerifyKey};

/// Keys that are not in use: those of RFC 7515, appendices A.2 and A.3, and of RFC 8037, appendix A.2,
/// whose private keys are public; and two more, whose private keys were destroyed.
static KEYS: LazyLock<Vec<PublicJwk>> = LazyLock::new(|| {
    let known: [Value; 5] = [
        json!({
            "kty": "RSA",
            "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
            "e": "AQAB",
        }),
        json!({
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        }),
        json!({
            "kty": "EC",
            "crv": "P-384",
            "x": "3lhC7tqmhPOiXArCFTZyUzk3YCLrvIGlbJeIPEcXCTUDWuKzibeDLbkEoj_-lRzV",
            "y": "PA5sWeK3cWyQh37y8eN7tTSlI31_ScjeYlN8PG1ipueGW-G3HKrb2ZQ0b6e42ccu",
        }),
        json!({
            "kty": "EC",
            "crv": "P-521",
            "x": "AevGGeWMtfgTJjDS3zk38xDrxSql4j6IirvQZL1Cu0CxH5vux90NsBuCirAM6SMIRWW9zMEW7ioZCiyR09yVC6BV",
            "y": "AOPGvU3HG0A3q7VljzLETcC2PvsRWtougwlhUr-NNcrtMirIIXUZK13pGO4cxhbxU5n2aY4zXHqAyciyMaK_HphS",
        }),
        json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }),
    ];
    known.iter().filter_map(|jwk| PublicJwk::from_json(jwk).ok()).collect()
});

fn key(algorithm: Algorithm) -> Option<VerifyKey> {
    KEYS.iter().find_map(|jwk| VerifyKey::for_algorithm(jwk, algorithm).ok())
}

/// Verifies the signature of a token against an unused key and discards the result. Takes as long as
/// verification against a key that does not match.
pub(super) fn work(parts: &Parts<'_>, algorithm: Algorithm) {
    if let Some(key) = key(algorithm) {
        let _ = std::hint::black_box(key.verify(parts.message(), parts.signature()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_key_for_each_algorithm() {
        for algorithm in Algorithm::ALL {
            assert!(key(algorithm).is_some(), "{algorithm}");
        }
    }
}
