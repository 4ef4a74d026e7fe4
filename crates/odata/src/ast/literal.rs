//! Literals.

use model::Uuid;

/// A literal as in a URL (OData ABNF, section 7).
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// Any other finite number, as written.
    Decimal(String),
    /// `NaN`, `INF` or `-INF`
    NotFinite(NotFinite),
    /// A GUID.
    Guid(Uuid),
    /// A date, as written.
    Date(String),
    /// A date and time with UTC offset, as written.
    DateTimeOffset(String),
    /// A time of day, as written.
    TimeOfDay(String),
    /// `duration'…'`: a duration in XML Schema notation, as written.
    Duration(String),
    /// Text in single quotes.
    Text(String),
    /// `Namespace.Type'Member,Member'`: the qualified type name and the quoted text.
    Enum(String, String),
    /// `binary'…'`
    Binary(Vec<u8>),
    /// `geography'…'` or `geometry'…'`: the keyword and the shape, as written.
    Geo(String, String),
}

impl Literal {
    /// Returns the name of the variant.
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
    /// Positive infinity.
    Infinity,
    /// Negative infinity.
    NegativeInfinity,
}
