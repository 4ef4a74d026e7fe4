//! Dates, times and durations in literal notation, converted to microseconds and days.

use model::Timestamp;

/// Microseconds in a second.
pub(super) const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub(super) const MINUTE: i64 = 60 * SECOND;
/// Microseconds in a day.
pub(super) const DAY: i64 = 24 * 60 * MINUTE;

/// Parses a date to days since 1970-01-01.
pub(super) fn date(text: &str) -> Result<i64, String> {
    let first = Timestamp::parse_date(text).map_err(|error| error.to_string())?;
    Ok(first.micros().div_euclid(DAY))
}

/// Parses a timestamp to microseconds since 1970 and its UTC offset in minutes. Unlike RFC 3339, OData allows
/// it without seconds.
pub(super) fn moment(text: &str) -> Result<(i64, i64), String> {
    const WITHOUT_SECONDS: usize = "T10:30".len();
    let text = text.to_ascii_uppercase();
    let zone = text.find('T').unwrap_or(text.len()) + WITHOUT_SECONDS;
    let lacks_seconds = text.get(zone..).is_some_and(|rest| !rest.starts_with(':'));
    let full = if lacks_seconds { format!("{}:00{}", &text[..zone], &text[zone..]) } else { text };
    let micros = Timestamp::parse(&full).map_err(|error| error.to_string())?.micros();
    Ok((micros, offset(&full).unwrap_or(0)))
}

/// Returns the UTC offset at the end of a timestamp, in minutes.
fn offset(text: &str) -> Option<i64> {
    let zone = text.get(text.rfind(['+', '-'])?..).filter(|_| !text.ends_with('Z'))?;
    let hours: i64 = zone.get(1..3)?.parse().ok()?;
    let minutes: i64 = zone.get(4..6)?.parse().ok()?;
    let minutes = hours * 60 + minutes;
    Some(if zone.starts_with('-') { -minutes } else { minutes })
}

/// Parses a time of day to microseconds.
pub(super) fn time_of_day(text: &str) -> Result<i64, String> {
    let parsed = || {
        let mut parts = text.split(':');
        let hours: i64 = parts.next()?.parse().ok()?;
        let minutes: i64 = parts.next()?.parse().ok()?;
        let seconds = micros(parts.next().unwrap_or("0"))?;
        (hours * 60 + minutes).checked_mul(MINUTE)?.checked_add(seconds)
    };
    parsed().filter(|micros| *micros < DAY).ok_or_else(|| "not a time of day such as 10:30:00".to_owned())
}

/// Parses a duration to microseconds (XML Schema, `dayTimeDuration`).
pub(super) fn duration(text: &str) -> Result<i64, String> {
    parts(text).ok_or_else(|| "not a duration such as duration'P90D', or out of range".to_owned())
}

fn parts(text: &str) -> Option<i64> {
    let text = text.to_ascii_uppercase();
    let (negative, text) = text.strip_prefix('-').map_or((false, text.as_str()), |rest| (true, rest));
    let (days, time) = text.strip_prefix('P')?.split_once('T').unwrap_or((text.strip_prefix('P')?, ""));
    let mut total = 0_i64;
    let mut rest = time;
    if let Some(days) = days.strip_suffix('D') {
        total = days.parse::<i64>().ok()?.checked_mul(DAY)?;
    }
    for (letter, unit) in [('H', 60 * MINUTE), ('M', MINUTE)] {
        if let Some((number, remainder)) = rest.split_once(letter) {
            total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(unit)?)?;
            rest = remainder;
        }
    }
    if let Some(seconds) = rest.strip_suffix('S') {
        total = total.checked_add(micros(seconds)?)?;
    }
    Some(if negative { -total } else { total })
}

/// Parses seconds with a fraction to microseconds; further digits are cut off.
fn micros(seconds: &str) -> Option<i64> {
    const DIGITS: usize = 6;
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let fraction: String = fraction.chars().chain("000000".chars()).take(DIGITS).collect();
    whole.parse::<i64>().ok()?.checked_mul(SECOND)?.checked_add(fraction.parse().ok()?)
}
