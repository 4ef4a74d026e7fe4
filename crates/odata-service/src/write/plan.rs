//! A request that writes, read into an operation.

use authority::Fault;
use axum::http::Method;
use model::writing::{FieldError, Given, codes};
use model::{Attribute, Entity, Property, Reference, ReturnType, Value};
use odata::body::{BodyReader, parameters, typed};
use odata::{Part, Resource, RowKey};
use writing::{Action, Operation};

use super::super::answer::Refusal;
use super::super::prefer::Return;
use super::super::read::Reading;
use super::body::{check_type, object};
use super::{Named, condition};

/// A request that was read: the operation, and what its answer shows.
pub(in super::super) struct Planned {
    /// The row that is written.
    pub(in super::super) row: RowKey,
    action: Action,
    /// What the answer shows without a preference; `None` if it never shows anything.
    pub(super) usual: Option<Return>,
}

impl Planned {
    /// Returns the creation of a row.
    pub(in super::super) const fn creation(row: RowKey, given: Given) -> Self {
        Self { row, action: Action::Create(given), usual: Some(Return::Representation) }
    }

    /// Returns the operation.
    pub(in super::super) fn operation(&self) -> Operation {
        Operation { entity: self.row.entity, id: self.row.id, action: self.action.clone() }
    }

    /// Returns whether the operation creates the row.
    pub(in super::super) fn creates(&self) -> bool {
        matches!(self.action, Action::Create(_))
    }
}

impl Reading<'_> {
    /// Reads a request, whose method the resource has, into an operation.
    pub(in super::super) fn plan(
        &self,
        resource: &Resource,
        method: &Method,
        body: &[u8],
        named: Named<'_>,
    ) -> Result<Planned, Refusal> {
        let reader = BodyReader { root: &self.root, named };
        let is_delete = *method == Method::DELETE;
        if is_delete && !body.is_empty() {
            return Err(Fault::InvalidRequest("a request that deletes has no body".to_owned()).into());
        }
        let can_be_empty = is_delete || matches!(resource, Resource::Action { .. });
        if !(can_be_empty && body.is_empty()) {
            check_type(self.headers, body)?;
        }
        match *resource {
            Resource::Set(entity, Part::Rows) => self.creation(reader, entity, None, body),
            Resource::Collection { row, collection, .. } => {
                let owner = collection.target().reference(collection.via).map(|via| (via, row));
                self.creation(reader, collection.target(), owner, body)
            }
            Resource::Row(row) if is_delete => {
                let action = Action::Delete(condition::of(self.headers));
                Ok(Planned { row, action, usual: None })
            }
            Resource::Row(row) => self.change(reader, row, body, *method == Method::PUT),
            Resource::Action { row, method } => self.call(row, method, body),
            Resource::Attribute { row, attribute, .. } => {
                let value = if is_delete { Ok(Value::Null) } else { value(attribute, body)? };
                self.one_value(row, value.map(|value| (Property::Attribute(attribute), value)))
            }
            Resource::Reference { row, reference, .. } => {
                let id = if is_delete { None } else { Some(reader.reference(reference, &object(body)?)) };
                let value = id.transpose().map(|id| id.map_or(Value::Null, Value::Guid));
                self.one_value(row, value.map(|value| (Property::Reference(reference), value)))
            }
            _ => Err(Fault::Internal("a method is allowed that is not answered".to_owned()).into()),
        }
    }

    fn creation(
        &self,
        reader: BodyReader<'_>,
        entity: &'static Entity,
        owner: Option<(&'static Reference, RowKey)>,
        body: &[u8],
    ) -> Result<Planned, Refusal> {
        let mut read = reader.row(entity, None, &object(body)?);
        if !read.versions.is_empty() {
            let message = "a row that is created has no version";
            read.given.unreadable.push(FieldError::new("ObjectVersion", codes::READ_ONLY, message));
        }
        if let Some((via, row)) = owner {
            read.given.values.insert(0, (Property::Reference(via), Value::Guid(row.id)));
        }
        let row = RowKey { entity, id: self.ctx.new_id()? };
        Ok(Planned::creation(row, read.given))
    }

    fn change(
        &self,
        reader: BodyReader<'_>,
        row: RowKey,
        body: &[u8],
        replaces: bool,
    ) -> Result<Planned, Refusal> {
        let read = reader.row(row.entity, Some(row.id), &object(body)?);
        let mut condition = condition::of(self.headers);
        condition.one_of.extend(read.versions.into_iter().map(|version| vec![version]));
        let action = Action::Update { given: read.given, replaces, condition };
        Ok(Planned { row, action, usual: Some(Return::Minimal) })
    }

    /// Sets one value of a row.
    fn one_value(
        &self,
        row: RowKey,
        value: Result<(Property, Value), FieldError>,
    ) -> Result<Planned, Refusal> {
        let value = value.map_err(|error| Fault::BadFields(vec![error]))?;
        let given = Given { values: vec![value], ..Given::default() };
        let action = Action::Update { given, replaces: false, condition: condition::of(self.headers) };
        Ok(Planned { row, action, usual: Some(Return::Minimal) })
    }

    fn call(&self, row: RowKey, method: &'static model::Method, body: &[u8]) -> Result<Planned, Refusal> {
        let given = if body.is_empty() { serde_json::Map::new() } else { object(body)? };
        let arguments = parameters(method, &given).map_err(Fault::BadFields)?;
        let action = Action::Call { method, arguments, condition: condition::of(self.headers) };
        let usual = (method.return_type != ReturnType::Void).then_some(Return::Representation);
        Ok(Planned { row, action, usual })
    }
}

/// Reads `{"value": …}`.
fn value(attribute: &Attribute, body: &[u8]) -> Result<Result<Value, FieldError>, Refusal> {
    let members = object(body)?;
    let is_other = |name: &&String| *name != "value" && !name.starts_with('@');
    Ok(match (members.get("value"), members.keys().find(is_other)) {
        (Some(json), None) => typed(attribute, json),
        _ => Err(FieldError::new("value", codes::REQUIRED, "the body is {\"value\": …}")),
    })
}
