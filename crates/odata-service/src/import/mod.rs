//! The action `Import`: objects are read while they arrive, and each result is sent as soon as it is known. See decision 58.

mod all;
mod answer;
mod lookup;
mod object;
mod parameters;
mod plan;
mod run;
mod source;

use authority::{Fault, scopes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use odata::import::{Broken, Notation};
use odata::negotiate::{Form, JsonForm, check_isolation};
use web::http::negotiation::{ContentType, JSON};
use web::http::token_caller;

use super::answer::Refusal;
use super::headers::header_text;
use super::read::Reading;
use super::respond;
use super::write::other_type;
use run::Import;
use source::Source;

/// The media types of objects that are separated by line breaks.
const LINES: [&str; 3] = ["application/x-ndjson", "application/jsonl", "application/ndjson"];

/// Marks a response whose parts are sent as soon as they are written: it is not compressed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Immediate;

/// Returns whether a path is that of the action: its name, optionally with the namespace and parentheses.
pub(super) fn is_import(path: &str) -> bool {
    let name = path.strip_prefix("Erp.").unwrap_or(path);
    name.strip_suffix("()").unwrap_or(name) == "Import"
}

impl Reading<'_> {
    /// Answers a request that imports objects. The first object is awaited, so that a request without one is refused with the
    /// right status.
    pub(super) async fn import(&self, method: &Method, sent: Request) -> Result<Response, Refusal> {
        if *method != Method::POST {
            return Err(Refusal::Method(Method::POST.as_str().to_owned()));
        }
        check_isolation(header_text(self.headers, "isolation"))?;
        if self.transaction.is_some() {
            let message =
                "an import has its own transaction; it is no part of an object transaction".to_owned();
            return Err(Fault::InvalidRequest(message).into());
        }
        let caller = token_caller(self.ctx, self.headers).await?;
        caller.require(self.ctx, scopes::UPDATE)?;
        self.meter.charge(&caller, 1, self.ctx.now)?;
        let notation = notation(self.headers)?;
        let mut source = Source::new(notation, sent.into_body());
        source.wait().await;
        if let Some(broken) = source.broken().filter(|_| !source.has_objects()) {
            return Err(unread(broken));
        }
        let given = match notation {
            Notation::Json => source.parameters(),
            Notation::Lines => parameters::of_query(self.raw_query),
        };
        let parameters = parameters::read(&given).map_err(Fault::BadFields)?;
        let import = Import::new(self, caller, source, parameters, notation);
        Ok(self.immediate(notation, import))
    }

    fn immediate(&self, notation: Notation, import: Import) -> Response {
        let json = Form::Json(JsonForm::default());
        let mut response = respond::found(self.version, json, import.into_body());
        if notation == Notation::Lines {
            let lines = HeaderValue::from_static("application/x-ndjson");
            response.headers_mut().insert(header::CONTENT_TYPE, lines);
        }
        // Proxies that collect responses pass this one on as it comes.
        response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
        response.extensions_mut().insert(Immediate);
        response
    }
}

/// Returns the notation that the type of a body names.
fn notation(headers: &HeaderMap) -> Result<Notation, Refusal> {
    match ContentType::from_headers(headers) {
        Some(media) if media.essence() == JSON => Ok(Notation::Json),
        Some(media) if LINES.contains(&media.essence()) => Ok(Notation::Lines),
        _ => Err(other_type("the body is application/json or application/x-ndjson")),
    }
}

fn unread(broken: &Broken) -> Refusal {
    Refusal::Unread(StatusCode::BAD_REQUEST, broken.code, broken.message.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_action_is_called_by_plain_or_qualified_name() {
        for (path, is) in [
            ("Import", true),
            ("Erp.Import", true),
            ("Import()", true),
            ("import", false),
            ("Imports", false),
        ] {
            assert_eq!(is_import(path), is, "{path}");
        }
    }
}
