//! Checks of percent-encoded texts.

use odata::ast::Options;
use odata::syntax::{
    Input, OptionName, Strictness, bad_percent, decode, encoded_bytes, parse_option, read_input,
};

use crate::mismatch::Mismatch;
use crate::read::Read;

/// Checks a text with percent-encoding, in which a raw `#` is not allowed.
pub(crate) fn decoded(rule: &str, text: &str, offset: usize, read: Read) -> Result<(), Mismatch> {
    up_to(text, &["#"], offset, |text| percent_decoded(rule, text, offset, read))
}

fn percent_decoded(rule: &str, text: &str, offset: usize, read: Read) -> Result<(), Mismatch> {
    let value = decode(rule, text).map_err(|error| Mismatch::from_error(&error, text, offset))?;
    let semicolons = encoded_bytes(text, "%3B");
    let input = Input { text: &value, semicolons: &semicolons, strictness: Strictness::Exact };
    read_input(rule, input, read).map_err(|error| Mismatch::from_decoded_error(&error, text, offset))
}

/// Checks the fragment of a URL, in which `#`, `/` and `+` are not percent-encoded.
pub(crate) fn fragment(rule: &str, text: &str, offset: usize, read: Read) -> Result<(), Mismatch> {
    up_to(text, &["%23", "%2F", "%2f", "%2B", "%2b"], offset, |text| {
        percent_decoded(rule, text, offset, read)
    })
}

/// Checks the text before the first of `ends`, which are allowed nowhere in it, or before a `%` that encodes
/// nothing. If that part matches so far, the mismatch is at that position.
fn up_to(
    text: &str,
    ends: &[&str],
    offset: usize,
    check: impl Fn(&str) -> Result<(), Mismatch>,
) -> Result<(), Mismatch> {
    let bad_percent = bad_percent(text);
    let Some(byte) = ends.iter().filter_map(|end| text.find(end)).chain(bad_percent).min() else {
        return check(text);
    };
    let (before, rest) = text.split_at(byte);
    let at = offset + before.chars().count();
    match check(before) {
        Err(mismatch) if mismatch.at < at => Err(mismatch),
        _ if bad_percent != Some(byte) => {
            Err(Mismatch { at, message: format!("'{}' is not allowed here", &rest[..1]) })
        }
        _ => {
            // An encoded character is allowed exactly where `!` is.
            let allowed = check(&format!("{before}!")).map_or_else(|mismatch| mismatch.at > at, |()| true);
            let digits = rest.bytes().skip(1).take_while(u8::is_ascii_hexdigit).count();
            let at = if allowed { at + 1 + digits } else { at };
            Err(Mismatch { at, message: "expected two hexadecimal digits after '%'".to_owned() })
        }
    }
}

/// Checks an option's value, with or without the option's name and `=` before it.
pub(crate) fn option_with_name(option: OptionName, text: &str) -> Result<(), Mismatch> {
    let bare = text.strip_prefix('$').unwrap_or(text);
    let dollar = text.len() - bare.len();
    let word = option.word();
    let named = bare.get(..word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word));
    let rest = bare.get(word.len()..).unwrap_or_default();
    if named && let Some(value) = rest.strip_prefix('=') {
        return option_value(option, value, dollar + word.len() + 1);
    }
    let name_end = dollar + word.len();
    match option_value(option, text, 0) {
        Err(mismatch) if named && mismatch.at <= name_end => {
            Err(Mismatch { at: name_end, message: "expected '=' after the name of an option".to_owned() })
        }
        result => result,
    }
}

/// Checks the value of an option that begins at character `offset` of the whole text.
pub(crate) fn option_value(option: OptionName, value: &str, offset: usize) -> Result<(), Mismatch> {
    let ends: &[&str] = if has_quoted_texts(option) { &["#"] } else { &["#", "&"] };
    up_to(value, ends, offset, |value| {
        let text =
            decode(option.name(), value).map_err(|error| Mismatch::from_error(&error, value, offset))?;
        let semicolons = encoded_bytes(value, "%3B");
        let input = Input { text: &text, semicolons: &semicolons, strictness: Strictness::Exact };
        // A duplicate option within one list is valid syntax.
        parse_option(option, input, &mut Options::default())
            .map(drop)
            .map_err(|error| Mismatch::from_decoded_error(&error, value, offset))
    })
}

/// Returns whether the option's value has quoted texts, in which a raw `&` is allowed (`pchar-no-SQUOTE`).
const fn has_quoted_texts(option: OptionName) -> bool {
    use OptionName::{Apply, Compute, Expand, Filter, OrderBy, Select};
    matches!(option, Apply | Compute | Expand | Filter | OrderBy | Select)
}
