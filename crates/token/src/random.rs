//! Sources of random bytes, and unbiased random characters.

use zeroize::{Zeroize, Zeroizing};

/// Base62 digits in the order of their values: `0-9A-Za-z`.
pub const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A source of unpredictable bytes. All generators of secrets take it as an argument.
pub trait Random: Send + Sync {
    /// Fills `out` with random bytes.
    ///
    /// # Errors
    /// [`RandomError`] if the source fails; `out` must not be used then.
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomError>;
}

/// The source of randomness failed. Its output must not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the random number generator of the system failed")]
pub struct RandomError;

/// The random generator of the cryptographic library, seeded by the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[allow(clippy::disallowed_methods, reason = "the one place that asks the system for randomness")]
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomError> {
        aws_lc_rs::rand::fill(out).map_err(|_| RandomError)
    }
}

/// Returns `N` random bytes, which are wiped on drop.
///
/// # Errors
/// [`RandomError`] if `random` fails.
pub fn bytes<const N: usize>(random: &dyn Random) -> Result<Zeroizing<[u8; N]>, RandomError> {
    let mut out = Zeroizing::new([0; N]);
    random.fill(out.as_mut_slice())?;
    Ok(out)
}

/// Returns `n` characters of [`BASE62`], uniformly distributed.
///
/// # Errors
/// [`RandomError`] if `random` fails.
///
/// ```
/// use token::{SystemRandom, random};
///
/// let text = random::base62(&SystemRandom, 43).unwrap();
/// assert_eq!(text.len(), 43);
/// assert!(text.bytes().all(|byte| random::BASE62.contains(&byte)));
/// ```
pub fn base62(random: &dyn Random, n: usize) -> Result<Zeroizing<String>, RandomError> {
    pick(random, BASE62, n)
}

/// Returns `n` uniformly distributed characters of an ASCII `alphabet` (2 to 256 characters). Bytes from
/// the incomplete last round of the alphabet are rejected, because taking them modulo its length would
/// favour its first characters.
pub(crate) fn pick(random: &dyn Random, alphabet: &[u8], n: usize) -> Result<Zeroizing<String>, RandomError> {
    let limit = 256 - 256 % alphabet.len();
    let mut out = Zeroizing::new(String::with_capacity(n));
    let mut pool = [0_u8; 64];
    while out.len() < n {
        random.fill(&mut pool)?;
        let fair = pool.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < limit);
        let missing = n - out.len();
        out.extend(fair.take(missing).map(|byte| char::from(alphabet[byte % alphabet.len()])));
    }
    pool.zeroize();
    Ok(out)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU8, Ordering};

    /// Returns 0, 1, 2 … 255, 0 …
    pub(crate) struct Counting(AtomicU8);

    impl Counting {
        pub(crate) fn from(first: u8) -> Self {
            Self(AtomicU8::new(first))
        }
    }

    impl Random for Counting {
        fn fill(&self, out: &mut [u8]) -> Result<(), RandomError> {
            out.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
            Ok(())
        }
    }

    /// Always fails.
    pub(crate) struct Broken;

    impl Random for Broken {
        fn fill(&self, _: &mut [u8]) -> Result<(), RandomError> {
            Err(RandomError)
        }
    }

    #[test]
    fn every_character_is_equally_likely() {
        // Of all 256 bytes, 248 are used, four for each character; twice, so that the rejected ones occur.
        let text = base62(&Counting::from(0), 2 * 248).unwrap();
        for letter in BASE62 {
            assert_eq!(text.bytes().filter(|byte| byte == letter).count(), 8, "{}", char::from(*letter));
        }
    }

    #[test]
    fn bytes_beyond_the_last_full_round_are_skipped() {
        // 250..=255 are rejected, so the first character comes from byte 0.
        assert_eq!(base62(&Counting::from(250), 3).unwrap().as_str(), "012");
    }

    #[test]
    fn the_length_is_the_one_asked_for() {
        for n in [0, 1, 43, 62, 63, 64, 65, 500] {
            assert_eq!(base62(&SystemRandom, n).unwrap().len(), n);
        }
    }

    #[test]
    fn a_broken_source_is_an_error() {
        assert_eq!(base62(&Broken, 1).unwrap_err(), RandomError);
        assert_eq!(bytes::<4>(&Broken).unwrap_err(), RandomError);
    }

    #[test]
    fn the_system_does_not_repeat_itself() {
        assert_ne!(bytes::<32>(&SystemRandom).unwrap(), bytes::<32>(&SystemRandom).unwrap());
    }
}
