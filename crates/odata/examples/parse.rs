//! Says for each line `<rule><TAB><text>` of the standard input whether the text is what the rule of the
//! OData ABNF describes: `ok`, or `error <character index>: <message>`. The text is as in a URL, so
//! percent-encoding is decoded; the index counts the characters of the text as given.

use std::io::{BufRead, Write};

use odata::parse;
use odata::{OdataError, QueryOptions};

fn main() -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (rule, text) = line.split_once('\t').unwrap_or((&line, ""));
        writeln!(output, "{}", verdict(rule, text))?;
    }
    Ok(())
}

fn verdict(rule: &str, text: &str) -> String {
    match check(rule, text) {
        Ok(()) => "ok".to_owned(),
        Err((at, message)) => format!("error {at}: {message}"),
    }
}

type Verdict = Result<(), (usize, String)>;

/// Reads a decoded text as a rule has it.
type Read = fn(&str) -> Result<(), OdataError>;

/// The rules whose text begins with the name of an option.
const OPTIONS: [(&str, Read); 4] = [
    ("filter", |text| parse::filter(text).map(drop)),
    ("orderby", |text| parse::order_by(text).map(drop)),
    ("select", |text| parse::select(text).map(drop)),
    ("expand", |text| parse::expand(text).map(drop)),
];

fn check(rule: &str, text: &str) -> Verdict {
    if let Some((name, read)) = OPTIONS.iter().find(|(name, _)| *name == rule) {
        return option(name, *read, text);
    }
    match rule {
        "commonExpr" | "boolCommonExpr" => decoded(text, 0, |text| parse::filter(text).map(drop)),
        "queryOptions" => QueryOptions::parse(text).map(drop).map_err(|error| described(&error, text, 0)),
        rule if is_literal(rule) => decoded(text, 0, |text| literal(rule, text)),
        _ => Err((0, format!("the rule '{rule}' is not known"))),
    }
}

fn option(name: &str, read: Read, text: &str) -> Verdict {
    let start = usize::from(text.starts_with('$'));
    let value = start + name.len() + 1;
    let found = text.get(start..value - 1).is_some_and(|found| found.eq_ignore_ascii_case(name));
    match text.get(value - 1..) {
        Some(rest) if found && rest.starts_with('=') => decoded(text.get(value..).unwrap_or(""), value, read),
        _ => Err((0, format!("'${name}=' is expected"))),
    }
}

fn decoded(text: &str, offset: usize, read: impl Fn(&str) -> Result<(), OdataError>) -> Verdict {
    let value = odata::decode("text", text).map_err(|error| described(&error, text, offset))?;
    read(&value).map_err(|error| {
        let (at, message) = described(&error, text, 0);
        (offset + odata::encoded_index(text, at), message)
    })
}

fn described(error: &OdataError, text: &str, offset: usize) -> (usize, String) {
    let message = match error {
        OdataError::Syntax { message, .. } => message.clone(),
        other => other.to_string(),
    };
    (error.position().map_or(text.chars().count(), |at| offset + at), message)
}

fn is_literal(rule: &str) -> bool {
    rule == "primitiveLiteral" || kinds(rule).is_some()
}

fn literal(rule: &str, text: &str) -> Result<(), OdataError> {
    let literal = parse::literal(text)?;
    let wanted = kinds(rule);
    if wanted.is_none_or(|wanted| wanted.contains(&literal.kind())) {
        return Ok(());
    }
    let place = odata::Place { option: rule.to_owned(), at: 0 };
    Err(OdataError::Syntax { place, message: format!("this is not a {rule}") })
}

/// The kinds of literals that a rule describes.
fn kinds(rule: &str) -> Option<&'static [&'static str]> {
    const NUMBERS: &[&str] = &["Int", "Decimal", "NotFinite"];
    Some(match rule {
        "null" => &["Null"],
        "boolean" => &["Bool"],
        "guid" => &["Guid"],
        "date" => &["Date"],
        "dateTimeOffsetLiteral" => &["DateTimeOffset"],
        "timeOfDayLiteral" => &["TimeOfDay"],
        "durationLiteral" => &["Duration"],
        "stringLiteral" => &["Text"],
        "enumLiteral" => &["Enum", "Text"],
        "binaryLiteral" => &["Binary"],
        "decimalLiteral" | "doubleLiteral" | "singleLiteral" => NUMBERS,
        "sbyteLiteral" | "byte" | "int16Literal" | "int32Literal" | "int64Literal" => &["Int"],
        _ => return None,
    })
}
