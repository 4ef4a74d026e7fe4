//! The body of the action `Import`, read while it arrives.
//!
//! [`ImportReader`] takes the bytes of a body in pieces of any length. It hands over each object as soon as its last brace has
//! arrived, and keeps no more than the object that it is reading. It finds only where values begin and end; the text of an
//! object is parsed by its receiver.

mod state;
#[cfg(test)]
mod tests;

use state::{Nested, State};

/// Maximum length of the text of an object, in bytes.
pub const MAX_OBJECT: usize = 64 * 1024;
/// Maximum number of levels of an object.
pub const MAX_LEVELS: usize = 16;
/// Maximum length of a parameter or its name, in bytes.
const MAX_PARAMETER: usize = 256;
/// Maximum number of parameters.
const MAX_PARAMETERS: usize = 16;
/// Name of the parameter with the objects.
const OBJECTS: &str = "objects";

/// The notation of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// One JSON object with the parameters of the action; the objects are in `objects`.
    Json,
    /// Objects without anything around them, separated by line breaks (NDJSON).
    Lines,
}

/// A part of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A parameter: its name, and the text of its value.
    Parameter(String, Vec<u8>),
    /// The text of an object.
    Object(Vec<u8>),
}

/// Why a body cannot be read further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Stable code for programs.
    pub code: &'static str,
    /// Explanation for people, with the position.
    pub message: String,
}

/// Reads a body in pieces.
///
/// ```
/// use odata::import::{ImportReader, Notation, Piece};
///
/// let mut reader = ImportReader::new(Notation::Json);
/// let mut pieces = Vec::new();
/// reader.push(br#"{"objects": [{"Name": "A"}"#, &mut pieces)?;
/// assert_eq!(pieces, [Piece::Object(br#"{"Name": "A"}"#.to_vec())]);
/// reader.push(b"]}", &mut pieces)?;
/// reader.end()?;
/// # Ok::<(), odata::import::Broken>(())
/// ```
#[derive(Debug)]
pub struct ImportReader {
    state: State,
    /// The text that is being read.
    text: Vec<u8>,
    /// The name of the parameter that is being read.
    name: String,
    /// The names of the parameters so far.
    names: Vec<String>,
    /// The number of bytes that were read.
    position: u64,
}

impl ImportReader {
    /// Creates a reader.
    pub fn new(notation: Notation) -> Self {
        let state = match notation {
            Notation::Json => State::Start,
            Notation::Lines => State::Between,
        };
        Self { state, text: Vec::new(), name: String::new(), names: Vec::new(), position: 0 }
    }

    /// Reads the next bytes, and appends what is complete.
    ///
    /// # Errors
    /// [`Broken`] if the bytes do not continue a body; what precedes them was appended. The reader cannot be used afterwards.
    pub fn push(&mut self, bytes: &[u8], pieces: &mut Vec<Piece>) -> Result<(), Broken> {
        for byte in bytes {
            self.state = self.next(*byte, pieces)?;
            self.position += 1;
        }
        Ok(())
    }

    /// Ends the body.
    ///
    /// # Errors
    /// [`Broken`] if the body is incomplete.
    pub fn end(&self) -> Result<(), Broken> {
        match self.state {
            State::Between => Ok(()),
            State::End if self.names.iter().any(|name| name == OBJECTS) => Ok(()),
            State::End => Err(self.broken("the parameter 'objects' is missing")),
            _ => Err(self.broken("the body ends within a value")),
        }
    }

    fn broken(&self, what: &str) -> Broken {
        let message = format!("the body cannot be read at byte {}: {what}", self.position);
        Broken { code: "BAD_USER_INPUT", message }
    }

    fn limit(&self, what: &str) -> Broken {
        let message = format!("the body cannot be read at byte {}: {what}", self.position);
        Broken { code: "LIMIT_EXCEEDED", message }
    }

    /// Returns the state after a byte.
    fn next(&mut self, byte: u8, pieces: &mut Vec<Piece>) -> Result<State, Broken> {
        let is_space = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        match (self.state, byte) {
            (State::Name { quoted: true, escaped }, _) => self.name_byte(byte, escaped),
            (State::Text { escaped }, _) => self.text_byte(byte, escaped, pieces),
            (State::Nested(nested), _) => self.nested_byte(nested, byte, pieces),
            (State::Bare, b',' | b'}') => {
                self.parameter(pieces);
                self.after_value(byte)
            }
            (State::Bare, _) if is_space => {
                self.parameter(pieces);
                Ok(State::AfterValue)
            }
            (State::Bare, _) => self.keep(byte).map(|()| State::Bare),
            (state, _) if is_space => Ok(state),
            (State::Start, b'{') => Ok(State::FirstName),
            (State::FirstName, b'}') => Ok(State::End),
            (State::FirstName | State::Name { .. }, b'"') => {
                self.text = vec![byte];
                Ok(State::Name { quoted: true, escaped: false })
            }
            (State::Colon, b':') => Ok(State::Value),
            (State::Value, _) => self.value_byte(byte),
            (State::AfterValue, _) => self.after_value(byte),
            (State::FirstObject | State::NextObject | State::Between, b'{') => Ok(self.begin_object()),
            (State::FirstObject | State::AfterObject, b']') => Ok(State::AfterValue),
            (State::AfterObject, b',') => Ok(State::NextObject),
            (state, _) => Err(self.broken(&format!("{} is expected", state.expects()))),
        }
    }

    /// Keeps a byte of a name or of the value of a parameter.
    fn keep(&mut self, byte: u8) -> Result<(), Broken> {
        if self.text.len() >= MAX_PARAMETER {
            return Err(self.limit(&format!("a parameter has at most {MAX_PARAMETER} bytes")));
        }
        self.text.push(byte);
        Ok(())
    }

    fn name_byte(&mut self, byte: u8, escaped: bool) -> Result<State, Broken> {
        self.keep(byte)?;
        if escaped || byte != b'"' {
            return Ok(State::Name { quoted: true, escaped: !escaped && byte == b'\\' });
        }
        let name: String = serde_json::from_slice(&self.text)
            .map_err(|_| self.broken("this is not the name of a parameter"))?;
        if self.names.contains(&name) {
            return Err(self.broken("a parameter is given twice"));
        }
        if self.names.len() >= MAX_PARAMETERS {
            return Err(self.limit(&format!("there are at most {MAX_PARAMETERS} parameters")));
        }
        self.names.push(name.clone());
        self.name = name;
        self.text.clear();
        Ok(State::Colon)
    }

    /// Begins the value of a parameter.
    fn value_byte(&mut self, byte: u8) -> Result<State, Broken> {
        if self.name == OBJECTS {
            let array = (byte == b'[').then_some(State::FirstObject);
            return array.ok_or_else(|| self.broken("an array of objects is expected"));
        }
        if self.names.iter().any(|name| name == OBJECTS) && !self.name.starts_with('@') {
            return Err(self.broken("the parameters are given before 'objects'"));
        }
        self.text = vec![byte];
        match byte {
            b'"' => Ok(State::Text { escaped: false }),
            b'-' | b'0'..=b'9' | b'a'..=b'z' => Ok(State::Bare),
            _ => Err(self.broken("a text, a number, true, false or null is expected")),
        }
    }

    fn text_byte(&mut self, byte: u8, escaped: bool, pieces: &mut Vec<Piece>) -> Result<State, Broken> {
        self.keep(byte)?;
        if escaped || byte != b'"' {
            return Ok(State::Text { escaped: !escaped && byte == b'\\' });
        }
        self.parameter(pieces);
        Ok(State::AfterValue)
    }

    /// Hands over a parameter.
    fn parameter(&mut self, pieces: &mut Vec<Piece>) {
        let (name, text) = (std::mem::take(&mut self.name), std::mem::take(&mut self.text));
        pieces.push(Piece::Parameter(name, text));
    }

    fn after_value(&self, byte: u8) -> Result<State, Broken> {
        match byte {
            b',' => Ok(State::Name { quoted: false, escaped: false }),
            b'}' => Ok(State::End),
            _ => Err(self.broken(&format!("{} is expected", State::AfterValue.expects()))),
        }
    }

    fn begin_object(&mut self) -> State {
        self.text = vec![b'{'];
        State::Nested(Nested::new(self.is_within_array()))
    }

    /// Returns whether the objects are in an array.
    fn is_within_array(&self) -> bool {
        !matches!(self.state, State::Between)
    }

    fn nested_byte(&mut self, nested: Nested, byte: u8, pieces: &mut Vec<Piece>) -> Result<State, Broken> {
        if self.text.len() >= MAX_OBJECT {
            return Err(self.limit(&format!("an object has at most {MAX_OBJECT} bytes")));
        }
        self.text.push(byte);
        let after = nested.after(byte);
        if after.levels > MAX_LEVELS {
            return Err(self.limit(&format!("an object has at most {MAX_LEVELS} levels")));
        }
        if after.levels > 0 {
            return Ok(State::Nested(after));
        }
        pieces.push(Piece::Object(std::mem::take(&mut self.text)));
        Ok(if after.is_within_array { State::AfterObject } else { State::Between })
    }
}
