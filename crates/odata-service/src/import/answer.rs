//! The response to an import: a result for each object, then that of the whole.

use authority::Fault;
use odata::OdataError;
use odata::RowKey;
use odata::import::{Broken, Notation};
use odata::payload::{error_body, fields_body, odata_id, stale_body};
use serde_json::{Map, Value, json};
use web::http::api_code;
use writing::Secret;

const RESULT: &str = "@erpnet.result";
const ERROR: &str = "@erpnet.error";

/// What became of an object.
pub(super) enum Done {
    /// It succeeded: its row, what became of the row, and the secret of a new one.
    Success(Option<RowKey>, &'static str, Option<Secret>),
    /// It failed.
    Failure(Fault),
}

impl Done {
    pub(super) const fn has_failed(&self) -> bool {
        matches!(self, Self::Failure(_))
    }

    /// Returns the identifier of the row that was written.
    pub(super) fn written(&self) -> Option<String> {
        match self {
            Self::Success(Some(row), state, _) if *state != UNCHANGED => Some(identifier(*row)),
            _ => None,
        }
    }

    fn value(self) -> Value {
        match self {
            Self::Success(row, state, secret) => {
                let mut members = Map::new();
                members.insert(RESULT.to_owned(), "success".into());
                if let Some(row) = row {
                    members.insert("@odata.id".to_owned(), identifier(row).into());
                }
                members.insert("@erpnet.state".to_owned(), state.into());
                if let Some(secret) = secret {
                    members.insert("@grantor.secret".to_owned(), secret.expose().into());
                }
                Value::Object(members)
            }
            Self::Failure(fault) => {
                let error = error(fault);
                json!({ RESULT: "fail", "@erpnet.message": error["message"], ERROR: error })
            }
        }
    }
}

/// The states of rows.
pub(super) const ADDED: &str = "Added";
pub(super) const MODIFIED: &str = "Modified";
pub(super) const DELETED: &str = "Deleted";
pub(super) const UNCHANGED: &str = "Unchanged";

fn identifier(row: RowKey) -> String {
    odata_id(&row.entity.set_name(), row.id)
}

/// Returns an error as the service writes it, with the members that the documented system has.
fn error(fault: Fault) -> Value {
    let (status, code) = api_code(&fault);
    if status.is_server_error() {
        tracing::error!(?fault, "an object of an import failed");
    }
    let message = fault.to_string();
    let body = match fault {
        Fault::Stale(version) => stale_body(code, version),
        Fault::BadFields(errors) => fields_body(code, &message, &errors),
        Fault::BadField { field, .. } => error_body(code, &message, Some(field), None),
        Fault::Query(error) => OdataError::from(error).body(),
        _ => error_body(code, &message, None, None),
    };
    of_body(&body)
}

fn of_body(body: &[u8]) -> Value {
    let mut value: Value = serde_json::from_slice(body).unwrap_or_default();
    let mut error = value.get_mut("error").map(Value::take).unwrap_or_default();
    if let Some(members) = error.as_object_mut()
        && let Some(Value::Object(mut inner)) = members.remove("innererror")
    {
        members.append(&mut inner);
    }
    error
}

/// Why an import ended before its objects did.
pub(super) enum Stop {
    /// The body cannot be read further.
    Broken(Broken),
    /// Nothing further may be written.
    Fault(Fault),
}

/// Writes a response.
pub(super) struct Writer {
    notation: Notation,
    bytes: Vec<u8>,
    has_begun: bool,
    has_objects: bool,
}

impl Writer {
    pub(super) const fn new(notation: Notation) -> Self {
        Self { notation, bytes: Vec::new(), has_begun: false, has_objects: false }
    }

    /// Writes the result of an object.
    pub(super) fn object(&mut self, done: Done) {
        self.begin();
        let text = done.value().to_string();
        match self.notation {
            Notation::Json => {
                if self.has_objects {
                    self.bytes.push(b',');
                }
                self.bytes.extend_from_slice(text.as_bytes());
            }
            Notation::Lines => self.line(&text),
        }
        self.has_objects = true;
    }

    /// Writes the result of the import.
    pub(super) fn end(&mut self, objects: u64, failed: u64, stop: Option<Stop>) {
        self.begin();
        let is_success = failed == 0 && stop.is_none();
        let mut members = Map::new();
        members.insert(RESULT.to_owned(), if is_success { "success" } else { "fail" }.into());
        members.insert("@grantor.objects".to_owned(), objects.into());
        members.insert("@grantor.failed".to_owned(), failed.into());
        let error = stop.map(|stop| match stop {
            Stop::Broken(Broken { code, message }) => of_body(&error_body(code, &message, None, None)),
            Stop::Fault(fault) => error(fault),
        });
        if let Some(error) = error {
            members.insert(ERROR.to_owned(), error);
        }
        let text = Value::Object(members).to_string();
        match self.notation {
            Notation::Json => {
                self.bytes.extend_from_slice(b"],");
                self.bytes.extend_from_slice(text.trim_start_matches('{').as_bytes());
            }
            Notation::Lines => self.line(&text),
        }
    }

    fn begin(&mut self) {
        if !self.has_begun && self.notation == Notation::Json {
            self.bytes.extend_from_slice(b"{\"objects\":[");
        }
        self.has_begun = true;
    }

    fn line(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(b'\n');
    }

    /// Returns what was written since the last call.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(notation: Notation, results: Vec<Done>, stop: Option<Stop>) -> String {
        let mut writer = Writer::new(notation);
        let failed = results.iter().filter(|done| done.has_failed()).count() as u64;
        let objects = results.len() as u64;
        results.into_iter().for_each(|done| writer.object(done));
        writer.end(objects, failed, stop);
        String::from_utf8(writer.take()).unwrap()
    }

    fn results() -> Vec<Done> {
        vec![Done::Success(None, UNCHANGED, None), Done::Failure(Fault::Conflict("taken".to_owned()))]
    }

    #[test]
    fn a_response_is_json_or_a_line_for_each_object() {
        let json: Value = serde_json::from_str(&written(Notation::Json, results(), None)).unwrap();
        assert_eq!((&json[RESULT], json["objects"].as_array().unwrap().len()), (&"fail".into(), 2));
        let error = &json["objects"][1][ERROR];
        assert_eq!((&error["code"], &error["messageFormat"]), (&"CONFLICT".into(), &"taken".into()));
        assert_eq!(json["objects"][1]["@erpnet.message"], "taken");
        let text = written(Notation::Lines, results(), None);
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[..2], json["objects"].as_array().unwrap()[..]);
        assert_eq!((&lines[2]["@grantor.objects"], &lines[2]["@grantor.failed"]), (&2.into(), &1.into()));
    }

    #[test]
    fn the_reason_of_an_early_end_follows_the_results() {
        let broken = || Some(Stop::Broken(Broken { code: "BAD_USER_INPUT", message: "no".to_owned() }));
        for results in [Vec::new(), results()] {
            let json: Value = serde_json::from_str(&written(Notation::Json, results, broken())).unwrap();
            assert_eq!((&json[RESULT], &json[ERROR]["message"]), (&"fail".into(), &"no".into()));
        }
    }
}
