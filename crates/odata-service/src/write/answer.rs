//! Answers to requests that write (OData 4.01 part 1, sections 8.3.3, 8.3.4 and 11.4).

use authority::registry::query;
use authority::{Caller, scopes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use model::query::Object;
use odata::negotiate::{Form, JsonForm, Offer};
use odata::payload::{etag, odata_id, select_list};
use odata::{QueryOptions, RowKey, bind};
use writing::{Outcome, Secret};

use super::super::answer::Refusal;
use super::super::conditional::with_etag;
use super::super::prefer::{PREFERENCE_APPLIED, Return};
use super::super::read::Reading;
use super::super::respond;
use super::Planned;

const ENTITY_ID: HeaderName = HeaderName::from_static("odata-entityid");

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
        let preferred = self.preferences().returned;
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
