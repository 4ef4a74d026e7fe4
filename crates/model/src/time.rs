use std::fmt;

use ::time::format_description::well_known::Rfc3339;
use ::time::{Date, OffsetDateTime, UtcOffset};

/// A point in time in UTC with microsecond precision, stored as microseconds since 1970-01-01T00:00:00Z.
///
/// The years 0001 to 9999 can be formatted and parsed. The crate has no clock; the current time is always
/// an argument.
///
/// ```
/// use model::Timestamp;
///
/// let start = Timestamp::parse("2026-08-01T02:30:00+02:30").unwrap();
/// assert_eq!(start.to_string(), "2026-08-01T00:00:00Z");
/// assert_eq!(start.plus_seconds(3600).to_string(), "2026-08-01T01:00:00Z");
/// assert_eq!(start.date(), Some((2026, 8, 1)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is not a date or a time of RFC 3339, or is outside the years 0001 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date or time as RFC 3339 writes it, such as 2026-08-01T00:00:00Z")]
pub struct TimeError;

const MICROS: i64 = 1_000_000;

impl Timestamp {
    /// Creates a timestamp from microseconds since 1970-01-01T00:00:00Z.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Creates a timestamp from seconds since 1970-01-01T00:00:00Z.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS))
    }

    /// Returns the microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(MICROS)
    }

    /// Returns the milliseconds since 1970-01-01T00:00:00Z, rounded down.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Returns the time `seconds` later (earlier if negative), saturating at the limits of the type.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS)))
    }

    /// Returns year, month and day in UTC; `None` outside the range of calendar dates.
    pub fn date(self) -> Option<(i32, u8, u8)> {
        let moment = OffsetDateTime::from_unix_timestamp(self.seconds()).ok()?;
        Some((moment.year(), moment.month().into(), moment.day()))
    }

    /// Parses a date-time of RFC 3339 with any offset, with or without fractional seconds.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| TimeError)?;
        Self::from_date_time(moment)
    }

    /// Parses a calendar date (`2026-08-01`) as midnight in UTC.
    ///
    /// ```
    /// use model::{TimeError, Timestamp};
    ///
    /// assert_eq!(Timestamp::parse_date("1970-01-02").map(Timestamp::seconds), Ok(86_400));
    /// assert_eq!(Timestamp::parse_date("yesterday"), Err(TimeError));
    /// ```
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

/// Formats the time as RFC 3339 in UTC, with fractional seconds only if they are not zero.
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
