//! Casts of constant values (OData 4.01 part 2, section 5.1.1.10.1).

use std::fmt::Write as _;

use model::{Timestamp, Uuid};

use super::constant::Constant;
use super::number::Number;
use super::temporal::{self, DAY, MINUTE, SECOND};
use crate::ast::Literal;

/// Casts a value to another primitive type. Returns null if the value cannot be cast, and `None` if the
/// service does not offer the type.
pub(super) fn cast(value: &Constant, type_name: &str) -> Result<Option<Constant>, String> {
    let Some(name) = type_name.strip_prefix("Edm.") else { return Ok(None) };
    if matches!(value, Constant::Null) {
        return Ok(Some(Constant::Null));
    }
    let cast = match (name, value) {
        ("String", Constant::Other(Literal::Binary(_) | Literal::Geo(..))) => return Ok(None),
        ("String", value) => text(value).map(Constant::Text),
        ("Boolean", Constant::Bool(_))
        | ("Guid", Constant::Guid(_))
        | ("Date", Constant::Date(_))
        | ("TimeOfDay", Constant::Time(_))
        | ("Duration", Constant::Duration(_))
        | ("DateTimeOffset", Constant::Moment { .. }) => Some(value.clone()),
        ("DateTimeOffset", Constant::Date(days)) => {
            days.checked_mul(DAY).map(|micros| Constant::Moment { micros, offset: 0 })
        }
        ("Boolean", Constant::Text(text)) => text.to_ascii_lowercase().parse().ok().map(Constant::Bool),
        ("Guid", Constant::Text(text)) => Uuid::parse_str(text).ok().map(Constant::Guid),
        ("Date", Constant::Text(text)) => temporal::date(text).ok().map(Constant::Date),
        ("TimeOfDay", Constant::Text(text)) => temporal::time_of_day(text).ok().map(Constant::Time),
        ("Duration", Constant::Text(text)) => temporal::duration(text).ok().map(Constant::Duration),
        ("DateTimeOffset", Constant::Text(text)) => {
            let moment = temporal::moment(text).ok();
            moment.map(|(micros, offset)| Constant::Moment { micros, offset })
        }
        ("Date", Constant::Moment { .. }) | ("TimeOfDay", Constant::Moment { .. }) => {
            let function = if name == "Date" { "date" } else { "time" };
            return super::calls::call(function, std::slice::from_ref(value), Timestamp::from_micros(0));
        }
        (name, value) => match numeric(name) {
            Some(numeric) => number(value).and_then(numeric).map(Constant::Number),
            None if OTHERS.contains(&name) => None,
            None => return Ok(None),
        },
    };
    Ok(Some(cast.unwrap_or(Constant::Null)))
}

/// Returns whether a value is of a primitive or enumeration type (OData 4.01 part 2, section 5.1.1.10.2);
/// null is of no type.
pub(super) fn is_of_type(value: &Constant, type_name: &str) -> bool {
    let Some(name) = type_name.strip_prefix("Edm.") else {
        return matches!(value, Constant::Other(Literal::Enum(kind, _)) if kind == type_name);
    };
    match value {
        Constant::Null => false,
        _ if name == "PrimitiveType" => true,
        Constant::Bool(_) => name == "Boolean",
        Constant::Text(_) => name == "String",
        Constant::Guid(_) => name == "Guid",
        Constant::Date(_) => name == "Date",
        Constant::Time(_) => name == "TimeOfDay",
        Constant::Moment { .. } => name == "DateTimeOffset",
        Constant::Duration(_) => name == "Duration",
        Constant::Number(Number::Double(_)) => matches!(name, "Double" | "Single"),
        Constant::Number(Number::Decimal { .. }) => name == "Decimal",
        Constant::Number(number) => {
            numeric(name).is_some_and(|within| within(*number).is_some())
                && !matches!(name, "Double" | "Single")
        }
        Constant::Other(Literal::Binary(_)) => name == "Binary",
        Constant::Other(_) => false,
    }
}

const OTHERS: [&str; 6] = ["Boolean", "Guid", "Date", "TimeOfDay", "DateTimeOffset", "Duration"];

type Numeric = fn(Number) -> Option<Number>;

/// Returns the test whether a number belongs to a numeric type.
fn numeric(name: &str) -> Option<Numeric> {
    fn within(number: Number, least: i64, greatest: i64) -> Option<Number> {
        let zero = number.compare(Number::Whole(0))?;
        let whole = if zero.is_lt() { number.ceiling()? } else { number.floor()? };
        (least..=greatest).contains(&whole).then_some(Number::Whole(whole))
    }
    Some(match name {
        "Byte" => |number| within(number, 0, u8::MAX.into()),
        "SByte" => |number| within(number, i8::MIN.into(), i8::MAX.into()),
        "Int16" => |number| within(number, i16::MIN.into(), i16::MAX.into()),
        "Int32" => |number| within(number, i32::MIN.into(), i32::MAX.into()),
        "Int64" => |number| within(number, i64::MIN, i64::MAX),
        "Decimal" => |number| match number {
            Number::Whole(whole) => Some(Number::Decimal { mantissa: whole.into(), scale: 0 }),
            other => Some(other),
        },
        "Double" | "Single" => |number| Some(Number::Double(number.as_f64())),
        _ => return None,
    })
}

fn number(value: &Constant) -> Option<Number> {
    match value {
        Constant::Number(number) => Some(*number),
        Constant::Text(text) => Number::parse(text),
        _ => None,
    }
}

/// Returns the value as in a URL, without quotes.
pub(super) fn text(value: &Constant) -> Option<String> {
    Some(match value {
        Constant::Text(text) => text.clone(),
        Constant::Bool(value) => value.to_string(),
        Constant::Number(number) => number.to_string(),
        Constant::Guid(id) => id.to_string(),
        Constant::Moment { micros, .. } => {
            let mut text = String::new();
            // Years with other than four digits have no such text.
            write!(text, "{}", Timestamp::from_micros(*micros)).ok()?;
            text
        }
        Constant::Date(days) => {
            let first = Timestamp::from_micros(days.checked_mul(DAY)?);
            let (year, month, day) = first.date()?;
            format!("{year:04}-{month:02}-{day:02}")
        }
        Constant::Time(micros) => time(*micros),
        Constant::Duration(micros) => duration(*micros),
        Constant::Other(Literal::Enum(_, member)) => member.clone(),
        Constant::Null | Constant::Other(_) => return None,
    })
}

/// Formats a time of day, with a fraction of a second if it has one.
fn time(micros: i64) -> String {
    let minutes = micros / MINUTE;
    let seconds = seconds((micros % MINUTE).unsigned_abs());
    let zero = if micros % MINUTE < 10 * SECOND { "0" } else { "" };
    format!("{:02}:{:02}:{zero}{seconds}", minutes / 60, minutes % 60)
}

/// Formats a duration in days, hours, minutes and seconds (XML Schema, `dayTimeDuration`).
fn duration(micros: i64) -> String {
    let (sign, length) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs());
    let (day, minute) = (DAY.unsigned_abs(), MINUTE.unsigned_abs());
    let (days, minutes, rest) = (length / day, length % day / minute, length % minute);
    let part =
        |number: u64, letter: &str| if number == 0 { String::new() } else { format!("{number}{letter}") };
    let seconds = if rest == 0 { String::new() } else { format!("{}S", seconds(rest)) };
    let time = format!("{}{}{seconds}", part(minutes / 60, "H"), part(minutes % 60, "M"));
    match (days, time.as_str()) {
        (0, "") => "PT0S".to_owned(),
        (days, "") => format!("{sign}P{days}D"),
        (days, time) => format!("{sign}P{}T{time}", part(days, "D")),
    }
}

/// Formats microseconds as seconds, without trailing zeros in the fraction.
fn seconds(micros: u64) -> String {
    let (whole, fraction) = (micros / SECOND.unsigned_abs(), micros % SECOND.unsigned_abs());
    if fraction == 0 {
        return format!("{whole}");
    }
    format!("{whole}.{}", format!("{fraction:06}").trim_end_matches('0'))
}
