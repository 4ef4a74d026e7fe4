//! Writes JSON straight into bytes, without a tree in between.

use std::fmt::Display;
use std::io::Write as _;

/// JSON that is being written. Commas are set by what stands before them.
#[derive(Default)]
pub(super) struct Json {
    bytes: Vec<u8>,
}

impl Json {
    /// Nothing yet, with room for so many bytes.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes) }
    }

    /// What was written.
    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// Begins an object or array that is an item of an array, or the whole.
    pub(super) fn open(&mut self, bracket: u8) {
        self.separate();
        self.bytes.push(bracket);
    }

    /// Begins an object or array that is the value of the key just written.
    pub(super) fn open_value(&mut self, bracket: u8) {
        self.bytes.push(bracket);
    }

    /// Ends an object or array.
    pub(super) fn close(&mut self, bracket: u8) {
        self.bytes.push(bracket);
    }

    /// Writes a key that needs no escapes.
    pub(super) fn key(&mut self, name: &str) {
        self.key_of(name, "");
    }

    /// Writes the key of something that is said of a property, such as `Name@odata.count`.
    pub(super) fn key_of(&mut self, name: &str, annotation: &str) {
        self.separate();
        self.bytes.push(b'"');
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(annotation.as_bytes());
        self.bytes.extend_from_slice(b"\":");
    }

    /// Writes text with the escapes that it needs.
    pub(super) fn text(&mut self, text: &str) {
        // Writing text to memory cannot fail.
        let _ = serde_json::to_writer(&mut self.bytes, text);
    }

    /// Writes something whose text needs neither quotes nor escapes: a number, a truth value.
    pub(super) fn bare(&mut self, value: impl Display) {
        let _ = write!(self.bytes, "{value}");
    }

    /// Writes something in quotes whose text needs no escapes: an identifier, a time, a key.
    pub(super) fn quoted(&mut self, value: impl Display) {
        let _ = write!(self.bytes, "\"{value}\"");
    }

    /// Writes `null`.
    pub(super) fn null(&mut self) {
        self.bytes.extend_from_slice(b"null");
    }

    fn separate(&mut self) {
        if !matches!(self.bytes.last(), None | Some(b'{' | b'[')) {
            self.bytes.push(b',');
        }
    }
}
