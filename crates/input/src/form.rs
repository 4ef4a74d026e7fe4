//! The text of a form or of a query (RFC 6749, appendix B), read strictly.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use crate::Invalid;

/// How many fields a form may have.
const MAX_FIELDS: usize = 100;

/// Reads the pairs of a form or of a query, in the order in which they came.
///
/// # Errors
/// [`Invalid::Request`] where they are malformed, or too many.
pub fn pairs(text: &[u8]) -> Result<Vec<(String, String)>, Invalid> {
    let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    let fields = pairs.map(|pair| {
        let mut sides = pair.splitn(2, |byte| *byte == b'=');
        Ok((decode(sides.next().unwrap_or_default())?, decode(sides.next().unwrap_or_default())?))
    });
    let fields = fields.collect::<Result<Vec<_>, Invalid>>()?;
    if fields.len() > MAX_FIELDS { Err(invalid("there are too many parameters")) } else { Ok(fields) }
}

/// Reads one name or value as forms encode it.
///
/// # Errors
/// [`Invalid::Request`] where it is malformed, is not UTF-8 or contains a null character.
pub fn decode(encoded: &[u8]) -> Result<String, Invalid> {
    let spaced: Vec<u8> = encoded.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    if !is_encoded(&spaced) {
        return Err(invalid("a percent sign has no two hexadecimal digits behind it"));
    }
    let decoded = percent_decode(&spaced).decode_utf8().map(Cow::into_owned);
    let decoded = decoded.map_err(|_| invalid("the parameters are not UTF-8"))?;
    if decoded.contains('\0') { Err(invalid("a parameter contains a null character")) } else { Ok(decoded) }
}

/// Whether every percent sign begins an encoded byte (RFC 3986, section 2.1).
fn is_encoded(text: &[u8]) -> bool {
    let behind =
        text.iter().enumerate().filter(|(_, byte)| **byte == b'%').map(|(at, _)| text.get(at + 1..at + 3));
    behind.into_iter().all(|digits| digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)))
}

fn invalid(message: &str) -> Invalid {
    Invalid::Request(message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte, raw and encoded, in a name and in a value: it is read exactly, or refused.
    #[test]
    fn every_byte_is_read_or_refused() {
        for byte in 0..=u8::MAX {
            let encoded = format!("%{byte:02x}");
            let is_right = byte.is_ascii() && byte != 0;
            assert_eq!(decode(encoded.as_bytes()).is_ok(), is_right, "{byte}");
            assert_eq!(decode(&[byte]).is_ok(), is_right && byte != b'%', "{byte}");
            let pair = pairs(format!("a{encoded}=b{encoded}").as_bytes());
            let text = char::from(byte);
            assert_eq!(pair.ok(), is_right.then(|| vec![(format!("a{text}"), format!("b{text}"))]), "{byte}");
        }
        assert_eq!(decode("é+%C3%A9".as_bytes()).unwrap(), "é é");
        for bad in ["%", "%1", "%zz", "a%2", "%c3", "%c3%28", "%00", "a=%ed%a0%80"] {
            assert!(pairs(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn fields_come_in_order_and_are_not_too_many() {
        let read = pairs(b"a=1&&b&a=2=3&=x").unwrap();
        let expected = [("a", "1"), ("b", ""), ("a", "2=3"), ("", "x")];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(pairs(b"").unwrap(), []);
        let many = |count: usize| vec!["a"; count].join("&");
        assert!(pairs(many(MAX_FIELDS).as_bytes()).is_ok());
        assert!(pairs(many(MAX_FIELDS + 1).as_bytes()).is_err());
    }
}
