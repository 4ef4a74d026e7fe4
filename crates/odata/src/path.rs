//! The path of a URL, as the resource of the model that it names.

use model::{Attribute, Collection, Entity, Property, Reference, Uuid, nearest};

use crate::OdataError;
use crate::lexer::guid;
use crate::url::decode;

/// What a URL's path names.
#[derive(Clone, Copy, Debug)]
pub enum Resource {
    /// The list of sets.
    ServiceDocument,
    /// `$metadata`
    Metadata,
    /// The rows of an entity.
    Set(&'static Entity),
    /// `/$count`: the number of rows of an entity.
    SetCount(&'static Entity),
    /// One row.
    Row(RowKey),
    /// An attribute of one row; as text where `raw` (`/$value`).
    Attribute {
        /// The row.
        row: RowKey,
        /// The attribute.
        attribute: &'static Attribute,
        /// Whether the bare value is asked for.
        raw: bool,
    },
    /// The row to which a row refers; its identifier only where `only_id` (`/$ref`).
    Reference {
        /// The row.
        row: RowKey,
        /// The reference.
        reference: &'static Reference,
        /// Whether the identifier alone is asked for.
        only_id: bool,
    },
    /// The children of one row; their number where `count` (`/$count`).
    Collection {
        /// The row.
        row: RowKey,
        /// The collection.
        collection: &'static Collection,
        /// Whether the number alone is asked for.
        count: bool,
    },
}

/// One row of an entity, by its identifier.
#[derive(Clone, Copy, Debug)]
pub struct RowKey {
    /// The entity.
    pub entity: &'static Entity,
    /// The identifier.
    pub id: Uuid,
}

impl Resource {
    /// Reads the path behind the service root, as it arrived: it is divided at `/` before it is decoded.
    pub fn parse(raw: &str) -> Result<Self, OdataError> {
        let raw = raw.strip_suffix('/').unwrap_or(raw);
        let decoded = raw.split('/').map(|segment| decode("path", segment)).collect::<Result<Vec<_>, _>>()?;
        let segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
        match segments.as_slice() {
            [""] => Ok(Self::ServiceDocument),
            ["$metadata"] => Ok(Self::Metadata),
            [first, ..] if is_global(first) => Err(not_offered(first)),
            [first, rest @ ..] => in_set(first, rest),
            [] => Ok(Self::ServiceDocument),
        }
    }
}

fn is_global(segment: &str) -> bool {
    matches!(segment, "$batch" | "$entity" | "$all") || segment.starts_with("$crossjoin(")
}

fn in_set(segment: &str, rest: &[&str]) -> Result<Resource, OdataError> {
    let (name, key) = match segment.split_once('(') {
        Some((name, key)) => (name, Some(key)),
        None => (segment, None),
    };
    let entity = model::find_entity(name).ok_or_else(|| unknown_set(name))?;
    if let Some(key) = key {
        return in_row(RowKey { entity, id: key_in_parentheses(entity, key)? }, rest);
    }
    match rest {
        [] => Ok(Resource::Set(entity)),
        ["$count"] => Ok(Resource::SetCount(entity)),
        [segment, ..] if segment.starts_with('$') || segment.contains('.') => Err(not_offered(segment)),
        [segment, rest @ ..] => {
            let id = guid(segment).ok_or_else(|| not_found("row", segment, None))?;
            in_row(RowKey { entity, id }, rest)
        }
    }
}

fn unknown_set(name: &str) -> OdataError {
    let sets: Vec<String> = model::entities().map(Entity::set_name).collect();
    not_found("entity set", name, nearest(name, sets.iter().map(String::as_str)))
}

/// The key of `Set(…)`: a guid, in quotes or not, with or without the name of the property.
fn key_in_parentheses(entity: &'static Entity, key: &str) -> Result<Uuid, OdataError> {
    let bad = || OdataError::BadKey { set: entity.set_name() };
    let value = key.strip_suffix(')').ok_or_else(bad)?;
    if value.starts_with('@') {
        return Err(not_offered("a parameter alias as key"));
    }
    let value = match value.split_once('=') {
        Some((name, value)) if name == entity.id().name => value,
        Some(_) => return Err(bad()),
        None => value,
    };
    let quoted = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
    guid(quoted.unwrap_or(value)).ok_or_else(bad)
}

fn in_row(row: RowKey, segments: &[&str]) -> Result<Resource, OdataError> {
    let (name, last) = match segments {
        [] => return Ok(Resource::Row(row)),
        [name] => (*name, None),
        [name, last] => (*name, Some(*last)),
        [_, _, beyond, ..] => return Err(not_offered(beyond)),
    };
    if let Some(property) = row.entity.property(name) {
        return in_property(row, property, last);
    }
    if let Some(collection) = row.entity.collection(name) {
        return match last {
            None => Ok(Resource::Collection { row, collection, count: false }),
            Some("$count") => Ok(Resource::Collection { row, collection, count: true }),
            Some(other) => Err(not_offered(other)),
        };
    }
    let method = name.rsplit('.').next().unwrap_or(name);
    let method = method.split_once('(').map_or(method, |(method, _)| method);
    if name.starts_with('$') || row.entity.methods().iter().any(|known| known.name == method) {
        return Err(not_offered(name));
    }
    Err(not_found("property", name, nearest(name, member_names(row.entity).into_iter())))
}

fn in_property(row: RowKey, property: Property, last: Option<&str>) -> Result<Resource, OdataError> {
    match (property, last) {
        (Property::Attribute(attribute), None) => Ok(Resource::Attribute { row, attribute, raw: false }),
        (Property::Attribute(attribute), Some("$value")) => {
            Ok(Resource::Attribute { row, attribute, raw: true })
        }
        (Property::Attribute(_), Some(other)) => Err(not_found("property", other, None)),
        (Property::Reference(reference), None) => Ok(Resource::Reference { row, reference, only_id: false }),
        (Property::Reference(reference), Some("$ref")) => {
            Ok(Resource::Reference { row, reference, only_id: true })
        }
        (Property::Reference(_), Some(other)) => Err(not_offered(other)),
    }
}

/// The names that an entity shows.
fn member_names(entity: &'static Entity) -> Vec<&'static str> {
    let properties = entity.properties().map(Property::name).filter(|name| entity.property(name).is_some());
    properties.chain(entity.collections().iter().map(|collection| collection.name)).collect()
}

fn not_found(what: &'static str, name: &str, meant: Option<&str>) -> OdataError {
    OdataError::NotFound { what, name: name.to_owned(), meant: meant.map(str::to_owned) }
}

fn not_offered(segment: &str) -> OdataError {
    OdataError::NotOffered { what: format!("'{segment}' in a path"), place: None }
}
