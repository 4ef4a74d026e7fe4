//! Verification of tokens of other parties.

use serde::de::DeserializeOwned;

use super::verify::Parts;
use super::{Algorithm, JoseError, JwkSet, VerifiedJws, decoy};

/// Verifies a compact JWS of another party, signed with one of the allowed `algorithms`, and parses its
/// claims.
///
/// Like [`verify`](fn@super::verify), with two exceptions for headers that other parties omit: without `kid`, the only key
/// that fits the algorithm is used, and `""` among the expected types stands for a missing type. Without a
/// matching key, the same amount of work is done, so that the time does not reveal whether, and for whom,
/// keys exist.
///
/// # Errors
/// [`JoseError`]. The claims are parsed only after the signature was verified.
///
/// ```
/// use serde_json::{Value, json};
/// use token::jose::{Algorithm, JwkSet, SigningKey, verify_foreign};
///
/// let key = SigningKey::generate(Algorithm::EdDsa).unwrap();
/// let set = JwkSet::from_json(&json!({"keys": [key.public_jwk()]})).unwrap();
/// let token = key.sign("JWT", &json!({"iss": "app"})).unwrap();
/// assert!(verify_foreign::<Value>(&token, &set, &[Algorithm::EdDsa], &["", "jwt"]).is_ok());
/// assert!(verify_foreign::<Value>(&token, &set, &[Algorithm::Es256], &["", "jwt"]).is_err());
/// ```
pub fn verify_foreign<T: DeserializeOwned>(
    token: &str,
    keys: &JwkSet,
    algorithms: &[Algorithm],
    expected_typ: &[&str],
) -> Result<VerifiedJws<T>, JoseError> {
    let parts = Parts::parse(token, expected_typ)?;
    let alg = parts.algorithm()?;
    let may_be = algorithms.contains(&alg);
    let key = if may_be { keys.find(parts.kid(), alg) } else { Err(JoseError::Algorithm) };
    match key {
        Ok(key) => parts.verify(&key),
        Err(error) => {
            decoy::work(&parts, alg);
            Err(error)
        }
    }
}
