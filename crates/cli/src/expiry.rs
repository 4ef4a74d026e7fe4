//! Expiries as arguments.

use std::str::FromStr;

use time::{Duration, OffsetDateTime};

use super::clock;
use super::problem::Problem;

/// The expiry of a token or a secret.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Expiry {
    /// Never: valid until revoked.
    Never,
    /// A duration from now.
    After(Duration),
    /// At a moment.
    At(OffsetDateTime),
}

impl Expiry {
    /// Returns the moment; `None` for never.
    ///
    /// # Errors
    /// A moment in the past, or out of the range of the calendar.
    pub(crate) fn moment(self, now: OffsetDateTime) -> Result<Option<OffsetDateTime>, Problem> {
        let moment = match self {
            Self::Never => return Ok(None),
            Self::At(moment) => moment,
            Self::After(duration) => {
                now.checked_add(duration).ok_or_else(|| Problem::new("this is too far away"))?
            }
        };
        if moment <= now {
            let problem = Problem::new(format!("{} has passed", clock::rfc3339(moment)));
            return Err(problem.hint("use a future time, such as 90d"));
        }
        Ok(Some(moment))
    }

    /// Returns the moment, which is required.
    ///
    /// # Errors
    /// As [`Self::moment`], and never.
    pub(crate) fn end(self, now: OffsetDateTime) -> Result<OffsetDateTime, Problem> {
        let never = || Problem::new("`never` is not allowed here").hint("use a future time, such as 90d");
        self.moment(now)?.ok_or_else(never)
    }
}

impl FromStr for Expiry {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "never" {
            return Ok(Self::Never);
        }
        let parsed = duration(text).map(Self::After).or_else(|| clock::parse(text).map(Self::At));
        parsed.ok_or_else(|| {
            "write 12h, 90d or 4w (hours, days, weeks), never, or a time such as 2027-01-31T12:00:00Z"
                .to_owned()
        })
    }
}

fn duration(text: &str) -> Option<Duration> {
    let number = text.strip_suffix(['h', 'd', 'w'])?;
    let hours = match text.as_bytes().last()? {
        b'h' => 1,
        b'd' => 24,
        _ => 24 * 7,
    };
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.then(|| number.parse::<u32>().ok())??;
    Some(Duration::hours(i64::from(number) * hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Result<Option<String>, String> {
        let now = clock::parse("2026-08-01T00:00:00Z").unwrap();
        let moment = text.parse::<Expiry>()?.moment(now).map_err(|problem| problem.to_string())?;
        Ok(moment.map(clock::rfc3339))
    }

    #[test]
    fn an_expiry_is_never_a_time_from_now_or_a_moment() {
        let is =
            |text: &str, expected: &str| assert_eq!(moment(text), Ok(Some(expected.to_owned())), "{text}");
        assert_eq!(moment("never"), Ok(None));
        is("90d", "2026-10-30T00:00:00Z");
        is("12h", "2026-08-01T12:00:00Z");
        is("4w", "2026-08-29T00:00:00Z");
        is("2027-01-31T12:00:00+02:00", "2027-01-31T10:00:00Z");
    }

    #[test]
    fn other_words_say_what_may_be_written() {
        for text in
            ["", "d", "90", "-1d", "+1d", "1.5d", "90m", "99999999999d", "tomorrow", "2027-01-31", "é"]
        {
            assert!(moment(text).is_err_and(|error| error.contains("90d")), "{text}");
        }
    }

    #[test]
    fn an_expiry_lies_ahead_and_within_the_calendar() {
        assert_eq!(moment("2026-07-31T23:59:59Z"), Err("2026-07-31T23:59:59Z has passed".to_owned()));
        assert!(moment("0d").is_err());
        assert!(moment("4294967295w").is_err_and(|error| error.contains("too far")));
        let now = clock::parse("2026-08-01T00:00:00Z").unwrap();
        assert!(Expiry::Never.end(now).is_err() && Expiry::After(Duration::HOUR).end(now).is_ok());
    }
}
