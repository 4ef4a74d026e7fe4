//! A JSON writer that appends to a byte buffer, without building a tree.

use std::fmt::Display;
use std::io::Write as _;

/// A JSON document under construction. Commas are inserted where required.
#[derive(Default)]
pub(crate) struct Json {
    bytes: Vec<u8>,
    /// The last byte that was taken.
    before: Option<u8>,
}

impl Json {
    /// Creates an empty document with room for `bytes`.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), before: None }
    }

    /// Returns the bytes written.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// Reserves room for `bytes` more.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve(bytes);
    }

    /// Returns the bytes written since the last call, and reserves room for as many.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.before = self.last();
        let room = Vec::with_capacity(self.bytes.len());
        std::mem::replace(&mut self.bytes, room)
    }

    fn last(&self) -> Option<u8> {
        self.bytes.last().copied().or(self.before)
    }

    /// Begins an object or array that is an array item, or the document.
    pub(crate) fn open(&mut self, bracket: u8) {
        self.separate();
        self.bytes.push(bracket);
    }

    /// Begins an object or array as the value of the last key.
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

    /// Writes the key of an annotation of a property, such as `Name@odata.count`.
    pub(crate) fn key_of(&mut self, name: &str, annotation: &str) {
        self.separate();
        self.bytes.push(b'"');
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(annotation.as_bytes());
        self.bytes.extend_from_slice(b"\":");
    }

    /// Writes a string with the required escapes.
    pub(crate) fn text(&mut self, text: &str) {
        // Writing text to memory cannot fail.
        let _ = serde_json::to_writer(&mut self.bytes, text);
    }

    /// Writes a value that needs neither quotes nor escapes: a number or a Boolean.
    pub(crate) fn bare(&mut self, value: impl Display) {
        let _ = write!(self.bytes, "{value}");
    }

    /// Writes a string that needs no escapes: a GUID, a timestamp, a key.
    pub(crate) fn quoted(&mut self, value: impl Display) {
        let _ = write!(self.bytes, "\"{value}\"");
    }

    /// Writes bytes that are JSON already.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Writes `null`.
    pub(crate) fn null(&mut self) {
        self.bytes.extend_from_slice(b"null");
    }

    /// Writes a string as an array item.
    pub(crate) fn item(&mut self, text: &str) {
        self.separate();
        self.text(text);
    }

    /// Writes a comma if required: before an array item that is not an object.
    pub(crate) fn separate(&mut self) {
        if !matches!(self.last(), None | Some(b'{' | b'[')) {
            self.bytes.push(b',');
        }
    }
}
