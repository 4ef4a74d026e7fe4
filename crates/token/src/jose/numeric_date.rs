use serde::{Deserialize, Deserializer, de};

/// A `NumericDate` of JWT (RFC 7519, section 2): seconds since 1970-01-01T00:00:00Z, as a number that may
/// have a fraction.
///
/// ```
/// use token::jose::NumericDate;
///
/// let date: NumericDate = serde_json::from_str("1700000000.9").unwrap();
/// assert_eq!(date.seconds(), 1_700_000_000);
/// assert!(serde_json::from_str::<NumericDate>("\"1700000000\"").is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumericDate(i64);

/// Latest supported time in seconds, some 3000 years from now.
const LATEST: f64 = 1e11;

impl NumericDate {
    /// Returns the whole seconds.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for NumericDate {
    #[allow(clippy::cast_possible_truncation, reason = "the range is checked")]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        if (0.0..=LATEST).contains(&seconds) {
            Ok(Self(seconds as i64))
        } else {
            Err(de::Error::custom("a NumericDate is a number of seconds since 1970-01-01T00:00:00Z"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_numbers_and_texts_are_not() {
        let read = |json: &str| serde_json::from_str::<NumericDate>(json).ok().map(NumericDate::seconds);
        for (json, seconds) in [
            ("0", 0),
            ("1700000000", 1_700_000_000),
            ("1700000000.999", 1_700_000_000),
            ("1.7e9", 1_700_000_000),
        ] {
            assert_eq!(read(json), Some(seconds), "{json}");
        }
        for bad in ["\"1700000000\"", "null", "true", "[1]", "{}", "-1", "1e300", "1e12"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
