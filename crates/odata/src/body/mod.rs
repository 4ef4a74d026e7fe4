//! Bodies of requests that write: JSON members as typed values of the model.
//!
//! A reader refuses what it does not know: the name of a member, the type of a value, an annotation. It goes on after an
//! error, so that one answer can name all of them ([`Given::unreadable`]).

mod annotation;
mod parameters;
mod value;

use model::writing::{FieldError, Given, codes};
use model::{Collection, Entity, Property, Reference, Uuid, Value, nearest};
use serde_json::{Map, Value as Json};

use crate::metadata::entity_type_name;
use crate::{OdataError, Resource, RowKey};
use annotation::{Annotation, Control};

pub use parameters::parameters;
pub use value::typed;

/// Name of the attribute with the version of a row.
const VERSION: &str = "ObjectVersion";
/// The deepest level of children in a body.
const MAX_DEPTH: usize = 4;
/// The maximum number of children in a body.
const MAX_CHILDREN: usize = 1000;

/// The row of a body.
#[derive(Debug, Default)]
pub struct RowBody {
    /// The values.
    pub given: Given,
    /// The versions that the row must have (`ObjectVersion`, `@odata.etag`).
    pub versions: Vec<i64>,
}

/// Reads bodies.
#[derive(Clone, Copy, Debug)]
pub struct BodyReader<'a> {
    /// The absolute URL of the service, with a trailing slash.
    pub root: &'a str,
    /// The rows that identifiers such as `$1` name (OData 4.01 part 1, section 11.7.3.1).
    pub named: &'a [(String, RowKey)],
}

impl BodyReader<'_> {
    /// Reads the body of a request that creates a row, or changes the row `id`.
    ///
    /// ```
    /// use odata::body::BodyReader;
    ///
    /// let users = model::find_entity("Systems_Security_Users").expect("an entity");
    /// let reader = BodyReader { root: "https://example.org/", named: &[] };
    /// let members = serde_json::json!({ "Nmae": "Ada", "Active": "yes", "ObjectVersion": 3 });
    /// let body = reader.row(users, None, members.as_object().expect("an object"));
    /// assert_eq!(body.versions, [3]);
    /// let wrong: Vec<_> = body.given.unreadable.iter().map(|error| (error.target.as_str(), error.code)).collect();
    /// assert_eq!(wrong, [("Active", "BAD_VALUE"), ("Nmae", "UNKNOWN_PROPERTY")]);
    /// ```
    pub fn row(&self, entity: &'static Entity, id: Option<Uuid>, members: &Map<String, Json>) -> RowBody {
        self.nested(entity, id, members, 0)
    }

    /// Reads the body of a request that sets a reference: `{"@odata.id": "Set(<guid>)"}`.
    ///
    /// # Errors
    /// [`FieldError`] if it is anything else.
    pub fn reference(&self, reference: &Reference, body: &Map<String, Json>) -> Result<Uuid, FieldError> {
        let mut id = None;
        for (name, json) in body {
            match (Annotation::parse(name), json) {
                (Some(Annotation::OfRow(Control::Id)), Json::String(text)) => id = Some(text),
                (Some(Annotation::OfRow(Control::Context | Control::Type)), Json::String(_)) => {}
                _ => return Err(self.no_reference(reference)),
            }
        }
        self.resolve(reference, id.ok_or_else(|| self.no_reference(reference))?)
    }

    fn nested(
        &self,
        entity: &'static Entity,
        id: Option<Uuid>,
        members: &Map<String, Json>,
        depth: usize,
    ) -> RowBody {
        let mut body = RowBody::default();
        for (name, json) in members {
            let read = match Annotation::parse(name) {
                Some(annotation) => self.annotation(entity, id, &annotation, json, &mut body),
                None => self.member(entity, name, json, depth, &mut body),
            };
            body.given.unreadable.extend(read.err());
        }
        body
    }

    fn member(
        &self,
        entity: &'static Entity,
        name: &str,
        json: &Json,
        depth: usize,
        body: &mut RowBody,
    ) -> Result<(), FieldError> {
        if name == VERSION {
            let version = json
                .as_i64()
                .ok_or_else(|| FieldError::new(name, codes::BAD_VALUE, "a whole number is expected"))?;
            body.versions.push(version);
            return Ok(());
        }
        match (entity.property(name), entity.collection(name)) {
            (Some(property @ Property::Attribute(attribute)), _) => {
                body.given.values.push((property, typed(attribute, json)?));
            }
            (Some(property @ Property::Reference(reference)), _) => {
                let value = match json {
                    Json::Null => Value::Null,
                    Json::Object(members) => Value::Guid(self.reference(reference, members)?),
                    _ => return Err(self.no_reference(reference)),
                };
                self.bind(property, value, body)?;
            }
            (None, Some(collection)) => {
                let rows = self.children(collection, json, depth, body)?;
                body.given.children.push((collection, rows));
            }
            (None, None) => return Err(unknown(entity, name)),
        }
        Ok(())
    }

    /// Notes the value of a reference, which a body gives once: as a member or as `@odata.bind`.
    fn bind(&self, property: Property, value: Value, body: &mut RowBody) -> Result<(), FieldError> {
        if body.given.value(property.name()).is_some() {
            let message = "the reference is given twice: as a member, and by @odata.bind";
            return Err(FieldError::new(property.name(), codes::REPEATED, message));
        }
        body.given.values.push((property, value));
        Ok(())
    }

    fn children(
        &self,
        collection: &'static Collection,
        json: &Json,
        depth: usize,
        body: &mut RowBody,
    ) -> Result<Vec<Given>, FieldError> {
        let wrong = |code, message: String| FieldError::new(collection.name, code, message);
        let Json::Array(items) = json else {
            return Err(wrong(codes::BAD_VALUE, "an array of objects is expected".to_owned()));
        };
        if depth >= MAX_DEPTH || items.len() > MAX_CHILDREN {
            let message = format!("at most {MAX_CHILDREN} rows on {MAX_DEPTH} levels are allowed");
            return Err(wrong("LIMIT_EXCEEDED", message));
        }
        let mut rows = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let target = format!("{}/{index}", collection.name);
            let Json::Object(members) = item else {
                body.given.unreadable.push(FieldError::new(
                    target,
                    codes::BAD_VALUE,
                    "an object is expected",
                ));
                continue;
            };
            let child = self.nested(collection.target(), None, members, depth + 1);
            if !child.versions.is_empty() {
                let message = "a row that is created has no version";
                body.given.unreadable.push(FieldError::new(
                    format!("{target}/{VERSION}"),
                    codes::READ_ONLY,
                    message,
                ));
            }
            rows.push(child.given);
        }
        Ok(rows)
    }

    fn annotation(
        &self,
        entity: &'static Entity,
        id: Option<Uuid>,
        annotation: &Annotation<'_>,
        json: &Json,
        body: &mut RowBody,
    ) -> Result<(), FieldError> {
        let target = annotation.to_string();
        let wrong = |message: &str| FieldError::new(target.clone(), codes::BAD_ANNOTATION, message);
        let Json::String(text) = json else { return Err(wrong("a text is expected")) };
        match annotation {
            Annotation::OfRow(Control::Context | Control::Link) => Ok(()),
            Annotation::OfRow(Control::Type) => {
                let name = entity_type_name(entity);
                if text.trim_start_matches('#') == name {
                    return Ok(());
                }
                Err(wrong(&format!("the type of the row is #{name}")))
            }
            Annotation::OfRow(Control::Id) => {
                let row = Resource::identified(text, self.root).ok();
                let is_own = |row: RowKey| std::ptr::eq(row.entity, entity) && Some(row.id) == id;
                if row.is_some_and(is_own) {
                    return Ok(());
                }
                Err(wrong("this is not the identifier of the row; the server chooses those of new rows"))
            }
            Annotation::OfRow(Control::Etag) => {
                body.versions.push(version(text).ok_or_else(|| wrong("this is not an entity tag of a row"))?);
                Ok(())
            }
            Annotation::OfProperty(name, Control::Bind) => match entity.property(name) {
                Some(property @ Property::Reference(reference)) => {
                    let value = Value::Guid(self.resolve(reference, text)?);
                    self.bind(property, value, body)
                }
                _ => Err(wrong("only a reference to one row can be bound")),
            },
            Annotation::OfProperty(name, Control::Type | Control::Link) => {
                let is_known = entity.property(name).is_some() || entity.collection(name).is_some();
                if is_known { Ok(()) } else { Err(unknown(entity, name)) }
            }
            Annotation::OfRow(Control::Bind | Control::Other) | Annotation::OfProperty(..) => {
                Err(wrong("the annotation is unknown, or has no meaning here"))
            }
        }
    }

    /// Returns the row that an identifier names.
    fn resolve(&self, reference: &Reference, text: &str) -> Result<Uuid, FieldError> {
        let named = text
            .strip_prefix('$')
            .and_then(|name| self.named.iter().find(|(content, _)| content == name).map(|(_, row)| *row));
        let row = match named {
            Some(row) => Ok(row),
            None => Resource::identified(text, self.root),
        };
        match row {
            Ok(row) if std::ptr::eq(row.entity, reference.target()) => Ok(row.id),
            Ok(_)
            | Err(OdataError::NotFound { .. } | OdataError::BadKey { .. } | OdataError::BadOption { .. }) => {
                Err(self.no_reference(reference))
            }
            Err(other) => Err(FieldError::new(reference.name, codes::BAD_REFERENCE, other.to_string())),
        }
    }

    fn no_reference(&self, reference: &Reference) -> FieldError {
        let set = reference.target().set_name();
        let message = format!("{{\"@odata.id\": \"{set}(<guid>)\"}} is expected");
        FieldError::new(reference.name, codes::BAD_REFERENCE, message)
    }
}

/// Returns the version of an entity tag, as [`etag`](crate::payload::etag) writes it; weak or strong.
///
/// ```
/// assert_eq!(odata::body::version("W/\"7\""), Some(7));
/// assert_eq!(odata::body::version("\"7\""), Some(7));
/// assert_eq!(odata::body::version("7"), None);
/// ```
pub fn version(tag: &str) -> Option<i64> {
    let opaque = tag.trim().trim_start_matches("W/").strip_prefix('"')?.strip_suffix('"')?;
    opaque.parse().ok()
}

fn unknown(entity: &'static Entity, name: &str) -> FieldError {
    let properties = entity.properties().map(Property::name).filter(|name| entity.property(name).is_some());
    let names = properties.chain(entity.collections().iter().map(|collection| collection.name));
    let meant = nearest(name, names).map(|meant| format!("; did you mean '{meant}'?")).unwrap_or_default();
    let message = format!("{} has no such property{meant}", entity.set_name());
    FieldError::new(name, codes::UNKNOWN_PROPERTY, message)
}

#[cfg(test)]
mod tests;
