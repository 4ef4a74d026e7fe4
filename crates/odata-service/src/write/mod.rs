//! Writing: a request as an operation of the unit of work, and its result as an answer.

mod allow;
mod answer;
mod body;
mod condition;
mod plan;

use authority::{Caller, Fault};
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use odata::negotiate::check_isolation;
use odata::{QueryOptions, Resource, RowKey};
use web::http::token_caller;
use writing::{Operation, Outcome, Rejected, write};

use super::answer::Refusal;
use super::headers::header_text;
use super::read::Reading;

pub(super) use body::{object, other_type, raw};
pub(super) use plan::Planned;

/// The rows that identifiers such as `$1` name in a batch.
pub(super) type Named<'a> = &'a [(String, RowKey)];

impl Reading<'_> {
    /// Answers a request with another method than `GET` and `HEAD`; `sent` has its body.
    pub(super) async fn write(&self, method: &Method, sent: Request) -> Result<Response, Refusal> {
        let resource = Resource::parse(self.raw_path)?;
        self.check_method(&resource, method)?;
        check_isolation(header_text(self.headers, "isolation"))?;
        let caller = token_caller(self.ctx, self.headers).await?;
        self.enter(&caller)?;
        self.meter.charge(&caller, 1, self.ctx.now)?;
        let body = raw(sent).await?;
        self.write_as(&caller, &resource, method, &body, &[]).await
    }

    /// Writes on behalf of a caller.
    pub(super) async fn write_as(
        &self,
        caller: &Caller,
        resource: &Resource,
        method: &Method,
        body: &[u8],
        named: Named<'_>,
    ) -> Result<Response, Refusal> {
        if let Resource::Action { row, method: action } = resource
            && model::Entity::is_copy(action)
        {
            return self.copy(caller, *row, body).await;
        }
        let options = self.write_options()?;
        let planned = self.plan(resource, method, body, named)?;
        self.check_answer(caller, &planned, &options)?;
        let done = self.apply(caller, vec![planned.operation()]).await;
        let done: Vec<Outcome> = done.map_err(|Rejected { fault, .. }| fault)?;
        let missing = || Fault::Internal("an operation had no outcome".to_owned());
        let outcome = done.into_iter().next().ok_or_else(missing)?;
        self.answer(caller, planned, outcome, &options).await
    }

    /// Applies operations as a whole; those of an object transaction are added to it.
    pub(super) async fn apply(
        &self,
        caller: &Caller,
        operations: Vec<Operation>,
    ) -> Result<Vec<Outcome>, Rejected> {
        match self.transaction {
            Some(open) => open.add(self.ctx, caller, operations).await,
            None => write(self.ctx, caller, operations).await,
        }
    }

    /// Refuses a method that a resource does not have.
    pub(super) fn check_method(&self, resource: &Resource, method: &Method) -> Result<(), Refusal> {
        let allowed = allow::methods(resource);
        if allowed.contains(method) { Ok(()) } else { Err(Refusal::Method(allow::header(&allowed))) }
    }

    /// The query options of a request that writes: they select what the answer shows.
    pub(super) fn write_options(&self) -> Result<QueryOptions, Refusal> {
        let options = self.all_options()?;
        options.refuse_id()?;
        options.refuse_delta_token()?;
        Ok(options)
    }
}
