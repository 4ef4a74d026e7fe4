//! Functions of constant values.

use model::Timestamp;
use model::query::{Comparison, TimePart};

use super::constant::{Constant, holds};
use super::number::Number;
use super::temporal::{DAY, MINUTE, SECOND};
use crate::ast::Binary;
use crate::functions::{self, Role};

/// The first and last supported timestamps, in microseconds since 1970: 0001-01-01T00:00:00Z and
/// 9999-12-31T23:59:59.999999Z.
const FIRST: i64 = -62_135_596_800 * SECOND;
const LAST: i64 = 253_402_300_800 * SECOND - 1;

/// Evaluates a function. Returns `None` if the service does not offer it.
pub(super) fn call(name: &str, args: &[Constant], now: Timestamp) -> Result<Option<Constant>, String> {
    let name = name.to_ascii_lowercase();
    let moment = |micros| Ok(Some(Constant::Moment { micros, offset: 0 }));
    match (name.as_str(), args) {
        ("now", []) => moment(now.micros()),
        ("mindatetime", []) => moment(FIRST),
        ("maxdatetime", []) => moment(LAST),
        ("equalnull" | "lessequalnull" | "greaterequalnull", [first, second]) => {
            or_null(&name, first, second)
        }
        _ if !is_known(&name) => Ok(None),
        (_, args) if args.iter().any(|arg| matches!(arg, Constant::Null)) => Ok(Some(Constant::Null)),
        (_, [Constant::Text(first), Constant::Text(second)]) => Ok(two_texts(&name, first, second)),
        (_, [Constant::Text(text)]) => Ok(one_text(&name, text)),
        ("substring", [Constant::Text(text), Constant::Number(start), rest @ ..]) => {
            substring(text, *start, rest)
        }
        (_, [Constant::Number(number)]) => rounding(&name, *number),
        ("totalseconds", [Constant::Duration(micros)]) => {
            let seconds = Number::Whole(*micros).apply(Binary::DivBy, Number::Whole(SECOND));
            Ok(seconds.map(Constant::Number))
        }
        (_, [value]) => part(&name, value),
        _ => Ok(None),
    }
    .and_then(|found| match found {
        None if is_known(&name) => Err(format!(
            "'{name}' does not take {}",
            args.iter().map(Constant::kind).collect::<Vec<_>>().join(" and ")
        )),
        found => Ok(found),
    })
}

fn is_known(name: &str) -> bool {
    functions::role(name).is_some_and(|(_, role)| role != Role::Unoffered)
}

fn or_null(name: &str, first: &Constant, second: &Constant) -> Result<Option<Constant>, String> {
    let comparison = match name {
        "equalnull" => Comparison::Eq,
        "lessequalnull" => Comparison::Le,
        _ => Comparison::Ge,
    };
    let holds = matches!(first, Constant::Null) || holds(comparison, first, second)?;
    Ok(Some(Constant::Bool(holds)))
}

fn two_texts(name: &str, first: &str, second: &str) -> Option<Constant> {
    Some(match name {
        "concat" => Constant::Text(format!("{first}{second}")),
        "contains" => Constant::Bool(first.contains(second)),
        "startswith" => Constant::Bool(first.starts_with(second)),
        "endswith" => Constant::Bool(first.ends_with(second)),
        "indexof" => {
            let index = first.find(second).map(|index| first[..index].chars().count());
            number(index.and_then(|index| i64::try_from(index).ok()).unwrap_or(-1))
        }
        _ => return None,
    })
}

fn one_text(name: &str, text: &str) -> Option<Constant> {
    Some(match name {
        "length" => number(i64::try_from(text.chars().count()).unwrap_or(i64::MAX)),
        "tolower" => Constant::Text(text.to_lowercase()),
        "toupper" => Constant::Text(text.to_uppercase()),
        "trim" => Constant::Text(text.trim().to_owned()),
        _ => return None,
    })
}

/// Returns a part of a text, in characters counted from 0; positions outside the text are ignored.
fn substring(text: &str, start: Number, rest: &[Constant]) -> Result<Option<Constant>, String> {
    let whole = |number: Number| number.whole().ok_or_else(|| "'substring' takes integers".to_owned());
    let length = match rest {
        [] => i64::MAX,
        [Constant::Number(length)] => whole(*length)?,
        _ => return Ok(None),
    };
    let count = |number: i64| usize::try_from(number.max(0)).unwrap_or(usize::MAX);
    let part = text.chars().skip(count(whole(start)?)).take(count(length)).collect();
    Ok(Some(Constant::Text(part)))
}

fn rounding(name: &str, number: Number) -> Result<Option<Constant>, String> {
    let rounded = match name {
        "round" => number.rounded(),
        "floor" => number.floor(),
        "ceiling" => number.ceiling(),
        _ => return Ok(None),
    };
    let rounded = rounded.ok_or_else(|| "the result is not an integer".to_owned())?;
    Ok(Some(Constant::Number(Number::Whole(rounded))))
}

/// Returns a component of a timestamp, date or time of day; of a timestamp in its own UTC offset.
fn part(name: &str, value: &Constant) -> Result<Option<Constant>, String> {
    let Some(part) = TimePart::from_name(name) else { return Ok(None) };
    use TimePart::{
        Date, Day, FractionalSeconds, Hour, Minute, Month, Second, Time, TotalOffsetMinutes, Year, YearMonth,
    };
    let local = match (value, part) {
        (Constant::Moment { offset, .. }, TotalOffsetMinutes) => return Ok(Some(number(*offset))),
        (Constant::Moment { micros, offset }, _) => micros.checked_add(offset * MINUTE),
        (Constant::Date(days), Year | YearMonth | Month | Day | Date) => days.checked_mul(DAY),
        (Constant::Time(micros), Hour | Minute | Second | FractionalSeconds | Time) => Some(*micros),
        _ => return Ok(None),
    };
    let local = local.ok_or_else(|| "this date and time is out of range".to_owned())?;
    let value = part.extract(Timestamp::from_micros(local));
    Ok(Some(match part {
        Date => Constant::Date(value),
        Time => Constant::Time(value),
        FractionalSeconds => Constant::Number(Number::Decimal { mantissa: value.into(), scale: 6 }),
        _ => number(value),
    }))
}

const fn number(number: i64) -> Constant {
    Constant::Number(Number::Whole(number))
}
