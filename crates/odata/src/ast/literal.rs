//! Values.

use model::Uuid;

/// A value as the URL writes it (OData ABNF, section 7).
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number of 64 bits.
    Int(i64),
    /// Another finite number, as written.
    Decimal(String),
    /// `NaN`, `INF` or `-INF`
    NotFinite(NotFinite),
    /// An identifier.
    Guid(Uuid),
    /// A calendar date, as written.
    Date(String),
    /// A moment with its offset from UTC, as written.
    DateTimeOffset(String),
    /// A time of a day, as written.
    TimeOfDay(String),
    /// `duration'…'`: a length of time in the notation of XML Schema, as written.
    Duration(String),
    /// Text in single quotes.
    Text(String),
    /// `Namespace.Type'Member,Member'`: the type's full name and what stands between the quotes.
    Enum(String, String),
    /// `binary'…'`
    Binary(Vec<u8>),
    /// `geography'…'` or `geometry'…'`: the word, and the shape as written.
    Geo(String, String),
}

impl Literal {
    /// The name of the kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "Null",
            Self::Bool(_) => "Bool",
            Self::Int(_) => "Int",
            Self::Decimal(_) => "Decimal",
            Self::NotFinite(_) => "NotFinite",
            Self::Guid(_) => "Guid",
            Self::Date(_) => "Date",
            Self::DateTimeOffset(_) => "DateTimeOffset",
            Self::TimeOfDay(_) => "TimeOfDay",
            Self::Duration(_) => "Duration",
            Self::Text(_) => "Text",
            Self::Enum(..) => "Enum",
            Self::Binary(_) => "Binary",
            Self::Geo(..) => "Geo",
        }
    }
}

/// Floating-point values that are not finite numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFinite {
    /// Not a number.
    NaN,
    /// Greater than every number.
    Infinity,
    /// Less than every number.
    NegativeInfinity,
}
