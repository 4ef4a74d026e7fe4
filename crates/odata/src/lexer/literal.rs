//! Literals (OData ABNF, section 7).

use data_encoding::{BASE64URL, BASE64URL_NOPAD};
use model::Uuid;

use super::cursor::{Lexer, Mark};
use super::form::{
    base64, date, date_in_utc, decimal, duration, guid_form, hour_and_minute, int64, minus_infinity, moment,
    time_of_day,
};
use super::scan::Scan;
use crate::OdataError;
use crate::ast::{Literal, NotFinite};

const GUID: &str = "a guid such as 12345678-9abc-def0-1234-56789abcdef0";
const DATE: &str = "a date such as 2026-08-01";
const TIME: &str = "a time such as 10:30:00";
const MOMENT: &str = "a date and time such as 2026-08-01T10:30:00Z";
const NUMBER: &str = "a number";
const DURATION: &str = "a duration such as P1DT12H30M5.5S";
const MEMBER: &str = "a member of an enumeration";
const BASE64: &str = "base64url";

impl Lexer<'_> {
    /// Consumes a GUID, or a literal that does not begin with a letter, if one is next.
    pub(super) fn unnamed_literal(&mut self, condition_of_case: bool) -> Result<Option<Literal>, OdataError> {
        match self.peek() {
            Some('\'') => self.text().map(|text| Some(Literal::Text(text))),
            Some(c) if c.is_ascii_hexdigit() || matches!(c, '+' | '-') => {
                Ok(self.formed_literal(condition_of_case))
            }
            _ => Ok(None),
        }
    }

    fn formed_literal(&mut self, condition_of_case: bool) -> Option<Literal> {
        if let Some(id) = self.scan(GUID, guid_form) {
            return Uuid::parse_str(id).ok().map(Literal::Guid);
        }
        if let Some(text) = self.scan(MOMENT, moment) {
            return Some(Literal::DateTimeOffset(text.to_ascii_uppercase()));
        }
        if self.is_tolerant()
            && let Some(text) = self.scan(DATE, date_in_utc)
        {
            return Some(Literal::DateTimeOffset(format!("{}T00:00:00Z", &text[..text.len() - 1])));
        }
        if let Some(text) = self.scan(DATE, date) {
            return Some(Literal::Date(text.to_owned()));
        }
        if let Some(time) = self.time(condition_of_case) {
            return Some(time);
        }
        self.number()
    }

    /// Consumes a time of day. In `case(X lt 10:20)`, the last colon belongs to the case, not to the time.
    fn time(&mut self, condition_of_case: bool) -> Option<Literal> {
        const FORMS: [fn(&mut Scan<'_>) -> Option<()>; 2] = [time_of_day, hour_and_minute];
        for form in FORMS {
            let start = self.mark();
            let Some(text) = self.scan(TIME, form) else { continue };
            let end = self.mark();
            self.skip_space();
            let ends_condition = !matches!(self.peek(), None | Some(',' | ')'));
            if !condition_of_case || ends_condition {
                self.reset(end);
                return Some(Literal::TimeOfDay(text.to_owned()));
            }
            self.reset(start);
        }
        None
    }

    fn number(&mut self) -> Option<Literal> {
        if let Some("-INF") = self.scan("-INF", minus_infinity) {
            return Some(Literal::NotFinite(NotFinite::NegativeInfinity));
        }
        let text = self.scan(NUMBER, decimal)?;
        let whole = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-'));
        let int = whole.then(|| text.parse().ok()).flatten();
        Some(int.map_or_else(|| Literal::Decimal(text.to_owned()), Literal::Int))
    }

    /// Consumes text in single quotes, in which two quotes denote one.
    pub fn text(&mut self) -> Result<String, OdataError> {
        self.expect('\'')?;
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|c| c != '\''));
            if !self.eat('\'') {
                return Err(self.error("the closing quote of this text is missing".to_owned()));
            }
            if !self.eat('\'') {
                return Ok(text);
            }
            text.push('\'');
        }
    }

    /// Consumes the quoted part of a literal that began with a name at `start`.
    pub(super) fn quoted_literal(&mut self, start: Mark, name: &str) -> Result<Literal, OdataError> {
        match name.to_ascii_lowercase().as_str() {
            "duration" => {
                self.eat('\'');
                let Some(text) = self.scan(DURATION, duration) else { return Err(self.unexpected(DURATION)) };
                self.expect('\'')?;
                Ok(Literal::Duration(text.to_ascii_uppercase()))
            }
            "binary" => {
                self.eat('\'');
                let bytes = self.base64url()?;
                self.expect('\'')?;
                Ok(Literal::Binary(bytes))
            }
            "geography" | "geometry" => self.geo_literal(start),
            _ if !name.contains('.') => Err(self.error("expected a space before a text".to_owned())),
            _ => {
                self.eat('\'');
                let members = self.members()?;
                self.expect('\'')?;
                Ok(Literal::Enum(name.to_owned(), members))
            }
        }
    }

    /// Consumes comma-separated members of an enumeration (`enumValue`).
    pub fn members(&mut self) -> Result<String, OdataError> {
        let start = self.mark();
        loop {
            self.member()?;
            if !self.eat(',') {
                return Ok(self.since(start).to_owned());
            }
        }
    }

    /// Consumes a member of an enumeration, by name or number (`singleEnumLiteral`).
    pub fn member(&mut self) -> Result<(), OdataError> {
        if self.name()?.is_none() && self.scan(MEMBER, int64).is_none() {
            return Err(self.unexpected(MEMBER));
        }
        Ok(())
    }

    /// Consumes binary data (`binaryValue`).
    pub fn base64url(&mut self) -> Result<Vec<u8>, OdataError> {
        let text = self.scan(BASE64, base64).unwrap_or_default();
        let encoding = if text.ends_with('=') { BASE64URL } else { BASE64URL_NOPAD };
        encoding.decode(text.as_bytes()).map_err(|_| self.unexpected(BASE64))
    }
}

/// Returns the literal that is a word: `true` and `false` in any case, the others case-sensitive.
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

/// Parses a hyphenated GUID that is the whole text.
pub(crate) fn guid(text: &str) -> Option<Uuid> {
    const LENGTH: usize = 36;
    if text.len() == LENGTH { Uuid::parse_str(text).ok() } else { None }
}
