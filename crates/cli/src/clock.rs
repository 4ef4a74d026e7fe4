//! The time, read once when a command starts.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The current time in UTC.
pub(crate) fn now() -> OffsetDateTime {
    let micros = clock::now().micros();
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// A time as the APIs write it (RFC 3339, whole seconds).
pub(crate) fn rfc3339(time: OffsetDateTime) -> String {
    let (date, clock) = (time.date(), time.time());
    let (hour, minute, second) = clock.as_hms();
    format!("{date}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Reads a time as the APIs write it, as UTC.
pub(crate) fn parse(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok().map(|time| time.to_offset(time::UtcOffset::UTC))
}

/// Formats a time to the minute. A text that is no time is returned as it is.
pub(crate) fn short(text: &str) -> String {
    parse(text).map_or_else(|| text.to_owned(), |time| rfc3339(time)[..16].replace('T', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_to_the_minute_in_utc() {
        assert_eq!(short("2026-08-01T23:30:59.123456-02:00"), "2026-08-02 01:30");
        assert_eq!(short("soon"), "soon");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let written = "2026-08-01T01:02:03Z";
        assert_eq!(parse(written).map(rfc3339).as_deref(), Some(written));
    }
}
