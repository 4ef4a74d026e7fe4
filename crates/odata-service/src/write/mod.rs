//! Writing: a request as operations of the unit of work, and its result as an answer.

mod allow;
mod answer;
mod body;
mod condition;

use authority::writing::{Action, Condition, Operation, Outcome, Rejected, write};
use authority::{Caller, Fault};
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use model::writing::{FieldError, Given};
use model::{Attribute, Entity, Property, Reference, Value};
use odata::body::{BodyReader, typed};
use odata::negotiate::check_isolation;
use odata::{Part, QueryOptions, Resource, RowKey};
use web::http::token_caller;

use super::answer::Refusal;
use super::headers::header_text;
use super::read::Reading;
use answer::{Return, Written};
use body::object;

pub(super) use answer::{changed, fields};

impl Reading<'_> {
    /// Answers a request with another method than `GET` and `HEAD`; `sent` has its body.
    pub(super) async fn write(&self, method: &Method, sent: Request) -> Result<Response, Refusal> {
        let resource = Resource::parse(self.raw_path)?;
        let allowed = allow::methods(&resource);
        if !allowed.contains(method) {
            return Err(Refusal::Method(allow::header(&allowed)));
        }
        check_isolation(header_text(self.headers, "isolation"))?;
        let caller = token_caller(self.ctx, self.headers).await?;
        self.meter.charge(&caller, 1, self.ctx.now)?;
        let options = self.write_options()?;
        let body = body::read(self.headers, method, sent).await?;
        match (resource, method) {
            (Resource::Set(entity, Part::Rows), _) => {
                self.create(&caller, entity, None, &body, &options).await
            }
            (Resource::Collection { row, collection, .. }, _) => {
                let owner = collection.target().reference(collection.via).map(|via| (via, row));
                self.create(&caller, collection.target(), owner, &body, &options).await
            }
            (Resource::Row(row), &Method::DELETE) => self.delete(&caller, row).await,
            (Resource::Row(row), method) => {
                self.update(&caller, row, &body, *method == Method::PUT, &options).await
            }
            (Resource::Attribute { row, attribute, .. }, _) => {
                self.set_attribute(&caller, row, attribute, &body, &options).await
            }
            (Resource::Reference { row, reference, .. }, _) => {
                self.set_reference(&caller, row, reference, &body, &options).await
            }
            _ => Err(Refusal::Method(allow::header(&allowed))),
        }
    }

    fn write_options(&self) -> Result<QueryOptions, Refusal> {
        let options = self.all_options()?;
        options.refuse_id()?;
        options.refuse_delta_token()?;
        Ok(options)
    }

    fn reader(&self) -> BodyReader<'_> {
        BodyReader { root: &self.root, named: &[] }
    }

    async fn create(
        &self,
        caller: &Caller,
        entity: &'static Entity,
        owner: Option<(&'static Reference, RowKey)>,
        body: &[u8],
        options: &QueryOptions,
    ) -> Result<Response, Refusal> {
        let mut read = self.reader().row(entity, None, &object(body)?);
        if !read.versions.is_empty() {
            let message = "a row that is created has no version";
            read.given.unreadable.push(FieldError::new("ObjectVersion", "ReadOnly", message));
        }
        if let Some((via, row)) = owner {
            read.given.values.insert(0, (Property::Reference(via), Value::Guid(row.id)));
        }
        let row = RowKey { entity, id: self.ctx.new_id()? };
        let outcome = self.one(caller, row, Action::Create(read.given)).await?;
        let written = Written { row, outcome, is_new: true };
        self.written(caller, written, options, Return::Representation).await
    }

    async fn update(
        &self,
        caller: &Caller,
        row: RowKey,
        body: &[u8],
        replaces: bool,
        options: &QueryOptions,
    ) -> Result<Response, Refusal> {
        let read = self.reader().row(row.entity, Some(row.id), &object(body)?);
        let mut condition = condition::of(self.headers);
        condition.one_of.extend(read.versions.into_iter().map(|version| vec![version]));
        self.change(caller, row, Action::Update { given: read.given, replaces, condition }, options).await
    }

    async fn set_attribute(
        &self,
        caller: &Caller,
        row: RowKey,
        attribute: &'static Attribute,
        body: &[u8],
        options: &QueryOptions,
    ) -> Result<Response, Refusal> {
        let value = if body.is_empty() {
            Ok(Value::Null)
        } else {
            let members = object(body)?;
            let is_control = |name: &&String| *name != "value" && !name.starts_with('@');
            match (members.get("value"), members.keys().find(is_control)) {
                (Some(json), None) => typed(attribute, json),
                _ => Err(FieldError::new("value", "Required", "the body is {\"value\": …}")),
            }
        };
        self.set(caller, row, value.map(|value| (Property::Attribute(attribute), value)), options).await
    }

    async fn set_reference(
        &self,
        caller: &Caller,
        row: RowKey,
        reference: &'static Reference,
        body: &[u8],
        options: &QueryOptions,
    ) -> Result<Response, Refusal> {
        let value = if body.is_empty() {
            Ok(Value::Null)
        } else {
            self.reader().reference(reference, &object(body)?).map(Value::Guid)
        };
        self.set(caller, row, value.map(|value| (Property::Reference(reference), value)), options).await
    }

    /// Sets one value of a row.
    async fn set(
        &self,
        caller: &Caller,
        row: RowKey,
        value: Result<(Property, Value), FieldError>,
        options: &QueryOptions,
    ) -> Result<Response, Refusal> {
        let value = value.map_err(|error| Fault::BadFields(vec![error]))?;
        let given = Given { values: vec![value], ..Given::default() };
        let action = Action::Update { given, replaces: false, condition: condition::of(self.headers) };
        self.change(caller, row, action, options).await
    }

    async fn change(
        &self,
        caller: &Caller,
        row: RowKey,
        action: Action,
        options: &QueryOptions,
    ) -> Result<Response, Refusal> {
        let outcome = self.one(caller, row, action).await?;
        let written = Written { row, outcome, is_new: false };
        self.written(caller, written, options, Return::Minimal).await
    }

    async fn delete(&self, caller: &Caller, row: RowKey) -> Result<Response, Refusal> {
        let condition: Condition = condition::of(self.headers);
        self.one(caller, row, Action::Delete(condition)).await?;
        Ok(self.nothing())
    }

    /// Applies one operation.
    async fn one(&self, caller: &Caller, row: RowKey, action: Action) -> Result<Outcome, Refusal> {
        let operation = Operation { entity: row.entity, id: row.id, action };
        let done = write(self.ctx, caller, vec![operation]).await.map_err(|Rejected { fault, .. }| fault)?;
        let missing = || Fault::Internal("an operation had no outcome".to_owned());
        Ok(done.into_iter().next().ok_or_else(missing)?)
    }
}
