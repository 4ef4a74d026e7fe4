//! The path of a URL, as the resource of the model that it names.

use model::{Attribute, Collection, Entity, Method, Property, Reference, Uuid, Verb, nearest};

use crate::OdataError;
use crate::ast::path::{Segment, SegmentKind, Target};
use crate::ast::{Key, Literal};
use crate::lexer::guid;
use crate::metadata::{NAMESPACE, entity_type_name};
use crate::parse;
use crate::url::decode;

/// What a URL's path names.
#[derive(Clone, Debug)]
pub enum Resource {
    /// The list of sets.
    ServiceDocument,
    /// `$metadata`
    Metadata,
    /// The rows of an entity.
    Set(&'static Entity, Part),
    /// `$entity`: the row whose identifier the option `$id` has, which is of this entity where one is named.
    Identified(Option<&'static Entity>),
    /// One row.
    Row(RowKey),
    /// The identifier of one row (`/$ref`).
    RowReference(RowKey),
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
    /// The children of one row.
    Collection {
        /// The row.
        row: RowKey,
        /// The collection.
        collection: &'static Collection,
        /// What is asked for of them.
        part: Part,
    },
    /// What a function says of one row.
    Function {
        /// The row.
        row: RowKey,
        /// The function.
        method: &'static Method,
        /// What is given for its parameters, by their names.
        arguments: Vec<(String, Key)>,
    },
}

/// What is asked for of several rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The rows themselves.
    Rows,
    /// Their identifiers (`/$ref`).
    References,
    /// Their number (`/$count`).
    Count,
}

impl Part {
    fn named(segment: Option<&Segment>) -> Option<Self> {
        match segment.map(|segment| &segment.kind) {
            None => Some(Self::Rows),
            Some(SegmentKind::Ref) => Some(Self::References),
            Some(SegmentKind::Count) => Some(Self::Count),
            Some(_) => None,
        }
    }
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
        match parse::target(raw).map_err(|error| clearer(raw, error))? {
            Target::Service => Ok(Self::ServiceDocument),
            Target::Metadata => Ok(Self::Metadata),
            Target::Entity(None) => Ok(Self::Identified(None)),
            Target::Entity(Some(cast)) => find_type(&cast).map(|entity| Self::Identified(Some(entity))),
            Target::Resource(segments) => in_set(&segments),
            other => Err(not_offered(&other.to_string())),
        }
    }

    /// The row that an identifier names: its address, below `root` or relative to it.
    pub fn identified(id: &str, root: &str) -> Result<RowKey, OdataError> {
        let path = id.strip_prefix(root).unwrap_or(id);
        let expected = || OdataError::BadOption {
            name: "$id".to_owned(),
            expected:
                "the address of a row, such as Systems_Security_Users(12345678-9abc-def0-1234-56789abcdef0)"
                    .to_owned(),
        };
        match Self::parse(path) {
            Ok(Self::Row(row)) => Ok(row),
            Err(error @ (OdataError::NotFound { .. } | OdataError::BadKey { .. })) => Err(error),
            Ok(_) | Err(_) => Err(expected()),
        }
    }
}

/// What is expected in the parentheses behind the first name, where the grammar alone cannot say it.
fn clearer(raw: &str, error: OdataError) -> OdataError {
    let OdataError::Syntax { place, .. } = &error else { return error };
    let path = decode("path", raw).unwrap_or_default();
    let Some((name, rest)) = path.split_once('(') else { return error };
    let within = rest.split_once(')').map_or(rest, |(within, _)| within);
    let end = name.chars().count() + within.chars().count() + 1;
    let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    match model::find_entity(name) {
        Some(entity) if place.at <= end => bad_key(entity),
        None if is_name => unknown_set(name),
        _ => error,
    }
}

fn find_type(name: &str) -> Result<&'static Entity, OdataError> {
    let names: Vec<String> = model::entities().map(entity_type_name).collect();
    let found = model::entities().find(|entity| entity_type_name(entity) == name);
    found.ok_or_else(|| not_found("type", name, nearest(name, names.iter().map(String::as_str))))
}

fn in_set(segments: &[Segment]) -> Result<Resource, OdataError> {
    let [Segment { kind: SegmentKind::Name(name), .. }, rest @ ..] = segments else {
        return Err(unknown_set(""));
    };
    let entity = model::find_entity(name).ok_or_else(|| unknown_set(name))?;
    let rest = behind_cast(entity, rest);
    if let (Some(part), [] | [_]) = (Part::named(rest.first()), rest) {
        return Ok(Resource::Set(entity, part));
    }
    match rest {
        [] => Ok(Resource::Set(entity, Part::Rows)),
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
    name.contains('.') || find_method(entity, name).is_some()
}

/// A method of an entity by its name, which may have that of the schema before it.
fn find_method(entity: &'static Entity, name: &str) -> Option<&'static Method> {
    let bare = name.strip_prefix(NAMESPACE).and_then(|rest| rest.strip_prefix('.')).unwrap_or(name);
    entity.methods().iter().find(|method| method.name == bare)
}

/// A function of a row with what is given for its parameters.
fn function(row: RowKey, name: &str, rest: &[Segment]) -> Option<Resource> {
    let method = find_method(row.entity, name).filter(|method| method.verb == Verb::Get)?;
    let arguments = match rest {
        [] => Vec::new(),
        [Segment { kind: SegmentKind::Named(arguments), .. }] => arguments.clone(),
        _ => return None,
    };
    Some(Resource::Function { row, method, arguments })
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

/// What stands behind the name of the rows' own type, as which every row may be seen.
fn behind_cast<'s>(entity: &'static Entity, segments: &'s [Segment]) -> &'s [Segment] {
    match segments {
        [Segment { kind: SegmentKind::Name(name), .. }, rest @ ..] if *name == entity_type_name(entity) => {
            rest
        }
        _ => segments,
    }
}

fn in_row(row: RowKey, segments: &[Segment]) -> Result<Resource, OdataError> {
    let [segment, rest @ ..] = behind_cast(row.entity, segments) else { return Ok(Resource::Row(row)) };
    if let (SegmentKind::Ref, []) = (&segment.kind, rest) {
        return Ok(Resource::RowReference(row));
    }
    let (SegmentKind::Name(name) | SegmentKind::Text(name)) = &segment.kind else {
        return Err(not_offered(&segment.to_string()));
    };
    if let Some(function) = function(row, name, rest) {
        return Ok(function);
    }
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
        let other = || not_offered(&last.map(Segment::to_string).unwrap_or_default());
        return Part::named(last)
            .map(|part| Resource::Collection { row, collection, part })
            .ok_or_else(other);
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
        // OData 4.01 part 1, section 11.2.8: only what is an entity has an identifier.
        (Property::Attribute(_), Some(SegmentKind::Ref)) => Err(not_found("row", &other(), None)),
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
