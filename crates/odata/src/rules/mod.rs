//! The grammar by the names of its rules: whether a text is what a rule of the OData ABNF describes.
//!
//! This asks for syntax only, to the letter; the service itself tolerates a little more where the meaning is
//! plain, and refuses what its model does not have. The text is as in a URL: percent-encoding is decoded, and
//! what need not be encoded to be understood may stand as it is. Values of payloads and headers are not encoded.

mod expressions;
mod literals;
mod names;
mod query;
mod signs;
mod values;
mod within;

use crate::functions;
use crate::lexer::{Mark, Strictness};
use crate::options::OptionName;
use crate::parse::{self, Given, Parser, whole, whole_given};
use crate::url::{bad_percent, decode, encoded_bytes, encoded_index};
use crate::{OdataError, ast::Options};

/// Where a text leaves a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The character of the text as given, counted from 0: the first at which no text of the rule goes on, where a
    /// word of the grammar, such as `$filter` or `and`, goes on as a whole.
    pub at: usize,
    /// What is wrong there.
    pub message: String,
}

/// Reads a decoded text as a rule has it.
type Read = fn(&mut Parser<'_>) -> Result<(), OdataError>;

/// The rules whose text begins with the name of an option.
const OPTIONS: [(&str, OptionName); 18] = [
    ("filter", OptionName::Filter),
    ("orderby", OptionName::OrderBy),
    ("select", OptionName::Select),
    ("expand", OptionName::Expand),
    ("search", OptionName::Search),
    ("apply", OptionName::Apply),
    ("compute", OptionName::Compute),
    ("top", OptionName::Top),
    ("skip", OptionName::Skip),
    ("inlinecount", OptionName::Count),
    ("count", OptionName::Count),
    ("levels", OptionName::Levels),
    ("format", OptionName::Format),
    ("index", OptionName::Index),
    ("id", OptionName::Id),
    ("skiptoken", OptionName::SkipToken),
    ("deltatoken", OptionName::DeltaToken),
    ("schemaversion", OptionName::SchemaVersion),
];

/// Checks a text against a rule of the ABNF.
///
/// The text of an option's rule has the option's name before it, as in `$filter=Name eq 'x'`, or lacks it.
///
/// # Errors
/// The character at which no text of the rule goes on; that of a rule that is not known is 0.
pub fn check(rule: &str, text: &str) -> Result<(), Fault> {
    match rule {
        // The rule of the name describes the segment; the option's is `inlinecount`.
        "count" if text.starts_with('/') => segment(text, "/$count"),
        "ref" => segment(text, "/$ref"),
        "value" => segment(text, "/$value"),
        "each" => segment(text, "/$each"),
        "querySegment" => segment(text, "/$query"),
        "resourcePath" => resource_path(text),
        "odataRelativeUri" => relative_uri(text),
        "odataUri" => within::uri(text),
        _ => {
            if let Some((_, option)) = OPTIONS.iter().find(|(name, _)| *name == rule) {
                return option_with_name(*option, text);
            }
            if let Some(kind) = query::Kind::of_rule(rule) {
                return query::check(kind, text, 0);
            }
            if let Some(result) = within::part(rule, text).or_else(|| signs::check(rule, text)) {
                return result;
            }
            match read_of(rule) {
                Some(read) if literals::is_payload(rule) => {
                    whole(rule, text, Strictness::Exact, read).map_err(|error| fault(&error, text, 0))
                }
                Some(read) if names::is_of_fragment(rule) => fragment(rule, text, 0, read),
                Some(read) => decoded(rule, text, 0, read),
                None => check_otherwise(rule, text),
            }
        }
    }
}

/// Checks a text against the rule of a function, or a rule whose name has upper and lower case of its own.
fn check_otherwise(rule: &str, text: &str) -> Result<(), Fault> {
    match (rule.strip_suffix("MethodCallExpr"), as_the_grammar_writes_it(rule)) {
        (Some(function), _) => method_call(function, text),
        (None, Some(name)) if name != rule => check(name, text),
        _ => Err(Fault { at: 0, message: format!("unknown rule '{rule}'") }),
    }
}

/// The names of all rules of the OData ABNF for 4.01 and of the ABNF for data aggregation, one a line.
pub const NAMES: &str = include_str!("names.txt");

/// The name of a rule as the grammar writes it: ABNF takes upper and lower case for the same (RFC 5234, section 2.1).
fn as_the_grammar_writes_it(rule: &str) -> Option<&'static str> {
    NAMES.lines().find(|name| name.eq_ignore_ascii_case(rule))
}

/// Checks a call of one function of the standard, by the name that the rule has of it.
fn method_call(function: &str, text: &str) -> Result<(), Fault> {
    let name = match function {
        "distance" => "geo.distance".to_owned(),
        "geoLength" => "geo.length".to_owned(),
        "intersects" => "geo.intersects".to_owned(),
        other => other.to_ascii_lowercase(),
    };
    if name != "case" && functions::arity(&name).is_none() {
        return Err(Fault { at: 0, message: format!("unknown rule '{function}MethodCallExpr'") });
    }
    let value = decode(function, text).map_err(|error| fault(&error, text, 0))?;
    if !value.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(&name)) {
        return Err(Fault { at: 0, message: format!("'{name}' is expected") });
    }
    match decoded(function, text, 0, expressions::method_call) {
        Err(Fault { at: 0, .. }) => {
            let at = encoded_index(text, name.chars().count());
            Err(Fault { at, message: format!("'(' is expected behind '{name}'") })
        }
        result => result,
    }
}

fn read_of(rule: &str) -> Option<Read> {
    values::read_of(rule)
        .or_else(|| expressions::read_of(rule))
        .or_else(|| literals::read_of(rule))
        .or_else(|| names::read_of(rule))
}

fn segment(text: &str, wanted: &'static str) -> Result<(), Fault> {
    whole("segment", text, Strictness::Exact, |parser| parser.lexer.expect_text(wanted))
        .map_err(|error| fault(&error, text, 0))
}

/// Checks a text in which percent-encoding stands for characters, and in which a `#` cannot stand as it is.
fn decoded(rule: &str, text: &str, offset: usize, read: Read) -> Result<(), Fault> {
    up_to(text, &["#"], offset, |text| percent_decoded(rule, text, offset, read))
}

fn percent_decoded(rule: &str, text: &str, offset: usize, read: Read) -> Result<(), Fault> {
    let value = decode(rule, text).map_err(|error| fault(&error, text, offset))?;
    let semicolons = encoded_bytes(text, "%3B");
    let given = Given { text: &value, semicolons: &semicolons, strictness: Strictness::Exact };
    whole_given(rule, given, read).map_err(|error| decoded_fault(&error, text, offset))
}

/// Checks a fragment of a URL: its signs stand as they are.
fn fragment(rule: &str, text: &str, offset: usize, read: Read) -> Result<(), Fault> {
    up_to(text, &["%23", "%2F", "%2f", "%2B", "%2b"], offset, |text| {
        percent_decoded(rule, text, offset, read)
    })
}

/// Checks the text before the first of what can nowhere stand in it, or of a `%` that encodes nothing: where it is right so far, it is wrong there.
fn up_to(
    text: &str,
    ends: &[&str],
    offset: usize,
    check: impl Fn(&str) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let bad_percent = bad_percent(text);
    let Some(byte) = ends.iter().filter_map(|end| text.find(end)).chain(bad_percent).min() else {
        return check(text);
    };
    let (before, rest) = text.split_at(byte);
    let at = offset + before.chars().count();
    match check(before) {
        Err(fault) if fault.at < at => Err(fault),
        _ if bad_percent != Some(byte) => {
            Err(Fault { at, message: format!("'{}' cannot stand here", &rest[..1]) })
        }
        _ => {
            // Where an encoded sign may stand, `!` may as well, and nowhere else.
            let may_stand = check(&format!("{before}!")).map_or_else(|fault| fault.at > at, |()| true);
            let digits = rest.bytes().skip(1).take_while(u8::is_ascii_hexdigit).count();
            let at = if may_stand { at + 1 + digits } else { at };
            Err(Fault { at, message: "two hexadecimal digits are expected behind '%'".to_owned() })
        }
    }
}

fn option_with_name(option: OptionName, text: &str) -> Result<(), Fault> {
    let bare = text.strip_prefix('$').unwrap_or(text);
    let dollar = text.len() - bare.len();
    let word = option.word();
    let named = bare.get(..word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word));
    let behind = bare.get(word.len()..).unwrap_or_default();
    if named && let Some(value) = behind.strip_prefix('=') {
        return option_value(option, value, dollar + word.len() + 1);
    }
    let behind_name = dollar + word.len();
    match option_value(option, text, 0) {
        Err(fault) if named && fault.at <= behind_name => {
            Err(Fault { at: behind_name, message: "'=' is expected behind the name of an option".to_owned() })
        }
        result => result,
    }
}

/// Checks the value of an option that begins at a character of the whole text.
fn option_value(option: OptionName, value: &str, offset: usize) -> Result<(), Fault> {
    let ends: &[&str] = if is_made_of_values(option) { &["#"] } else { &["#", "&"] };
    up_to(value, ends, offset, |value| {
        let text = decode(option.name(), value).map_err(|error| fault(&error, value, offset))?;
        let semicolons = encoded_bytes(value, "%3B");
        let given = Given { text: &text, semicolons: &semicolons, strictness: Strictness::Exact };
        // The same option twice in one list is syntax as well as once.
        parse::option(option, given, &mut Options::default())
            .map(drop)
            .map_err(|error| decoded_fault(&error, value, offset))
    })
}

/// Whether an option has texts in quotes, in which an `&` may stand as it is (`pchar-no-SQUOTE`).
const fn is_made_of_values(option: OptionName) -> bool {
    use OptionName::{Apply, Compute, Expand, Filter, OrderBy, Select};
    matches!(option, Apply | Compute | Expand | Filter | OrderBy | Select)
}

fn resource_path(text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault { at: 0, message: "the name of a resource is expected".to_owned() });
    }
    use crate::ast::path::Target;
    match parse::target(text) {
        Ok(Target::Metadata | Target::Batch | Target::Entity(_)) => {
            Err(Fault { at: 1, message: "$all or $crossjoin is expected".to_owned() })
        }
        Ok(_) => Ok(()),
        Err(error) => Err(fault(&error, text, 0)),
    }
}

fn relative_uri(text: &str) -> Result<(), Fault> {
    use crate::ast::path::Target;
    let uri = parse::relative_uri(text).map_err(|error| fault(&error, text, 0))?;
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let path = text.get(..end).unwrap_or_default();
    let path_end = path.chars().count();
    let (kind, required) = match &uri.target {
        Target::Service => return resource_path(path),
        Target::Batch => (query::Kind::Batch, false),
        Target::Metadata => (query::Kind::Metadata, false),
        Target::Entity(None) => (query::Kind::Entity, true),
        Target::Entity(Some(_)) => (query::Kind::EntityCast, true),
        _ => (query::Kind::Any, false),
    };
    match uri.query.as_deref() {
        Some("") if kind == query::Kind::Any => {}
        Some(raw) => query::check(kind, raw, path_end + 1)?,
        None if required => {
            return Err(Fault { at: path_end, message: "'?' and $id are expected".to_owned() });
        }
        None => {}
    }
    let Some(context) = uri.context else { return Ok(()) };
    let at = text.chars().count() - context.chars().count();
    if kind != query::Kind::Metadata {
        return Err(Fault { at: at - 1, message: "only $metadata has a context".to_owned() });
    }
    fragment("context", &context, at, |parser| parser.context_fragment())
}

/// The error that a text is one of the grammar, and not of the rule in question.
fn other(parser: &mut Parser<'_>, start: Mark, message: &str) -> OdataError {
    OdataError::Meaning { place: parser.lexer.place_at(start.at), message: message.to_owned() }
}

/// A fault in a text that is decoded before it is read.
fn decoded_fault(error: &OdataError, text: &str, offset: usize) -> Fault {
    let Fault { at, message } = fault(error, text, 0);
    Fault { at: offset + encoded_index(text, at), message }
}

fn fault(error: &OdataError, text: &str, offset: usize) -> Fault {
    let message = match error {
        OdataError::Syntax { message, .. } | OdataError::Meaning { message, .. } => message.clone(),
        other => other.to_string(),
    };
    Fault { at: offset + error.position().unwrap_or_else(|| text.chars().count()), message }
}
