//! Byte-wise scanner of ASCII forms.

use super::cursor::Lexer;

/// A scanner that records how far it got.
pub struct Scan<'a> {
    bytes: &'a [u8],
    /// The next byte.
    position: usize,
    /// The furthest byte that did not match.
    furthest_failure: usize,
    depth: usize,
}

impl Scan<'_> {
    /// Consumes one byte that satisfies `wanted`.
    pub(crate) fn one(&mut self, wanted: impl Fn(u8) -> bool) -> Option<u8> {
        match self.bytes.get(self.position) {
            Some(byte) if wanted(*byte) => {
                self.position += 1;
                Some(*byte)
            }
            _ => {
                self.furthest_failure = self.furthest_failure.max(self.position);
                None
            }
        }
    }

    /// Consumes a case-insensitive text. A failure is at its first byte.
    pub fn text(&mut self, wanted: &str) -> Option<()> {
        self.text_that(wanted, |found| found.eq_ignore_ascii_case(wanted.as_bytes()))
    }

    /// Consumes a case-sensitive text. A failure is at its first byte.
    pub(crate) fn exact_text(&mut self, wanted: &str) -> Option<()> {
        self.text_that(wanted, |found| found == wanted.as_bytes())
    }

    fn text_that(&mut self, wanted: &str, fits: impl FnOnce(&[u8]) -> bool) -> Option<()> {
        let end = self.position + wanted.len();
        if self.bytes.get(self.position..end).is_some_and(fits) {
            self.position = end;
            return Some(());
        }
        self.furthest_failure = self.furthest_failure.max(self.position);
        None
    }

    /// Consumes a byte, case-insensitive.
    pub(crate) fn byte(&mut self, wanted: u8) -> Option<()> {
        self.one(|byte| byte.eq_ignore_ascii_case(&wanted)).map(drop)
    }

    /// Consumes from `least` to `most` bytes that satisfy `wanted`, and returns their number.
    pub(crate) fn many(&mut self, least: usize, most: usize, wanted: impl Fn(u8) -> bool) -> Option<usize> {
        let mut count = 0;
        while count < most && self.one(&wanted).is_some() {
            count += 1;
        }
        (count >= least).then_some(count)
    }

    /// Consumes from `least` to `most` digits, and returns their number.
    pub fn digits(&mut self, least: usize, most: usize) -> Option<usize> {
        self.many(least, most, |byte| byte.is_ascii_digit())
    }

    /// Consumes an optional form, and returns whether it was present.
    pub(crate) fn optional(&mut self, read: impl FnOnce(&mut Self) -> Option<()>) -> bool {
        let start = self.position;
        let found = read(self).is_some();
        if !found {
            self.position = start;
        }
        found
    }

    /// Consumes the first of several forms that matches.
    pub(crate) fn first_of(&mut self, forms: &[fn(&mut Scan<'_>) -> Option<()>]) -> Option<()> {
        forms.iter().any(|form| self.optional(form)).then_some(())
    }

    /// Consumes an optional sign.
    pub fn sign(&mut self) {
        self.optional(|scan| scan.one(|byte| matches!(byte, b'+' | b'-')).map(drop));
    }

    /// Reads a recursive form, nested at most `most` levels deep.
    pub(crate) fn deeper(&mut self, most: usize, read: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        if self.depth == most {
            return None;
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// Returns the number of bytes consumed.
    pub(crate) const fn taken(&self) -> usize {
        self.position
    }
}

impl<'a> Lexer<'a> {
    /// Consumes a form, if it is next.
    pub fn scan(
        &mut self,
        expected: &'static str,
        read: impl FnOnce(&mut Scan<'_>) -> Option<()>,
    ) -> Option<&'a str> {
        let mut scan = Scan { bytes: self.rest().as_bytes(), position: 0, furthest_failure: 0, depth: 0 };
        let found = read(&mut scan).map(|()| scan.position);
        let furthest_failure = scan.furthest_failure;
        self.count_steps(furthest_failure);
        self.note_expected(furthest_failure, expected);
        found.map(|length| self.take(length))
    }
}
