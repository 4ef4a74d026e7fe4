//! Names and keywords (OData ABNF, section 6).

use super::cursor::Lexer;
use crate::OdataError;

/// Maximum length of a name in characters (OData ABNF, `odataIdentifier`).
const MAX_NAME: usize = 128;

impl<'a> Lexer<'a> {
    /// Consumes a name, if one is next.
    pub(crate) fn name(&mut self) -> Result<Option<&'a str>, OdataError> {
        if !self.rest().starts_with(starts_name) {
            self.note_expected(0, "a name");
            return Ok(None);
        }
        let start = self.mark();
        let name = self.take_while(continues_name);
        let Some((beyond, _)) = name.char_indices().nth(MAX_NAME) else { return Ok(Some(name)) };
        self.reset(start);
        self.take(beyond);
        Err(self.error(format!("a name has at most {MAX_NAME} characters")))
    }

    /// Consumes a name, which must be next.
    pub fn expect_name(&mut self) -> Result<&'a str, OdataError> {
        match self.name()? {
            Some(name) => Ok(name),
            None => Err(self.unexpected("a name")),
        }
    }

    /// Consumes a name that may be qualified: names separated by dots.
    pub(crate) fn dotted_name(&mut self) -> Result<Option<&'a str>, OdataError> {
        let start = self.mark();
        if self.name()?.is_none() {
            return Ok(None);
        }
        loop {
            let end = self.mark();
            if !self.eat('.') || self.name()?.is_none() {
                self.reset(end);
                return Ok(Some(self.since(start)));
            }
        }
    }

    /// Consumes a name that may be qualified, which must be next.
    pub fn expect_dotted_name(&mut self) -> Result<&'a str, OdataError> {
        match self.dotted_name()? {
            Some(name) => Ok(name),
            None => Err(self.unexpected("a name")),
        }
    }

    /// Consumes one of several keywords, case-insensitive, if it is next, and returns its index. An error is
    /// at the first character of the word.
    pub fn eat_word(&mut self, words: &[&str], expected: &'static str) -> Option<usize> {
        self.one_of(words, expected, |left, right| left.eq_ignore_ascii_case(&right))
    }

    /// Consumes one of several keywords, case-sensitive, if it is next, and returns its index.
    pub fn eat_exact_word(&mut self, words: &[&str], expected: &'static str) -> Option<usize> {
        self.one_of(words, expected, |left, right| left == right)
    }

    fn one_of(&mut self, words: &[&str], expected: &'static str, same: fn(u8, u8) -> bool) -> Option<usize> {
        let start = self.mark();
        self.eat('$');
        self.take_while(continues_name);
        let found = self.since(start).as_bytes();
        let begins =
            |word: &&&str| word.len() <= found.len() && word.bytes().zip(found).all(|(a, b)| same(a, *b));
        let index = words.iter().position(|word| word.len() == found.len() && begins(&word));
        if index.is_none() {
            self.reset(start);
            self.note_expected(
                words.iter().filter(begins).map(|word| word.len()).max().unwrap_or(0),
                expected,
            );
        }
        index
    }

    /// Consumes a case-sensitive keyword, which must be next.
    pub(crate) fn expect_word(&mut self, word: &'static str) -> Result<(), OdataError> {
        match self.eat_exact_word(&[word], word) {
            Some(_) => Ok(()),
            None => Err(self.unexpected(&format!("'{word}'"))),
        }
    }

    /// Consumes the name of an annotation after `@`: `Namespace.Term#Qualifier` (`annotationInQuery`).
    pub fn annotation(&mut self) -> Result<&'a str, OdataError> {
        let start = self.mark();
        self.expect_dotted_name()?;
        if self.eat('#') {
            self.expect_name()?;
        }
        Ok(self.since(start))
    }
}

/// Returns whether a name may begin with the character (`identifierLeadingCharacter`: letters and letter
/// numbers).
pub(super) fn starts_name(c: char) -> bool {
    c == '_' || unicode_ident::is_xid_start(c)
}

/// Returns whether a name may contain the character (`identifierCharacter`: also digits, marks, connectors
/// and formatting characters).
pub(super) fn continues_name(c: char) -> bool {
    unicode_ident::is_xid_continue(c) || is_format(c)
}

/// Returns whether a character is a formatting character of Unicode's basic plane (category Cf).
fn is_format(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{890}'..='\u{891}'
        | '\u{8E2}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}
