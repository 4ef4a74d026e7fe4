//! Parts of timestamps, and the intervals to which some of them are equivalent.

use super::{Comparison, Expr};
use crate::{Property, Timestamp, Value, calendar};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A part of a timestamp in UTC, as an integer (OData 4.01 part 2, section 5.1.1.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimePart {
    /// The year.
    Year,
    /// The year and month: 202608.
    YearMonth,
    /// The month, from 1.
    Month,
    /// The day of the month, from 1.
    Day,
    /// The hour, from 0.
    Hour,
    /// The minute of the hour.
    Minute,
    /// The second of the minute.
    Second,
    /// The fraction of the second, in microseconds.
    FractionalSeconds,
    /// The date, in days since 1970-01-01.
    Date,
    /// The time of day, in microseconds.
    Time,
    /// The offset from UTC in minutes: 0 for all timestamps of the registry.
    TotalOffsetMinutes,
}

impl TimePart {
    /// All parts.
    pub const ALL: [Self; 11] = [
        Self::Year,
        Self::YearMonth,
        Self::Month,
        Self::Day,
        Self::Hour,
        Self::Minute,
        Self::Second,
        Self::FractionalSeconds,
        Self::Date,
        Self::Time,
        Self::TotalOffsetMinutes,
    ];

    /// Returns the function's name in filter expressions.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::YearMonth => "yearmonth",
            Self::Month => "month",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Second => "second",
            Self::FractionalSeconds => "fractionalseconds",
            Self::Date => "date",
            Self::Time => "time",
            Self::TotalOffsetMinutes => "totaloffsetminutes",
        }
    }

    /// Finds a part by the name of its function, ignoring case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name().eq_ignore_ascii_case(name))
    }

    /// Returns this part of a timestamp.
    ///
    /// ```
    /// use model::{Timestamp, query::TimePart};
    ///
    /// let time = Timestamp::parse("2026-08-01T12:30:00Z").unwrap();
    /// assert_eq!(TimePart::YearMonth.extract(time), 202_608);
    /// assert_eq!(TimePart::Minute.extract(time), 30);
    /// ```
    pub fn extract(self, moment: Timestamp) -> i64 {
        let micros = moment.micros();
        let time_of_day = micros.rem_euclid(DAY);
        let date = || calendar::date_of(micros.div_euclid(DAY).into());
        // Dates of timestamps are far from the limits of the type.
        let whole = |number: i128| i64::try_from(number).unwrap_or(i64::MAX);
        match self {
            Self::Year => whole(date().0),
            Self::YearMonth => whole(date().0 * 100 + date().1),
            Self::Month => whole(date().1),
            Self::Day => whole(date().2),
            Self::Hour => time_of_day / HOUR,
            Self::Minute => time_of_day % HOUR / MINUTE,
            Self::Second => time_of_day % MINUTE / SECOND,
            Self::FractionalSeconds => time_of_day % SECOND,
            Self::Date => micros.div_euclid(DAY),
            Self::Time => time_of_day,
            Self::TotalOffsetMinutes => 0,
        }
    }

    /// Compares this part of a column with a number. If the part is equivalent to an interval, the column
    /// itself is compared with its bounds, so that an index can be used.
    pub(super) fn compared(self, property: Property, comparison: Comparison, number: i64) -> Expr {
        let days = |day: i128| day * i128::from(DAY);
        let number_wide = i128::from(number);
        match self {
            Self::Year => {
                let start = |year| days(calendar::first_day(year));
                interval(property, comparison, start(number_wide), start(number_wide + 1))
            }
            Self::YearMonth => {
                let start = |month| days(first_day_of(month));
                interval(property, comparison, start(number_wide), start(number_wide + 1))
            }
            Self::Date => interval(property, comparison, days(number_wide), days(number_wide + 1)),
            Self::TotalOffsetMinutes => {
                if comparison.holds(0.cmp(&number)) {
                    Expr::IsNull(property).negated()
                } else {
                    Expr::Const(false)
                }
            }
            part => Expr::Part(property, part, comparison, number),
        }
    }
}

/// Returns the first day of a month such as 202608; of the following month if there is no such month.
fn first_day_of(year_month: i128) -> i128 {
    match (year_month.div_euclid(100), year_month.rem_euclid(100)) {
        (year, month @ 1..=12) => calendar::day_number(year, month, 1),
        (year, 0) => calendar::first_day(year),
        (year, _) => calendar::first_day(year + 1),
    }
}

/// Compares a column with the interval from `start` to before `end`, in microseconds since
/// 1970-01-01T00:00:00Z.
fn interval(property: Property, comparison: Comparison, start: i128, end: i128) -> Expr {
    match comparison {
        Comparison::Eq => from(property, start).and(before(property, end)),
        Comparison::Ne => from(property, start).and(before(property, end)).negated(),
        Comparison::Gt => from(property, end),
        Comparison::Ge => from(property, start),
        Comparison::Lt => before(property, start),
        Comparison::Le => before(property, end),
    }
}

fn from(property: Property, micros: i128) -> Expr {
    bounded(property, Comparison::Ge, micros, i128::from(i64::MIN) > micros)
}

fn before(property: Property, micros: i128) -> Expr {
    bounded(property, Comparison::Lt, micros, i128::from(i64::MAX) < micros)
}

/// Compares a column with a time. If the time is out of range, the comparison is true for all values or for
/// none.
fn bounded(property: Property, comparison: Comparison, micros: i128, of_each: bool) -> Expr {
    match i64::try_from(micros) {
        Ok(micros) => Expr::Compare(property, comparison, Value::Time(Timestamp::from_micros(micros))),
        Err(_) if of_each => Expr::IsNull(property).negated(),
        Err(_) => Expr::Const(false),
    }
}
