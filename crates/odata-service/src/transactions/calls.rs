//! The actions and functions of transactions.

use authority::{Caller, Fault};
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use model::writing::{FieldError, codes};
use odata::negotiate::{Form, JsonForm, check_isolation};
use serde_json::{Map, Value, json};
use web::http::token_caller;
use writing::{Outcome, Rejected, Secret};

use super::super::answer::Refusal;
use super::super::headers::header_text;
use super::super::read::Reading;
use super::super::respond;
use super::super::write::{object, raw};
use super::{Open, Transactions};

/// An action or function of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Begin,
    End,
    GetChanges,
    WaitForChanges,
}

impl Call {
    /// Returns the call of a path: the name of the operation, optionally with the namespace and parentheses.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let name = path.strip_prefix("Erp.").unwrap_or(path);
        match name.strip_suffix("()").unwrap_or(name) {
            "BeginTransaction" => Some(Self::Begin),
            "EndTransaction" => Some(Self::End),
            "GetChanges" => Some(Self::GetChanges),
            "WaitForChanges" => Some(Self::WaitForChanges),
            _ => None,
        }
    }

    const fn method(self) -> Method {
        match self {
            Self::Begin | Self::End => Method::POST,
            Self::GetChanges | Self::WaitForChanges => Method::GET,
        }
    }
}

impl Reading<'_> {
    /// Answers a request that begins or ends a transaction, or asks for its changes. Query options are not looked at.
    pub(crate) async fn transaction_call(
        &self,
        call: Call,
        transactions: &Transactions,
        method: &Method,
        sent: Request,
    ) -> Result<Response, Refusal> {
        if *method != call.method() {
            return Err(Refusal::Method(call.method().as_str().to_owned()));
        }
        check_isolation(header_text(self.headers, "isolation"))?;
        let caller = token_caller(self.ctx, self.headers).await?;
        self.enter(&caller)?;
        self.meter.charge(&caller, 1, self.ctx.now)?;
        let body = raw(sent).await?;
        let given = if body.is_empty() { Map::new() } else { object(&body)? };
        match call {
            Call::Begin => {
                let tracks = begin_parameters(&given).map_err(Fault::BadFields)?;
                let id = transactions.begin(self.ctx, &caller, tracks)?;
                Ok(respond::found(self.version, Form::Text, id))
            }
            Call::End => {
                let commits = end_parameters(&given).map_err(Fault::BadFields)?;
                self.end(transactions, &caller, commits).await
            }
            Call::GetChanges => self.changes(&caller, false).await,
            Call::WaitForChanges => self.changes(&caller, true).await,
        }
    }

    /// Checks that the caller began the transaction of the request, if it has one.
    pub(crate) fn enter(&self, caller: &Caller) -> Result<(), Fault> {
        self.transaction.map_or(Ok(()), |open| open.check_owner(caller))
    }

    /// Returns the transaction of the request.
    pub(super) fn needed_transaction(&self) -> Result<&Open, Fault> {
        let missing = || Fault::InvalidRequest("the header TransactionId is required".to_owned());
        self.transaction.map(AsRef::as_ref).ok_or_else(missing)
    }

    /// Ends a transaction. Its identifier is void afterwards, also if the operations cannot be applied.
    async fn end(
        &self,
        transactions: &Transactions,
        caller: &Caller,
        commits: bool,
    ) -> Result<Response, Refusal> {
        let open = self.needed_transaction()?;
        let _turn = open.turn.lock().await;
        transactions.remove(self.ctx, open)?;
        open.end();
        let unit = open.unit();
        if !commits || unit.is_empty() {
            return Ok(self.nothing());
        }
        let outcomes = unit.commit(&self.ctx.committed(), caller).await;
        let outcomes = outcomes.map_err(|Rejected { fault, .. }| fault)?;
        let secrets: Vec<Value> =
            unit.rows().zip(&outcomes).filter_map(|(row, outcome)| self.secret_of(row, outcome)).collect();
        if secrets.is_empty() {
            return Ok(self.nothing());
        }
        let body = json!({ "value": secrets }).to_string();
        Ok(respond::found(self.version, Form::Json(JsonForm::default()), body))
    }

    /// Returns the identifier of a new row and its secret, if it has one.
    fn secret_of(
        &self,
        (entity, id): (&'static model::Entity, model::Uuid),
        outcome: &Outcome,
    ) -> Option<Value> {
        let secret = outcome.secret.as_ref().map(Secret::expose)?;
        let form = JsonForm::default();
        let style =
            odata::payload::Style { root: &self.root, version: self.version, form, skip_nulls: false };
        let brief = style.brief(entity, outcome.created.unwrap_or(id), secret);
        let mut members: Map<String, Value> = serde_json::from_slice(&brief).ok()?;
        members.retain(|name, _| !name.ends_with("context"));
        Some(Value::Object(members))
    }
}

/// Reads the parameters of `BeginTransaction`: whether changes are tracked. Both models are the same here: there are no rules
/// of the front end.
fn begin_parameters(given: &Map<String, Value>) -> Result<bool, Vec<FieldError>> {
    let mut wrong = unknown(given, &["model", "trackChanges"]);
    match given.get("model") {
        None | Some(Value::Null) => {}
        Some(Value::String(name)) if ["common", "frontend"].contains(&name.as_str()) => {}
        Some(_) => {
            wrong.push(FieldError::new("model", codes::BAD_VALUE, "the model is 'common' or 'frontend'"));
        }
    }
    let tracks = boolean(given, "trackChanges", &mut wrong).unwrap_or(false);
    if wrong.is_empty() { Ok(tracks) } else { Err(wrong) }
}

/// Reads the parameter of `EndTransaction`: whether the operations are applied.
fn end_parameters(given: &Map<String, Value>) -> Result<bool, Vec<FieldError>> {
    let mut wrong = unknown(given, &["commit"]);
    let commits = boolean(given, "commit", &mut wrong).unwrap_or(true);
    if wrong.is_empty() { Ok(commits) } else { Err(wrong) }
}

fn boolean(given: &Map<String, Value>, name: &str, wrong: &mut Vec<FieldError>) -> Option<bool> {
    match given.get(name) {
        None | Some(Value::Null) => None,
        Some(Value::Bool(value)) => Some(*value),
        Some(_) => {
            wrong.push(FieldError::new(name, codes::BAD_VALUE, "true or false is expected"));
            None
        }
    }
}

fn unknown(given: &Map<String, Value>, known: &[&str]) -> Vec<FieldError> {
    let others = given.keys().filter(|name| !known.contains(&name.as_str()));
    let error =
        |name: &String| FieldError::new(name, codes::UNKNOWN_PARAMETER, "the action has no such parameter");
    others.map(error).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::about::About;
    use crate::import::is_import;

    #[test]
    fn operations_are_called_by_plain_or_qualified_name() {
        for (path, call) in [
            ("BeginTransaction", Some(Call::Begin)),
            ("Erp.EndTransaction", Some(Call::End)),
            ("GetChanges()", Some(Call::GetChanges)),
            ("Erp.WaitForChanges()", Some(Call::WaitForChanges)),
            ("begintransaction", None),
            ("Systems_Security_Users", None),
        ] {
            assert_eq!(Call::of(path), call, "{path}");
        }
    }

    /// What is declared is what is served.
    #[test]
    fn every_operation_of_the_service_is_answered() {
        for method in model::SERVICE_METHODS.iter().filter(|method| !is_import(method.name)) {
            if About::of(method.name).is_some() {
                assert_eq!(method.verb, model::Verb::Get, "{}", method.name);
                continue;
            }
            let call = Call::of(method.name).unwrap();
            assert_eq!(call.method() == Method::POST, method.verb == model::Verb::Post, "{}", method.name);
        }
    }

    #[test]
    fn parameters_have_defaults_and_everything_wrong_is_named() {
        let given = |value: Value| value.as_object().cloned().unwrap();
        let targets =
            |wrong: Vec<FieldError>| wrong.into_iter().map(|error| error.target).collect::<Vec<_>>();
        assert!(!begin_parameters(&Map::new()).unwrap());
        assert!(begin_parameters(&given(json!({ "model": "frontend", "trackChanges": true }))).unwrap());
        let wrong =
            begin_parameters(&given(json!({ "model": "x", "trackChanges": 1, "y": null }))).unwrap_err();
        assert_eq!(targets(wrong), ["y", "model", "trackChanges"]);
        assert!(end_parameters(&given(json!({ "commit": null }))).unwrap());
        assert!(!end_parameters(&given(json!({ "commit": false }))).unwrap());
        assert_eq!(targets(end_parameters(&given(json!({ "commit": "no" }))).unwrap_err()), ["commit"]);
    }
}
