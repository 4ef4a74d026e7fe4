//! Answers to requests that write (OData 4.01 part 1, sections 8.3.3, 8.3.4 and 11.4).

use authority::registry::query;
use authority::{Caller, scopes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use model::query::Object;
use model::writing::FieldError;
use odata::negotiate::{Form, JsonForm, Offer, Version};
use odata::payload::{etag, fields_body, odata_id, select_list, stale_body};
use odata::{QueryOptions, RowKey, bind};
use writing::{Outcome, Secret};

use super::super::answer::Refusal;
use super::super::conditional::with_etag;
use super::super::read::Reading;
use super::super::respond;
use super::Planned;

const ENTITY_ID: HeaderName = HeaderName::from_static("odata-entityid");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// What a client wants to see of the row that it wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Return {
    /// The row.
    Representation,
    /// Nothing.
    Minimal,
}

impl Return {
    /// Reads the preference; the first one counts (RFC 7240, sections 2 and 4.2).
    fn preferred(headers: &HeaderMap) -> Option<Self> {
        let lines = headers.get_all("prefer").iter().filter_map(|line| line.to_str().ok());
        let mut words = lines.flat_map(|line| line.split(',')).map(|preference| {
            let preference = preference.split(';').next().unwrap_or_default();
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            (name.trim(), value.trim().trim_matches('"'))
        });
        match words.find(|(name, _)| name.eq_ignore_ascii_case("return"))?.1 {
            value if value.eq_ignore_ascii_case("minimal") => Some(Self::Minimal),
            value if value.eq_ignore_ascii_case("representation") => Some(Self::Representation),
            _ => None,
        }
    }

    const fn applied(self) -> &'static str {
        match self {
            Self::Representation => "return=representation",
            Self::Minimal => "return=minimal",
        }
    }
}

impl Reading<'_> {
    /// Answers an operation that was applied: with the row, or without. A secret is in every answer that has one.
    pub(in super::super) async fn answer(
        &self,
        caller: &Caller,
        planned: Planned,
        outcome: Outcome,
        options: &QueryOptions,
    ) -> Result<Response, Refusal> {
        let Some(usual) = planned.usual else { return Ok(self.nothing()) };
        // An action that creates a row answers as its creation does (OData 4.01 part 1, section 11.5.5.1).
        let is_new = planned.creates() || outcome.created.is_some();
        let row = RowKey { id: outcome.created.unwrap_or(planned.row.id), ..planned.row };
        let preferred = Return::preferred(self.headers);
        let wanted = preferred.unwrap_or(usual);
        let secret = outcome.secret.as_ref().map(Secret::expose);
        let shows_row = wanted == Return::Representation && caller.may(scopes::READ);
        let body = if shows_row { self.row_body(caller, row, options, secret).await } else { None };
        let form = Form::Json(JsonForm::default());
        let (mut response, shown) = match (body, secret) {
            (Some((form, body)), _) => (respond::found(self.version, form, body), Return::Representation),
            (None, Some(secret)) => {
                let brief = self.style(form, options).brief(row.entity, row.id, secret);
                (respond::found(self.version, form, brief), Return::Representation)
            }
            (None, None) => (respond::nothing(self.version), Return::Minimal),
        };
        if is_new && response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::CREATED;
        }
        if is_new {
            self.locate(row, &mut response);
        }
        if preferred == Some(shown)
            && let Ok(applied) = HeaderValue::from_str(shown.applied())
        {
            response.headers_mut().insert(PREFERENCE_APPLIED, applied);
        }
        Ok(match outcome.version {
            Some(version) => with_etag(response, &etag(version)),
            None => response,
        })
    }

    /// Checks that the row can be shown as the request asks, before anything is written.
    pub(in super::super) fn check_answer(
        &self,
        caller: &Caller,
        planned: &Planned,
        options: &QueryOptions,
    ) -> Result<(), Refusal> {
        self.form(Offer::Data, options)?;
        let asked = bind(planned.row.entity, &options.query, self.ctx.now)?;
        if caller.may(scopes::READ) {
            query::bind_row(self.ctx, caller, planned.row.entity, planned.row.id, &asked)?;
        }
        Ok(())
    }

    /// The row as it is after the write. It was written whatever becomes of this: an option that cannot be met, or a row
    /// that another request deleted meanwhile, is answered without the row.
    async fn row_body(
        &self,
        caller: &Caller,
        row: RowKey,
        options: &QueryOptions,
        secret: Option<&str>,
    ) -> Option<(Form, Vec<u8>)> {
        let form = self.form(Offer::Data, options).ok()?;
        let asked = bind(row.entity, &options.query, self.ctx.now).ok()?;
        let bound = query::bind_row(self.ctx, caller, row.entity, row.id, &asked).ok()?;
        query::disclose(self.ctx, caller, &bound).await.ok()?;
        let object: Object = query::fetch(self.ctx, &bound).await.ok()?.objects.pop()?;
        let select = select_list(row.entity, &options.query);
        Some((form, self.style(form, options).created(&bound, &select, &object, secret)))
    }

    fn locate(&self, row: RowKey, response: &mut Response) {
        let address = format!("{}{}", self.root, odata_id(&row.entity.set_name(), row.id));
        if let Ok(address) = HeaderValue::from_str(&address) {
            response.headers_mut().insert(header::LOCATION, address.clone());
            response.headers_mut().insert(ENTITY_ID, address);
        }
    }
}

/// The answer to a body with members that cannot be what they are.
pub(in super::super) fn fields(code: &str, errors: &[FieldError], message: &str) -> Vec<u8> {
    fields_body(code, message, errors)
}

/// The answer to a condition that the row does not meet, with its version.
pub(in super::super) fn changed(version: Version, code: &str, current: i64) -> Response {
    let json = Form::Json(JsonForm::default());
    let mut response = respond::found(version, json, stale_body(code, current));
    *response.status_mut() = StatusCode::PRECONDITION_FAILED;
    with_etag(response.into_response(), &etag(current))
}
