//! Literals and values (OData ABNF, section 7).

use odata::OdataError;
use odata::syntax::Parser;
use odata::syntax::{Scan, form};

use crate::names;
use crate::read::Read;

type Form = fn(&mut Scan<'_>) -> Option<()>;

pub(super) fn read_of(rule: &str) -> Option<Read> {
    Some(match rule {
        "primitiveLiteral" => |parser| parser.literal().map(drop),
        "primitiveValue" => primitive_value,
        "null" | "nullValue" => |parser| parser.lexer.expect_text("null"),
        "boolean" => |parser| parser.truth_value().map(drop),
        "booleanValue" => |parser| match parser.lexer.eat_exact_word(&["true", "false"], BOOL) {
            Some(_) => Ok(()),
            None => Err(parser.lexer.unexpected(BOOL)),
        },
        "guid" | "guidValue" => |parser| formed(parser, form::guid_form, "a guid"),
        "date" | "dateValue" => |parser| formed(parser, form::date, "a date"),
        "dateTimeOffset" | "dateTimeOffsetLiteral" | "dateTimeOffsetValue" | "dateTimeOffsetValueInUrl" => {
            |parser| formed(parser, form::moment, "a date and time")
        }
        "timeOfDay" | "timeOfDayLiteral" | "timeOfDayValue" | "timeOfDayValueInUrl" => {
            |parser| formed(parser, form::time_of_day, "a time of day")
        }
        "decimal" | "decimalLiteral" | "decimalValue" | "double" | "doubleLiteral" | "doubleValue"
        | "single" | "singleLiteral" | "singleValue" => {
            |parser| formed(parser, form::decimal_value, "a number")
        }
        "nanInfinity" => |parser| formed(parser, form::not_finite, "NaN, INF or -INF"),
        "byte" | "byteValue" => {
            |parser| formed(parser, |scan| scan.digits(1, 3).map(drop), "one to three digits")
        }
        "sbyte" | "sbyteLiteral" | "sbyteValue" => |parser| whole_number::<3>(parser),
        "int16" | "int16Literal" | "int16Value" => |parser| whole_number::<5>(parser),
        "int32" | "int32Literal" | "int32Value" => |parser| whole_number::<10>(parser),
        "int64" | "int64Literal" | "int64Value" => |parser| whole_number::<19>(parser),
        "string" | "stringLiteral" => |parser| parser.lexer.text().map(drop),
        "duration" | "durationLiteral" => |parser| {
            prefix(parser, "duration")?;
            quoted(parser, |parser| formed(parser, form::duration, "a duration"))
        },
        "durationValue" => |parser| formed(parser, form::duration, "a duration"),
        "enum" | "enumLiteral" => |parser| {
            if parser.lexer.peek() != Some('\'') {
                names::qualified(parser)?;
            }
            quoted(parser, |parser| parser.lexer.members().map(drop))
        },
        "enumValue" => |parser| parser.lexer.members().map(drop),
        "singleEnumLiteral" | "singleEnumValue" => |parser| parser.lexer.member(),
        "binary" | "binaryLiteral" => |parser| {
            if parser.lexer.peek() == Some('\'') {
                return Err(parser.lexer.unexpected("'binary'"));
            }
            prefix(parser, "binary")?;
            quoted(parser, |parser| parser.lexer.base64url().map(drop))
        },
        "binaryValue" => |parser| parser.lexer.base64url().map(drop),
        "fractionalSeconds" => {
            |parser| formed(parser, |scan| scan.digits(1, 12).map(drop), "one to twelve digits")
        }
        _ => return geo(rule),
    })
}

/// Returns whether a rule describes payload content, which is not percent-encoded.
pub(super) fn is_payload(rule: &str) -> bool {
    rule.ends_with("Value") && read_of(rule).is_some()
}

const BOOL: &str = "'true' or 'false'";

fn formed(parser: &mut Parser<'_>, form: Form, expected: &'static str) -> Result<(), OdataError> {
    match parser.lexer.scan(expected, form) {
        Some(_) => Ok(()),
        None => Err(parser.lexer.unexpected(expected)),
    }
}

fn whole_number<const DIGITS: usize>(parser: &mut Parser<'_>) -> Result<(), OdataError> {
    formed(
        parser,
        |scan| {
            scan.sign();
            scan.digits(1, DIGITS).map(drop)
        },
        "an integer",
    )
}

fn quoted(parser: &mut Parser<'_>, read: Read) -> Result<(), OdataError> {
    parser.lexer.expect('\'')?;
    read(parser)?;
    parser.lexer.expect('\'')
}

/// Reads a case-insensitive word before a quote, which may be absent.
fn prefix(parser: &mut Parser<'_>, word: &'static str) -> Result<(), OdataError> {
    if parser.lexer.peek() == Some('\'') || parser.lexer.eat_word(&[word], word).is_some() {
        return Ok(());
    }
    Err(parser.lexer.unexpected(&format!("'{word}'")))
}

/// Reads a value of `DefaultValue` (`primitiveValue`).
fn primitive_value(parser: &mut Parser<'_>) -> Result<(), OdataError> {
    let start = parser.lexer.mark();
    let forms: [Read; 9] = [
        |parser| formed(parser, form::guid_form, "a guid"),
        |parser| formed(parser, form::moment, "a date and time"),
        |parser| formed(parser, form::date, "a date"),
        |parser| formed(parser, form::time_of_day, "a time of day"),
        |parser| formed(parser, form::duration, "a duration"),
        |parser| formed(parser, form::decimal_value, "a number"),
        |parser| parser.lexer.members().map(drop),
        |parser| parser.lexer.shape("").map(drop),
        |parser| parser.lexer.base64url().map(drop),
    ];
    for read in forms {
        parser.lexer.reset(start);
        if read(parser).is_ok() && parser.lexer.is_done() {
            return Ok(());
        }
    }
    parser.lexer.reset(start);
    Err(parser.lexer.unexpected("a value"))
}

/// Returns the reader of a geographic or geometric rule: `geographyPoint`, `geometryPoint`,
/// `fullPointLiteral`.
fn geo(rule: &str) -> Option<Read> {
    macro_rules! shapes {
        ($($name:literal),*) => {
            $(
                if rule == concat!("full", $name, "Literal") {
                    return Some(|parser| parser.lexer.shape($name).map(drop));
                }
                if rule == concat!("geography", $name) {
                    return Some(|parser| shape(parser, "geography", $name));
                }
                if rule == concat!("geometry", $name) {
                    return Some(|parser| shape(parser, "geometry", $name));
                }
            )*
        };
    }
    shapes!("Collection", "LineString", "MultiLineString", "MultiPoint", "MultiPolygon", "Point", "Polygon");
    None
}

fn shape(parser: &mut Parser<'_>, family: &'static str, name: &'static str) -> Result<(), OdataError> {
    if parser.lexer.peek() == Some('\'') {
        return Err(parser.lexer.unexpected(&format!("'{family}'")));
    }
    prefix(parser, family)?;
    parser.lexer.expect('\'')?;
    parser.lexer.shape(name)?;
    parser.lexer.expect('\'')
}
