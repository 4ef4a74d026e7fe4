//! Where a reader of an import is.

/// What the next byte belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    /// Before the brace that begins the parameters.
    Start,
    /// Before the first name.
    FirstName,
    /// Before or within a name.
    Name {
        /// Whether the name has begun.
        quoted: bool,
        /// Whether the next byte is escaped.
        escaped: bool,
    },
    /// Behind a name.
    Colon,
    /// Before a value.
    Value,
    /// Within a text.
    Text {
        /// Whether the next byte is escaped.
        escaped: bool,
    },
    /// Within a number or a literal.
    Bare,
    /// Behind a value.
    AfterValue,
    /// Behind the bracket that begins the objects.
    FirstObject,
    /// Within an object.
    Nested(Nested),
    /// Behind an object.
    AfterObject,
    /// Behind the comma that follows an object.
    NextObject,
    /// Between objects that nothing surrounds.
    Between,
    /// Behind the last brace.
    End,
}

impl State {
    /// Returns what may follow.
    pub(super) const fn expects(self) -> &'static str {
        match self {
            Self::Start => "'{'",
            Self::FirstName => "a name in quotes or '}'",
            Self::Name { .. } => "a name in quotes",
            Self::Colon => "':'",
            Self::Value | Self::Text { .. } | Self::Bare => "a value",
            Self::AfterValue => "',' or '}'",
            Self::FirstObject => "an object or ']'",
            Self::AfterObject => "',' or ']'",
            Self::NextObject | Self::Between | Self::Nested(_) => "an object",
            Self::End => "the end",
        }
    }
}

/// The position within an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nested {
    /// The number of brackets and braces that are open.
    pub(super) levels: usize,
    /// Whether the object is in an array.
    pub(super) is_within_array: bool,
    quoted: bool,
    escaped: bool,
}

impl Nested {
    /// The position behind the first brace.
    pub(super) const fn new(is_within_array: bool) -> Self {
        Self { levels: 1, is_within_array, quoted: false, escaped: false }
    }

    /// Returns the position behind the next byte. That brackets match is left to the parser.
    pub(super) const fn after(self, byte: u8) -> Self {
        match byte {
            _ if self.escaped => Self { escaped: false, ..self },
            b'\\' if self.quoted => Self { escaped: true, ..self },
            b'"' => Self { quoted: !self.quoted, ..self },
            b'{' | b'[' if !self.quoted => Self { levels: self.levels + 1, ..self },
            b'}' | b']' if !self.quoted => Self { levels: self.levels.saturating_sub(1), ..self },
            _ => self,
        }
    }
}
