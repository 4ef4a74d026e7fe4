//! JSON strings within a URL (OData ABNF, section 5).

use super::cursor::Lexer;
use crate::OdataError;

impl Lexer<'_> {
    /// Consumes text in double quotes with JSON escapes (`stringInUrl`).
    pub fn json_text(&mut self) -> Result<String, OdataError> {
        self.expect('"')?;
        let mut units: Vec<u16> = Vec::new();
        loop {
            let plain = self.take_while(|c| c != '"' && c != '\\');
            units.extend(plain.encode_utf16());
            if self.eat('"') {
                // An unpaired surrogate is not a character.
                return Ok(String::from_utf16_lossy(&units));
            }
            if !self.eat('\\') {
                return Err(self.error("the closing quote of this text is missing".to_owned()));
            }
            units.push(self.escaped()?);
        }
    }

    fn escaped(&mut self) -> Result<u16, OdataError> {
        let simple = match self.peek() {
            Some(c @ ('"' | '\\' | '/')) => Some(c),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('u') => None,
            _ => return Err(self.unexpected("a JSON escape")),
        };
        self.take(1);
        if let Some(c) = simple {
            return Ok(u16::try_from(u32::from(c)).unwrap_or_default());
        }
        let digits = self.scan("four hexadecimal digits", |scan| {
            scan.many(4, 4, |byte| byte.is_ascii_hexdigit()).map(drop)
        });
        match digits.map(|digits| u16::from_str_radix(digits, 16)) {
            Some(Ok(unit)) => Ok(unit),
            _ => Err(self.unexpected("four hexadecimal digits")),
        }
    }
}
