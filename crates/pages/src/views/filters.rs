//! Filters of the templates.

use std::convert::Infallible;
use std::fmt::{self, Write};

use askama::filters::{Escaper, Html, HtmlSafe};
use model::Timestamp;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `{{ at|moment }}`: a `<time>` element with the exact time for machines and a short one in UTC for users.
#[askama::filter_fn]
pub(super) fn moment(at: &Timestamp, _: &dyn askama::Values) -> Result<Moment, Infallible> {
    Ok(Moment(*at))
}

/// A time as a page shows it: `14 Mar 2026, 09:05 UTC`.
pub(super) struct Moment(Timestamp);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut exact = String::new();
        write!(exact, "{}", self.0)?;
        let (day, time) = readable(&exact).ok_or(fmt::Error)?;
        write!(f, "<time datetime=\"{exact}\"><span>{day},</span> <span>{time}\u{a0}UTC</span></time>")
    }
}

/// Digits, letters and the markup above.
impl HtmlSafe for Moment {}

/// `{{ name|foreign }}`: a text that is not ours, in an element of its own: it does not turn the sentence around it.
#[askama::filter_fn]
pub(super) fn foreign<T: fmt::Display>(text: T, _: &dyn askama::Values) -> Result<Foreign, Infallible> {
    Ok(Foreign(text.to_string()))
}

/// A text in `<bdi>`.
pub(super) struct Foreign(String);

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<bdi>")?;
        Html.write_escaped_str(&mut *f, &self.0)?;
        f.write_str("</bdi>")
    }
}

/// It is escaped above.
impl HtmlSafe for Foreign {}

/// `{{ name|isolated }}`: the same for places without elements, such as a title.
#[askama::filter_fn]
pub(super) fn isolated<T: fmt::Display>(text: T, _: &dyn askama::Values) -> Result<String, Infallible> {
    Ok(authority::text::isolated(text))
}

/// Day and minute of a time as RFC 3339 writes it in UTC.
fn readable(exact: &str) -> Option<(String, &str)> {
    let (date, time) = exact.split_once('T')?;
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    Some((format!("{}\u{a0}{month}\u{a0}{year}", day.trim_start_matches('0')), time.get(..5)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_exact_for_machines_and_short_for_people() {
        for (micros, shown) in [
            (
                1_773_479_100_250_000,
                "<time datetime=\"2026-03-14T09:05:00.25Z\"><span>14 Mar 2026,</span> <span>09:05 UTC</span></time>",
            ),
            (
                -1,
                "<time datetime=\"1969-12-31T23:59:59.999999Z\"><span>31 Dec 1969,</span> <span>23:59 UTC</span></time>",
            ),
            (
                1_785_542_400_000_000,
                "<time datetime=\"2026-08-01T00:00:00Z\"><span>1 Aug 2026,</span> <span>00:00 UTC</span></time>",
            ),
        ] {
            assert_eq!(Moment(Timestamp::from_micros(micros)).to_string().replace('\u{a0}', " "), shown);
        }
    }

    #[test]
    fn a_moment_that_has_no_calendar_date_is_an_error_and_no_panic() {
        let mut text = String::new();
        assert!(write!(text, "{}", Moment(Timestamp::from_micros(i64::MAX))).is_err());
    }
}
