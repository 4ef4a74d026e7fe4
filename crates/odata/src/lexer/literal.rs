//! Literal values (OData ABNF, section 7).

use data_encoding::{BASE64URL, BASE64URL_NOPAD};
use model::Uuid;

use super::{Lexer, Mark, continues_name};
use crate::OdataError;
use crate::ast::{Literal, NotFinite};

impl Lexer<'_> {
    /// Takes a literal that does not begin with a letter, or a guid, if one is next.
    pub(super) fn unnamed_literal(&mut self) -> Result<Option<Literal>, OdataError> {
        if self.peek() == Some('\'') {
            return self.text().map(|text| Some(Literal::Text(text)));
        }
        let bytes = self.rest().as_bytes();
        if let Some(id) = guid(self.rest()) {
            self.take(GUID_LENGTH);
            return Ok(Some(Literal::Guid(id)));
        }
        if let Some(length) = date(bytes) {
            return self.date(length).map(Some);
        }
        if looks_like_date(bytes) {
            return Err(self.error("a date is written as 2026-08-01".to_owned()));
        }
        if let Some(length) = time_of_day(bytes) {
            return Ok(Some(Literal::TimeOfDay(self.take(length).to_owned())));
        }
        Ok(self.number())
    }

    /// Takes a date, or the date and time that begins with it.
    fn date(&mut self, length: usize) -> Result<Literal, OdataError> {
        let bytes = self.rest().as_bytes().get(length..).unwrap_or_default();
        if !matches!(bytes.first(), Some(b'T' | b't')) {
            return Ok(Literal::Date(self.take(length).to_owned()));
        }
        let time = bytes.get(1..).and_then(time_of_day);
        let Some(time) = time else {
            self.take(length + 1);
            return Err(self.unexpected("a time such as 10:30:00"));
        };
        let Some(zone) = bytes.get(1 + time..).and_then(zone) else {
            self.take(length + 1 + time);
            return Err(self.unexpected("'Z' or an offset such as +02:00"));
        };
        Ok(Literal::DateTimeOffset(self.take(length + 1 + time + zone).to_ascii_uppercase()))
    }

    fn number(&mut self) -> Option<Literal> {
        let rest = self.rest();
        if let Some(after) = rest.strip_prefix("-INF")
            && !after.starts_with(continues_name)
        {
            self.take("-INF".len());
            return Some(Literal::NotFinite(NotFinite::NegativeInfinity));
        }
        let (length, whole) = number(rest.as_bytes())?;
        let text = self.take(length);
        let int = whole.then(|| text.parse().ok()).flatten();
        Some(int.map_or_else(|| Literal::Decimal(text.to_owned()), Literal::Int))
    }

    /// Takes text in single quotes, in which two quotes stand for one.
    fn text(&mut self) -> Result<String, OdataError> {
        let start = self.mark();
        self.eat('\'');
        let mut text = String::new();
        loop {
            let Some(length) = self.rest().find('\'') else {
                self.reset(start);
                return Err(self.error("the closing quote of this text is missing".to_owned()));
            };
            text.push_str(self.take(length));
            self.eat('\'');
            if !self.eat('\'') {
                return Ok(text);
            }
            text.push('\'');
        }
    }

    /// Takes the quoted part of a literal that began with a name at `start`.
    pub(super) fn quoted_literal(&mut self, start: Mark, name: &str) -> Result<Literal, OdataError> {
        let quote = self.mark();
        let value = self.text()?;
        let wrong = |lexer: &mut Self, at, message: &str| {
            lexer.reset(at);
            Err(lexer.error(message.to_owned()))
        };
        match name.to_ascii_lowercase().as_str() {
            "duration" if is_duration(&value) => Ok(Literal::Duration(value.to_ascii_uppercase())),
            "duration" => wrong(self, quote, "a duration is written as duration'P1DT12H30M5.5S'"),
            "binary" => match base64url(&value) {
                Some(bytes) => Ok(Literal::Binary(bytes)),
                None => wrong(self, quote, "binary data is written as base64url"),
            },
            "geography" | "geometry" => Err(OdataError::NotOffered {
                what: format!("the {name} literal"),
                place: Some(self.place_at(start.at)),
            }),
            _ if !name.contains('.') => wrong(self, quote, "a space is expected before a text"),
            _ if is_enum(&value) => Ok(Literal::Enum(name.to_owned(), value)),
            _ => wrong(self, quote, "the names of members are expected, with commas between them"),
        }
    }

    /// Takes text in double quotes with the escapes of JSON.
    pub(crate) fn json_text(&mut self) -> Result<Literal, OdataError> {
        let mut escaped = false;
        let end = self.rest().bytes().skip(1).position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        let quoted = end.and_then(|end| self.rest().get(..end + 2)).unwrap_or_default();
        match serde_json::from_str(quoted) {
            Ok(text) => {
                self.take(quoted.len());
                Ok(Literal::Text(text))
            }
            Err(_) => Err(self.error("text in double quotes is expected, as JSON writes it".to_owned())),
        }
    }
}

/// A value that is a word; `true` and `false` in any case, the others as they are.
pub(super) fn word(name: &str) -> Option<Literal> {
    match name {
        "null" => Some(Literal::Null),
        "NaN" => Some(Literal::NotFinite(NotFinite::NaN)),
        "INF" => Some(Literal::NotFinite(NotFinite::Infinity)),
        _ if name.eq_ignore_ascii_case("true") => Some(Literal::Bool(true)),
        _ if name.eq_ignore_ascii_case("false") => Some(Literal::Bool(false)),
        _ => None,
    }
}

const GUID_LENGTH: usize = 36;

/// An identifier in its hyphenated form, and nothing of a name behind it.
pub(crate) fn guid(text: &str) -> Option<Uuid> {
    let found = text.get(..GUID_LENGTH)?;
    let shaped = found.bytes().enumerate().all(|(index, byte)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    let ends = !text.get(GUID_LENGTH..)?.starts_with(continues_name);
    if shaped && ends { Uuid::parse_str(found).ok() } else { None }
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Two digits that make a number in the range.
fn two_digits(tens: u8, ones: u8, range: std::ops::RangeInclusive<u8>) -> bool {
    tens.is_ascii_digit() && ones.is_ascii_digit() && range.contains(&((tens - b'0') * 10 + (ones - b'0')))
}

/// The length of a year with what stands before its digits.
fn year(bytes: &[u8]) -> Option<usize> {
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let count = digits(bytes.get(sign..)?);
    let padded = bytes.get(sign) == Some(&b'0');
    (count == 4 || count > 4 && !padded).then_some(sign + count)
}

/// The length of a date.
fn date(bytes: &[u8]) -> Option<usize> {
    let year = year(bytes)?;
    match bytes.get(year..)? {
        [b'-', m1, m2, b'-', d1, d2, rest @ ..]
            if two_digits(*m1, *m2, 1..=12)
                && two_digits(*d1, *d2, 1..=31)
                && !rest.first().is_some_and(u8::is_ascii_digit) =>
        {
            Some(year + 6)
        }
        _ => None,
    }
}

fn looks_like_date(bytes: &[u8]) -> bool {
    year(bytes)
        .is_some_and(|year| matches!(bytes.get(year..), Some([b'-', next, ..]) if next.is_ascii_digit()))
}

/// The length of a time of a day.
fn time_of_day(bytes: &[u8]) -> Option<usize> {
    let minutes = match bytes {
        [h1, h2, b':', m1, m2, ..] if two_digits(*h1, *h2, 0..=23) && two_digits(*m1, *m2, 0..=59) => 5,
        _ => return None,
    };
    let seconds = match bytes.get(minutes..)? {
        [b':', s1, s2, ..] if two_digits(*s1, *s2, 0..=60) => minutes + 3,
        _ => return Some(minutes),
    };
    let fraction = match bytes.get(seconds..)? {
        [b'.', rest @ ..] => digits(rest),
        _ => 0,
    };
    Some(if (1..=12).contains(&fraction) { seconds + 1 + fraction } else { seconds })
}

/// The length of an offset from UTC.
fn zone(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'Z' | b'z', ..] => Some(1),
        [b'+' | b'-', h1, h2, b':', m1, m2, ..]
            if two_digits(*h1, *h2, 0..=23) && two_digits(*m1, *m2, 0..=59) =>
        {
            Some(6)
        }
        _ => None,
    }
}

/// The length of a number, and whether it has neither a fraction nor an exponent.
fn number(bytes: &[u8]) -> Option<(usize, bool)> {
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = digits(bytes.get(sign..)?);
    if whole == 0 {
        return None;
    }
    let mut length = sign + whole;
    if let Some([b'.', rest @ ..]) = bytes.get(length..)
        && digits(rest) > 0
    {
        length += 1 + digits(rest);
    }
    if let Some([b'e' | b'E', rest @ ..]) = bytes.get(length..) {
        let sign = usize::from(matches!(rest.first(), Some(b'+' | b'-')));
        let exponent = digits(rest.get(sign..).unwrap_or_default());
        length += if exponent > 0 { 1 + sign + exponent } else { 0 };
    }
    Some((length, length == sign + whole))
}

/// `durationValue`: at least one part, and at least one behind `T` where there is one.
fn is_duration(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let Some(text) = upper.strip_prefix('-').unwrap_or(&upper).strip_prefix('P') else { return false };
    let (days, time) = match text.split_once('T') {
        Some((days, time)) => (days, Some(time)),
        None => (text, None),
    };
    let is_days = days.strip_suffix('D').is_some_and(is_digits);
    match time {
        Some(time) => (days.is_empty() || is_days) && is_duration_time(time),
        None => is_days,
    }
}

fn is_duration_time(text: &str) -> bool {
    let mut rest = text;
    for unit in ['H', 'M', 'S'] {
        let Some((number, after)) = rest.split_once(unit) else { continue };
        let fraction = (unit == 'S').then(|| number.split_once('.')).flatten();
        let fits = match fraction {
            Some((whole, part)) => is_digits(whole) && is_digits(part),
            None => is_digits(number),
        };
        if !fits {
            return false;
        }
        rest = after;
    }
    rest.is_empty() && !text.is_empty()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Members by name or number, with commas between them.
pub(crate) fn is_enum(text: &str) -> bool {
    text.split(',').all(|member| {
        let number = member.strip_prefix(['+', '-']).unwrap_or(member);
        let name = member.starts_with(super::starts_name) && member.chars().all(continues_name);
        name || is_digits(number)
    })
}

fn base64url(text: &str) -> Option<Vec<u8>> {
    let encoding = if text.ends_with('=') { BASE64URL } else { BASE64URL_NOPAD };
    encoding.decode(text.as_bytes()).ok()
}
