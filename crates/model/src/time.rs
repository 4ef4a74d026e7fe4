use std::fmt;

use ::time::format_description::well_known::Rfc3339;
use ::time::{Date, OffsetDateTime, UtcOffset};

/// A moment in UTC with microsecond precision, as stored: microseconds since 1970.
///
/// The years 0001 to 9999 can be written and read; the crate has no clock, so
/// "now" always arrives as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is not a date, a time of RFC 3339, or lies outside the years 0001 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date or time as RFC 3339 writes it, such as 2026-08-01T00:00:00Z")]
pub struct TimeError;

const MICROS: i64 = 1_000_000;

impl Timestamp {
    /// From microseconds since 1970-01-01T00:00:00Z.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From whole seconds since 1970-01-01T00:00:00Z.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(MICROS)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, rounded down.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment and `seconds` more (negative: earlier).
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS)))
    }

    /// The year, the month and the day in UTC; none outside the years that a calendar date has.
    pub fn date(self) -> Option<(i32, u8, u8)> {
        let moment = OffsetDateTime::from_unix_timestamp(self.seconds()).ok()?;
        Some((moment.year(), moment.month().into(), moment.day()))
    }

    /// Reads a date-time of RFC 3339 with any offset, with or without seconds' fraction.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| TimeError)?;
        Self::from_date_time(moment)
    }

    /// Reads a calendar date (`2026-08-01`) as its first moment in UTC.
    pub fn parse_date(text: &str) -> Result<Self, TimeError> {
        let format = ::time::macros::format_description!("[year]-[month]-[day]");
        let date = Date::parse(text, format).map_err(|_| TimeError)?;
        Self::from_date_time(date.midnight().assume_utc())
    }

    fn from_date_time(moment: OffsetDateTime) -> Result<Self, TimeError> {
        let micros = moment.unix_timestamp_nanos() / 1000;
        i64::try_from(micros).map(Self).map_err(|_| TimeError)
    }
}

/// As RFC 3339 in UTC; a fraction only where there is one.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000)
            .map_err(|_| fmt::Error)?
            .to_offset(UtcOffset::UTC);
        f.write_str(&moment.format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_rfc_3339() {
        for (text, shown) in [
            ("2026-08-01T00:00:00Z", "2026-08-01T00:00:00Z"),
            ("2026-08-01T02:30:00.25+02:30", "2026-08-01T00:00:00.25Z"),
            ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
        ] {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), shown);
        }
        assert_eq!(Timestamp::parse_date("2026-08-01").unwrap().to_string(), "2026-08-01T00:00:00Z");
        for bad in ["", "2026-13-01T00:00:00Z", "2026-08-01", "yesterday"] {
            assert_eq!(Timestamp::parse(bad), Err(TimeError), "{bad}");
        }
    }
}
