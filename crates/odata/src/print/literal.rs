//! Text form of literals.

use std::fmt::{self, Display, Formatter};

use data_encoding::BASE64URL_NOPAD;

use crate::ast::{Key, Literal, NotFinite};

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Decimal(text) | Self::Date(text) | Self::DateTimeOffset(text) | Self::TimeOfDay(text) => {
                f.write_str(text)
            }
            Self::NotFinite(NotFinite::NaN) => f.write_str("NaN"),
            Self::NotFinite(NotFinite::Infinity) => f.write_str("INF"),
            Self::NotFinite(NotFinite::NegativeInfinity) => f.write_str("-INF"),
            Self::Guid(id) => id.fmt(f),
            Self::Duration(text) => write!(f, "duration'{text}'"),
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Enum(name, members) => write!(f, "{name}'{members}'"),
            Self::Geo(family, shape) => write!(f, "{family}'{shape}'"),
            Self::Binary(bytes) => write!(f, "binary'{}'", BASE64URL_NOPAD.encode(bytes)),
        }
    }
}

impl Display for Key {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(literal) => literal.fmt(f),
            Self::Alias(name) => write!(f, "@{name}"),
        }
    }
}
