//! The parameters of an import.

use model::nearest;
use model::writing::{FieldError, codes};
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// The names of the parameters, without that of the objects.
const NAMES: [&str; 3] = ["transaction", "model", "loggingLevel"];

/// What an import records of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Logging {
    /// No event.
    Nothing,
    /// An event with the numbers of objects.
    Numbers,
    /// An event that also names the rows.
    Rows,
}

/// The parameters of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parameters {
    /// Whether all objects take effect, or none.
    pub(super) is_atomic: bool,
    pub(super) logging: Logging,
}

/// Reads the parameters from the texts of their values.
///
/// # Errors
/// A [`FieldError`] for each that is wrong.
pub(super) fn read(given: &[(String, Vec<u8>)]) -> Result<Parameters, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let mut parameters = Parameters { is_atomic: false, logging: Logging::Rows };
    for (name, text) in given.iter().filter(|(name, _)| !name.contains('@')) {
        let bad = |expected: &str| FieldError::new(name, codes::BAD_VALUE, format!("{expected} is expected"));
        let value = serde_json::from_slice::<Value>(text).ok();
        let read = match (name.as_str(), value) {
            ("transaction" | "model" | "loggingLevel", Some(Value::Null)) => Ok(()),
            ("transaction", value) => match value.as_ref().and_then(Value::as_str) {
                Some("per-object") => Ok(()),
                Some("all-objects") => {
                    parameters.is_atomic = true;
                    Ok(())
                }
                _ => Err(bad("'per-object' or 'all-objects'")),
            },
            ("model", value) => match value.as_ref().and_then(Value::as_str) {
                Some("common" | "frontend") => Ok(()),
                _ => Err(bad("'common' or 'frontend'")),
            },
            ("loggingLevel", value) => match logging(value.as_ref()) {
                Some(logging) => {
                    parameters.logging = logging;
                    Ok(())
                }
                None => Err(bad("0, 1 or 2")),
            },
            (other, _) => Err(unknown(other)),
        };
        wrong.extend(read.err());
    }
    if wrong.is_empty() { Ok(parameters) } else { Err(wrong) }
}

fn logging(value: Option<&Value>) -> Option<Logging> {
    match value?.as_u64()? {
        0 => Some(Logging::Nothing),
        1 => Some(Logging::Numbers),
        2 => Some(Logging::Rows),
        _ => None,
    }
}

fn unknown(name: &str) -> FieldError {
    let names = NAMES.into_iter().chain(["objects"]);
    let meant = nearest(name, names).map(|meant| format!("; did you mean '{meant}'?")).unwrap_or_default();
    FieldError::new(name, codes::UNKNOWN_PARAMETER, format!("the action has no such parameter{meant}"))
}

/// Returns the parameters in a query, where they are if the body has objects only. Other options are ignored.
pub(super) fn of_query(query: &str) -> Vec<(String, Vec<u8>)> {
    let mut given = Vec::new();
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        if !NAMES.contains(&name) {
            continue;
        }
        let value = percent_decode_str(value).decode_utf8_lossy().into_owned();
        let is_number = name == "loggingLevel";
        let text = if is_number { value } else { Value::String(value).to_string() };
        given.push((name.to_owned(), text.into_bytes()));
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn parameters_have_defaults_and_everything_wrong_is_named() {
        let usual = Parameters { is_atomic: false, logging: Logging::Rows };
        assert_eq!(read(&[]), Ok(usual));
        assert_eq!(read(&given(&[("transaction", "null"), ("@odata.context", "\"x\"")])), Ok(usual));
        let all =
            given(&[("transaction", "\"all-objects\""), ("model", "\"common\""), ("loggingLevel", "0")]);
        assert_eq!(read(&all), Ok(Parameters { is_atomic: true, logging: Logging::Nothing }));
        let wrong = given(&[
            ("transaction", "\"all\""),
            ("model", "1"),
            ("loggingLevel", "3"),
            ("loglevel", "1"),
            ("object", "[]"),
        ]);
        let targets: Vec<_> = read(&wrong).unwrap_err().into_iter().map(|error| error.target).collect();
        assert_eq!(targets, ["transaction", "model", "loggingLevel", "loglevel", "object"]);
    }

    #[test]
    fn a_query_has_the_parameters_of_a_body_of_objects() {
        let query = "tr=1&transaction=all%2Dobjects&loggingLevel=1&x";
        assert_eq!(read(&of_query(query)), Ok(Parameters { is_atomic: true, logging: Logging::Numbers }));
        assert!(read(&of_query("loggingLevel=x")).is_err());
    }
}
