//! Writes JSON straight into bytes, without a tree in between.

use std::fmt::Display;
use std::io::Write as _;

/// JSON that is being written. Commas are set by what stands before them.
#[derive(Default)]
pub(crate) struct Json {
    bytes: Vec<u8>,
    /// The last byte of what was taken.
    before: Option<u8>,
}

impl Json {
    /// Nothing yet, with room for so many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), before: None }
    }

    /// What was written.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// Makes room for so many bytes more.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve(bytes);
    }

    /// What was written since it was last asked; as much more may follow.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.before = self.last();
        let room = Vec::with_capacity(self.bytes.len());
        std::mem::replace(&mut self.bytes, room)
    }

    fn last(&self) -> Option<u8> {
        self.bytes.last().copied().or(self.before)
    }

    /// Begins an object or array that is an item of an array, or the whole.
    pub(crate) fn open(&mut self, bracket: u8) {
        self.separate();
        self.bytes.push(bracket);
    }

    /// Begins an object or array that is the value of the key just written.
    pub(crate) fn open_value(&mut self, bracket: u8) {
        self.bytes.push(bracket);
    }

    /// Ends an object or array.
    pub(crate) fn close(&mut self, bracket: u8) {
        self.bytes.push(bracket);
    }

    /// Writes a key that needs no escapes.
    pub(crate) fn key(&mut self, name: &str) {
        self.key_of(name, "");
    }

    /// Writes the key of something that is said of a property, such as `Name@odata.count`.
    pub(crate) fn key_of(&mut self, name: &str, annotation: &str) {
        self.separate();
        self.bytes.push(b'"');
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(annotation.as_bytes());
        self.bytes.extend_from_slice(b"\":");
    }

    /// Writes text with the escapes that it needs.
    pub(crate) fn text(&mut self, text: &str) {
        // Writing text to memory cannot fail.
        let _ = serde_json::to_writer(&mut self.bytes, text);
    }

    /// Writes something whose text needs neither quotes nor escapes: a number, a truth value.
    pub(crate) fn bare(&mut self, value: impl Display) {
        let _ = write!(self.bytes, "{value}");
    }

    /// Writes something in quotes whose text needs no escapes: an identifier, a time, a key.
    pub(crate) fn quoted(&mut self, value: impl Display) {
        let _ = write!(self.bytes, "\"{value}\"");
    }

    /// Writes `null`.
    pub(crate) fn null(&mut self) {
        self.bytes.extend_from_slice(b"null");
    }

    /// Writes text that is an item of an array.
    pub(crate) fn item(&mut self, text: &str) {
        self.separate();
        self.text(text);
    }

    /// Sets a comma where something stands before what comes next: before an item of an array that is no object.
    pub(crate) fn separate(&mut self) {
        if !matches!(self.last(), None | Some(b'{' | b'[')) {
            self.bytes.push(b',');
        }
    }
}
