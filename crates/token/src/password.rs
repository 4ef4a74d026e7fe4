//! Passwords of users: Argon2id (RFC 9106), stored as PHC strings.
//!
//! Hashing is slow and uses a lot of memory by design. Callers run it on threads that may block, with
//! limited concurrency.

use crate::{Random, RandomError, random};
use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::fmt;
use zeroize::Zeroizing;

/// Length of a salt in bytes (RFC 9106 section 3.1 recommends 16).
const SALT_LENGTH: usize = 16;

/// Maximum memory of a stored hash: 1 GiB, in KiB.
const MOST_MEMORY_KIB: u32 = 1 << 20;

/// Maximum number of passes of a stored hash.
const MOST_PASSES: u32 = 64;

/// Maximum number of lanes of a stored hash.
const MOST_LANES: u32 = 16;

/// Cost parameters of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordParams {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// Parameters, a stored hash or a hashing operation was refused. Messages never quote the password or the
/// hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// The parameters are not valid for Argon2, or would exhaust the server.
    #[error(
        "password hashing takes 1 to {MOST_PASSES} passes, 1 to {MOST_LANES} lanes, and from 8 KiB a lane \
         to {MOST_MEMORY_KIB} KiB of memory"
    )]
    Params,
    /// The stored text was not written by this module.
    #[error("the stored password hash is not a PHC string of Argon2id, version 19")]
    Malformed,
    /// No salt could be generated.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The computation failed because of insufficient memory.
    #[error("there was not enough memory to hash the password")]
    Memory,
}

impl PasswordParams {
    /// The minimum that OWASP's Password Storage Cheat Sheet recommends: 19 MiB, 2 passes, 1 lane.
    pub const OWASP: Self = Self { memory_kib: 19_456, passes: 2, lanes: 1 };

    /// The cheapest parameters, for demonstration data and tests, whose passwords are not secret.
    pub const CHEAP: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };

    /// Creates parameters: memory in KiB, passes over the memory, parallel lanes.
    ///
    /// # Errors
    /// [`PasswordError::Params`] with the limits.
    ///
    /// ```
    /// use token::password::{PasswordError, PasswordParams};
    ///
    /// assert!(PasswordParams::new(65_536, 3, 4).is_ok());
    /// assert_eq!(PasswordParams::new(7, 1, 1), Err(PasswordError::Params));
    /// ```
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, PasswordError> {
        let sane = (1..=MOST_PASSES).contains(&passes)
            && (1..=MOST_LANES).contains(&lanes)
            && (8 * lanes..=MOST_MEMORY_KIB).contains(&memory_kib);
        if sane { Ok(Self { memory_kib, passes, lanes }) } else { Err(PasswordError::Params) }
    }

    fn hasher(self) -> Result<Argon2<'static>, PasswordError> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, None);
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params.map_err(|_| PasswordError::Params)?))
    }
}

/// Returns [`PasswordParams::OWASP`].
impl Default for PasswordParams {
    fn default() -> Self {
        Self::OWASP
    }
}

/// The stored form of a password.
#[derive(Clone)]
pub struct PasswordHash {
    params: PasswordParams,
    phc: phc::PasswordHash,
}

impl PasswordHash {
    /// Hashes a password with a new salt.
    ///
    /// # Errors
    /// [`PasswordError`] if the random source fails or memory is insufficient.
    ///
    /// ```
    /// use token::SystemRandom;
    /// use token::password::{PasswordHash, PasswordParams};
    ///
    /// let hash = PasswordHash::hash("correct horse", PasswordParams::CHEAP, &SystemRandom).unwrap();
    /// let stored = PasswordHash::parse(&hash.to_phc()).unwrap();
    /// assert!(stored.verify("correct horse") && !stored.verify("wrong"));
    /// assert!(stored.needs_rehash(PasswordParams::OWASP));
    /// ```
    pub fn hash(password: &str, params: PasswordParams, random: &dyn Random) -> Result<Self, PasswordError> {
        let salt = random::bytes::<SALT_LENGTH>(random)?;
        let hashed = params.hasher()?.hash_password_with_salt(password.as_bytes(), salt.as_slice());
        Ok(Self { params, phc: hashed.map_err(|_| PasswordError::Memory)? })
    }

    /// Parses the string that [`to_phc`](Self::to_phc) writes.
    ///
    /// # Errors
    /// [`PasswordError::Malformed`] for other text, [`PasswordError::Params`] if the costs exceed the
    /// limits.
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        let phc = phc::PasswordHash::new(text).map_err(|_| PasswordError::Malformed)?;
        let ours = phc.algorithm == Algorithm::Argon2id.ident()
            && phc.version == Some(Version::V0x13.into())
            && phc.salt.is_some()
            && phc.hash.is_some();
        if !ours {
            return Err(PasswordError::Malformed);
        }
        let given = Params::try_from(&phc).map_err(|_| PasswordError::Malformed)?;
        let params = PasswordParams::new(given.m_cost(), given.t_cost(), given.p_cost())?;
        Ok(Self { params, phc })
    }

    /// Returns a hash that no password has, with the costs of `params`. If the user is unknown or has no
    /// password, verify against this hash, so that the refusal takes as long as that of a wrong password.
    ///
    /// # Errors
    /// None in practice, because the text is fixed.
    pub fn decoy(params: PasswordParams) -> Result<Self, PasswordError> {
        let PasswordParams { memory_kib, passes, lanes } = params;
        let (salt, hash) = ("A".repeat(22), "A".repeat(43));
        Self::parse(&format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${hash}"))
    }

    /// Returns the PHC string to store.
    #[must_use]
    pub fn to_phc(&self) -> Zeroizing<String> {
        Zeroizing::new(self.phc.to_string())
    }

    /// Returns whether `password` matches, at the cost of the hash. The comparison takes constant time.
    #[must_use]
    pub fn verify(&self, password: &str) -> bool {
        let hasher = self.params.hasher();
        hasher.is_ok_and(|hasher| hasher.verify_password(password.as_bytes(), &self.phc).is_ok())
    }

    /// Returns whether the hash has other costs than `params`. If so, rehash the password on the next
    /// successful sign-in.
    #[must_use]
    pub fn needs_rehash(&self, params: PasswordParams) -> bool {
        self.params != params
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRandom;
    use crate::random::tests::Broken;

    const CHEAP: PasswordParams = PasswordParams::CHEAP;

    fn hash(password: &str) -> PasswordHash {
        PasswordHash::hash(password, CHEAP, &SystemRandom).unwrap()
    }

    #[test]
    fn the_password_verifies_and_no_other_does() {
        for password in ["correct horse battery staple", "pässwörd 🔑", "", &"x".repeat(10_000)] {
            let stored = PasswordHash::parse(&hash(password).to_phc()).unwrap();
            assert!(stored.verify(password));
            assert!(!stored.verify(&format!("{password} ")));
        }
        assert!(!hash("Secret").verify("secret"));
    }

    #[test]
    fn equal_passwords_have_different_hashes() {
        assert_ne!(hash("secret").to_phc(), hash("secret").to_phc());
    }

    #[test]
    fn the_default_is_owasps() {
        let hash = PasswordHash::hash("secret", PasswordParams::default(), &SystemRandom).unwrap();
        assert!(hash.to_phc().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hash.verify("secret"));
        assert!(!hash.needs_rehash(PasswordParams::OWASP));
        assert!(hash.needs_rehash(PasswordParams::new(65_536, 3, 4).unwrap()));
    }

    #[test]
    fn a_hash_of_the_reference_implementation() {
        // echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 (test.c of phc-winner-argon2).
        let phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        let stored = PasswordHash::parse(phc).unwrap();
        assert!(stored.verify("password"));
        assert!(!stored.verify("differentpassword"));
    }

    #[test]
    fn the_decoy_refuses_at_the_same_cost() {
        let decoy = PasswordHash::decoy(CHEAP).unwrap();
        assert!(!decoy.verify(""));
        assert!(!decoy.verify("secret"));
        assert!(!PasswordHash::decoy(PasswordParams::OWASP).unwrap().needs_rehash(PasswordParams::OWASP));
        assert_eq!(decoy.to_phc().len(), hash("secret").to_phc().len());
    }

    #[test]
    fn foreign_and_dangerous_hashes_are_refused() {
        let good = hash("secret").to_phc();
        for text in [
            "",
            "secret",
            "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
            "$argon2id$v=19$m=8,t=1,p=1",
            "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ",
            &good.replace("argon2id", "argon2i"),
            &good.replace("v=19", "v=16"),
            &good.replace("t=1", "t=x"),
            &good.replace("t=1", "t=0"),
        ] {
            assert_eq!(PasswordHash::parse(text).unwrap_err(), PasswordError::Malformed, "{text}");
        }
        for text in [good.replace("m=8", "m=4194304"), good.replace("t=1", "t=65")] {
            assert_eq!(PasswordHash::parse(&text).unwrap_err(), PasswordError::Params, "{text}");
        }
    }

    #[test]
    fn costs_have_limits() {
        for (memory, passes, lanes) in
            [(7, 1, 1), (15, 1, 2), (8, 0, 1), (8, 1, 0), (1 << 21, 1, 1), (8, 65, 1)]
        {
            assert_eq!(PasswordParams::new(memory, passes, lanes), Err(PasswordError::Params));
        }
        assert_eq!(PasswordParams::new(8, 1, 1), Ok(CHEAP));
    }

    #[test]
    fn nothing_shows_and_nothing_is_made_without_randomness() {
        assert_eq!(format!("{:?}", hash("secret")), "PasswordHash(..)");
        let error = PasswordHash::hash("secret", CHEAP, &Broken).unwrap_err();
        assert_eq!(error, PasswordError::Random(RandomError));
    }
}
