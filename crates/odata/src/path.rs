//! The path of a URL, as the resource of the model that it names.

use model::{Attribute, Collection, Entity, Property, Reference, Uuid, nearest};

use crate::OdataError;
use crate::ast::path::{Segment, SegmentKind, Target};
use crate::ast::{Key, Literal};
use crate::lexer::guid;
use crate::parse;

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
    /// Reads the path behind the service root, as it arrived.
    ///
    /// What is no path at all is [`OdataError::Syntax`], what the service does not offer
    /// [`OdataError::NotOffered`], what names nothing [`OdataError::NotFound`].
    pub fn parse(raw: &str) -> Result<Self, OdataError> {
        let raw = raw.strip_suffix('/').unwrap_or(raw);
        match parse::target(raw)? {
            Target::Service => Ok(Self::ServiceDocument),
            Target::Metadata => Ok(Self::Metadata),
            Target::Resource(segments) => in_set(&segments),
            other => Err(not_offered(&other.to_string())),
        }
    }
}

fn in_set(segments: &[Segment]) -> Result<Resource, OdataError> {
    let [Segment { kind: SegmentKind::Name(name), .. }, rest @ ..] = segments else {
        return Err(unknown_set(""));
    };
    let entity = model::find_entity(name).ok_or_else(|| unknown_set(name))?;
    match rest {
        [] => Ok(Resource::Set(entity)),
        [Segment { kind: SegmentKind::Count, .. }] => Ok(Resource::SetCount(entity)),
        [Segment { kind: SegmentKind::Key(key), .. }, rest @ ..] => {
            in_row(RowKey { entity, id: key_value(entity, key)? }, rest)
        }
        [Segment { kind: SegmentKind::Named(named), .. }, rest @ ..] => match named.as_slice() {
            [(name, key)] if name == entity.id().name => {
                in_row(RowKey { entity, id: key_value(entity, key)? }, rest)
            }
            _ => Err(bad_key(entity)),
        },
        [segment, rest @ ..] => {
            let (SegmentKind::Name(text) | SegmentKind::Text(text)) = &segment.kind else {
                return Err(not_offered(&segment.to_string()));
            };
            match guid(text) {
                Some(id) => in_row(RowKey { entity, id }, rest),
                None if is_operation(entity, text) => Err(operation_not_offered(segment, rest)),
                None => Err(not_found("row", text, None)),
            }
        }
    }
}

/// Whether a segment names an operation: one of the entity, or any where the name is qualified.
fn is_operation(entity: &'static Entity, name: &str) -> bool {
    name.contains('.') || entity.methods().iter().any(|method| method.name == name)
}

/// An action or function with its parameters.
fn operation_not_offered(segment: &Segment, rest: &[Segment]) -> OdataError {
    let parameters = rest.first().filter(|next| matches!(next.kind, SegmentKind::Named(_)));
    not_offered(&format!("{segment}{}", parameters.map(Segment::to_string).unwrap_or_default()))
}

fn unknown_set(name: &str) -> OdataError {
    let sets: Vec<String> = model::entities().map(Entity::set_name).collect();
    not_found("entity set", name, nearest(name, sets.iter().map(String::as_str)))
}

/// The key of `Set(…)`: a guid, in quotes or not.
fn key_value(entity: &'static Entity, key: &Key) -> Result<Uuid, OdataError> {
    match key {
        Key::Literal(Literal::Guid(id)) => Ok(*id),
        Key::Literal(Literal::Text(text)) => guid(text).ok_or_else(|| bad_key(entity)),
        Key::Literal(_) => Err(bad_key(entity)),
        Key::Alias(_) => Err(not_offered("a parameter alias as key")),
    }
}

fn bad_key(entity: &'static Entity) -> OdataError {
    OdataError::BadKey { set: entity.set_name() }
}

fn in_row(row: RowKey, segments: &[Segment]) -> Result<Resource, OdataError> {
    let [segment, rest @ ..] = segments else { return Ok(Resource::Row(row)) };
    let (SegmentKind::Name(name) | SegmentKind::Text(name)) = &segment.kind else {
        return Err(not_offered(&segment.to_string()));
    };
    if is_operation(row.entity, name) {
        return Err(operation_not_offered(segment, rest));
    }
    let last = match rest {
        [] => None,
        [last] => Some(last),
        [_, beyond, ..] => return Err(not_offered(&beyond.to_string())),
    };
    if let Some(property) = row.entity.property(name) {
        return in_property(row, property, last);
    }
    if let Some(collection) = row.entity.collection(name) {
        return match last.map(|last| &last.kind) {
            None => Ok(Resource::Collection { row, collection, count: false }),
            Some(SegmentKind::Count) => Ok(Resource::Collection { row, collection, count: true }),
            Some(_) => Err(not_offered(&last.map(Segment::to_string).unwrap_or_default())),
        };
    }
    Err(not_found("property", name, nearest(name, member_names(row.entity).into_iter())))
}

fn in_property(row: RowKey, property: Property, last: Option<&Segment>) -> Result<Resource, OdataError> {
    let other = || last.map(Segment::to_string).unwrap_or_default();
    match (property, last.map(|last| &last.kind)) {
        (Property::Attribute(attribute), None) => Ok(Resource::Attribute { row, attribute, raw: false }),
        (Property::Attribute(attribute), Some(SegmentKind::Value)) => {
            Ok(Resource::Attribute { row, attribute, raw: true })
        }
        (Property::Attribute(_), Some(SegmentKind::Name(_) | SegmentKind::Text(_))) => {
            Err(not_found("property", &other(), None))
        }
        (Property::Reference(reference), None) => Ok(Resource::Reference { row, reference, only_id: false }),
        (Property::Reference(reference), Some(SegmentKind::Ref)) => {
            Ok(Resource::Reference { row, reference, only_id: true })
        }
        (_, Some(_)) => Err(not_offered(&other())),
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
