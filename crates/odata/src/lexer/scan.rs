//! Texts of fixed form, byte by byte: what they are made of is ASCII.

use super::cursor::Lexer;

/// Reads a text of fixed form and remembers how far it could be read.
pub struct Scan<'a> {
    bytes: &'a [u8],
    /// The next byte.
    position: usize,
    /// The furthest byte that was not as wanted.
    missed: usize,
    depth: usize,
}

impl Scan<'_> {
    /// Takes one byte that is wanted.
    pub(crate) fn one(&mut self, wanted: impl Fn(u8) -> bool) -> Option<u8> {
        match self.bytes.get(self.position) {
            Some(byte) if wanted(*byte) => {
                self.position += 1;
                Some(*byte)
            }
            _ => {
                self.missed = self.missed.max(self.position);
                None
            }
        }
    }

    /// Takes a text, upper or lower case; it is missed as a whole.
    pub fn text(&mut self, wanted: &str) -> Option<()> {
        self.text_that(wanted, |found| found.eq_ignore_ascii_case(wanted.as_bytes()))
    }

    /// Takes a text as it is written; it is missed as a whole.
    pub(crate) fn exact_text(&mut self, wanted: &str) -> Option<()> {
        self.text_that(wanted, |found| found == wanted.as_bytes())
    }

    fn text_that(&mut self, wanted: &str, fits: impl FnOnce(&[u8]) -> bool) -> Option<()> {
        let end = self.position + wanted.len();
        if self.bytes.get(self.position..end).is_some_and(fits) {
            self.position = end;
            return Some(());
        }
        self.missed = self.missed.max(self.position);
        None
    }

    /// Takes a byte, upper or lower case.
    pub(crate) fn byte(&mut self, wanted: u8) -> Option<()> {
        self.one(|byte| byte.eq_ignore_ascii_case(&wanted)).map(drop)
    }

    /// Takes so many bytes that are wanted at the least and at the most.
    pub(crate) fn many(&mut self, least: usize, most: usize, wanted: impl Fn(u8) -> bool) -> Option<usize> {
        let mut count = 0;
        while count < most && self.one(&wanted).is_some() {
            count += 1;
        }
        (count >= least).then_some(count)
    }

    /// Takes digits, of which there must be so many.
    pub fn digits(&mut self, least: usize, most: usize) -> Option<usize> {
        self.many(least, most, |byte| byte.is_ascii_digit())
    }

    /// Takes what may be there; whether it is.
    pub(crate) fn optional(&mut self, read: impl FnOnce(&mut Self) -> Option<()>) -> bool {
        let start = self.position;
        let found = read(self).is_some();
        if !found {
            self.position = start;
        }
        found
    }

    /// Takes the first of several forms that fits.
    pub(crate) fn first_of(&mut self, forms: &[fn(&mut Scan<'_>) -> Option<()>]) -> Option<()> {
        forms.iter().any(|form| self.optional(form)).then_some(())
    }

    /// Takes a sign, if there is one.
    pub fn sign(&mut self) {
        self.optional(|scan| scan.one(|byte| matches!(byte, b'+' | b'-')).map(drop));
    }

    /// Reads something that may contain its own kind, so many levels deep.
    pub(crate) fn deeper(&mut self, most: usize, read: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        if self.depth == most {
            return None;
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// How many bytes were taken.
    pub(crate) const fn taken(&self) -> usize {
        self.position
    }
}

impl<'a> Lexer<'a> {
    /// Takes a text of fixed form, if it is next.
    pub fn scan(
        &mut self,
        expected: &'static str,
        read: impl FnOnce(&mut Scan<'_>) -> Option<()>,
    ) -> Option<&'a str> {
        let mut scan = Scan { bytes: self.rest().as_bytes(), position: 0, missed: 0, depth: 0 };
        let found = read(&mut scan).map(|()| scan.position);
        let missed = scan.missed;
        self.count_steps(missed);
        self.miss(missed, expected);
        found.map(|length| self.take(length))
    }
}
