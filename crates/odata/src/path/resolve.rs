//! Resolution of path segments against the model.

use model::{Entity, Method, Property, Uuid, Verb, nearest, pending};

use super::{Part, Resource, RowKey};
use crate::OdataError;
use crate::ast::path::{Segment, SegmentKind};
use crate::ast::{Key, Literal};
use crate::error::Place;
use crate::lexer::guid;
use crate::metadata::{NAMESPACE, entity_type_name};
use crate::url::decode;

/// Returns a clearer error for the parentheses after the first name, which the model can explain.
pub(super) fn explain(raw: &str, error: OdataError) -> OdataError {
    let OdataError::Syntax { place, .. } = &error else { return error };
    let path = decode("path", raw).unwrap_or_default();
    let first = path.split(['(', '/']).next().unwrap_or_default();
    if first.contains('.') && set_of_name(first).is_some() {
        return unknown_set(first);
    }
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

pub(super) fn find_type(name: &str) -> Result<&'static Entity, OdataError> {
    let names: Vec<String> = model::entities().map(entity_type_name).collect();
    let found = model::entities().find(|entity| entity_type_name(entity) == name);
    found.ok_or_else(|| not_found("type", name, nearest(name, names.iter().map(String::as_str))))
}

pub(super) fn in_set(segments: &[Segment]) -> Result<Resource, OdataError> {
    let [Segment { kind: SegmentKind::Name(name), .. }, rest @ ..] = segments else {
        return Err(unknown_set(""));
    };
    let entity = model::find_entity(name).ok_or_else(|| unknown_set(name))?;
    let rest = after_cast(entity, rest);
    if let (Some(part), [] | [_]) = (Part::from_segment(rest.first()), rest) {
        return Ok(Resource::Set(entity, part));
    }
    match rest {
        [] => Ok(Resource::Set(entity, Part::Rows)),
        [Segment { kind: SegmentKind::Key(key), .. }, rest @ ..] => {
            in_row(RowKey { entity, id: key_value(entity, key)? }, rest, 0)
        }
        [Segment { kind: SegmentKind::Named(named), .. }, rest @ ..] => match named.as_slice() {
            [(name, key)] if name == entity.id().name => {
                in_row(RowKey { entity, id: key_value(entity, key)? }, rest, 0)
            }
            _ => Err(bad_key(entity)),
        },
        [segment, rest @ ..] => {
            let (SegmentKind::Name(text) | SegmentKind::Text(text)) = &segment.kind else {
                return Err(not_offered(&segment.to_string()));
            };
            match guid(text) {
                Some(id) => in_row(RowKey { entity, id }, rest, 0),
                None if is_operation(entity, text) => Err(operation_not_offered(segment, rest)),
                None => Err(not_found("row", text, None)),
            }
        }
    }
}

/// Returns whether a segment is an operation: one of the entity, or any qualified name.
fn is_operation(entity: &'static Entity, name: &str) -> bool {
    name.contains('.') || pending::of_method(name).is_some() || find_method(entity, name).is_some()
}

/// Finds a method of an entity by its name, optionally qualified.
fn find_method(entity: &'static Entity, name: &str) -> Option<&'static Method> {
    entity.methods().iter().find(|method| method.name == bare(name))
}

/// Returns the name of a method without its namespace.
fn bare(name: &str) -> &str {
    name.strip_prefix(NAMESPACE).and_then(|rest| rest.strip_prefix('.')).unwrap_or(name)
}

/// Returns the function of a row with its arguments.
fn function(row: RowKey, name: &str, rest: &[Segment]) -> Option<Resource> {
    let method = find_method(row.entity, name).filter(|method| method.verb == Verb::Get)?;
    let arguments = match rest {
        [] => Vec::new(),
        [Segment { kind: SegmentKind::Named(arguments), .. }] => arguments.clone(),
        _ => return None,
    };
    Some(Resource::Function { row, method, arguments })
}

/// Returns the error for an action or function with its parameters.
fn operation_not_offered(segment: &Segment, rest: &[Segment]) -> OdataError {
    if let SegmentKind::Name(name) | SegmentKind::Text(name) = &segment.kind
        && let Some(pending) = pending::of_method(bare(name))
    {
        return OdataError::NotYet(pending);
    }
    let parameters = rest.first().filter(|next| matches!(next.kind, SegmentKind::Named(_)));
    not_offered(&format!("{segment}{}", parameters.map(Segment::to_string).unwrap_or_default()))
}

fn unknown_set(name: &str) -> OdataError {
    let sets: Vec<String> = model::entities().map(Entity::set_name).collect();
    if let Some(now) = model::renamed(name) {
        return OdataError::Renamed { name: name.to_owned(), now };
    }
    if let Some(pending) = pending::of_set(name).or_else(|| pending::of_method(bare(name))) {
        return OdataError::NotYet(pending);
    }
    let own = set_of_name(name);
    let suggestion = own.as_deref().or_else(|| nearest(name, sets.iter().map(String::as_str)));
    not_found("entity set", name, suggestion)
}

/// Returns the set of the entity that another of its names denotes: without the namespace, with dots, or in the singular.
fn set_of_name(name: &str) -> Option<String> {
    let is_called = |entity: &&'static Entity| {
        [entity.name.to_owned(), entity.singular.to_owned(), entity.repository(), entity_type_name(entity)]
            .iter()
            .any(|own| own.eq_ignore_ascii_case(name))
    };
    model::entities().find(is_called).map(Entity::set_name)
}

/// Returns the key of `Set(…)`: a GUID, optionally in quotes.
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

/// Strips a cast to the rows' own type from the start of the segments.
fn after_cast<'s>(entity: &'static Entity, segments: &'s [Segment]) -> &'s [Segment] {
    match segments {
        [Segment { kind: SegmentKind::Name(name), .. }, rest @ ..] if *name == entity_type_name(entity) => {
            rest
        }
        _ => segments,
    }
}

/// Maximum number of references in a path. Each of them is looked up.
const MAX_REFERENCES: usize = 6;

/// Returns the resource of a row to which `references` references led.
fn in_row(row: RowKey, segments: &[Segment], references: usize) -> Result<Resource, OdataError> {
    let [segment, rest @ ..] = after_cast(row.entity, segments) else { return Ok(Resource::Row(row)) };
    if let (SegmentKind::Ref, []) = (&segment.kind, rest) {
        return Ok(Resource::RowReference(row));
    }
    let (SegmentKind::Name(name) | SegmentKind::Text(name)) = &segment.kind else {
        return Err(not_offered(&segment.to_string()));
    };
    if let Some(function) = function(row, name, rest) {
        return Ok(function);
    }
    if let (Some(method), []) = (row.entity.served_actions().find(|method| method.name == bare(name)), rest) {
        return Ok(Resource::Action { row, method });
    }
    if is_operation(row.entity, name) {
        return Err(operation_not_offered(segment, rest));
    }
    if let (Some(reference), [next, ..]) = (row.entity.reference(name), rest)
        && matches!(next.kind, SegmentKind::Name(_) | SegmentKind::Text(_))
    {
        if references == MAX_REFERENCES {
            let place = Place { option: "path".to_owned(), at: segment.at };
            let what = "the number of references in a path";
            return Err(OdataError::Limit { place, what, limit: MAX_REFERENCES });
        }
        let target = RowKey { entity: reference.target(), id: Uuid::nil() };
        let then = Box::new(in_row(target, rest, references + 1)?);
        return Ok(Resource::Through { row, reference, then });
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
        return Part::from_segment(last)
            .map(|part| Resource::Collection { row, collection, part })
            .ok_or_else(other);
    }
    if let Some(pending) = pending::of_property(name) {
        return Err(OdataError::NotYet(pending));
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
        // OData 4.01 part 1, section 11.2.8: only entities have identifiers.
        (Property::Attribute(_), Some(SegmentKind::Ref)) => Err(not_found("row", &other(), None)),
        (Property::Reference(reference), None) => Ok(Resource::Reference { row, reference, only_id: false }),
        (Property::Reference(reference), Some(SegmentKind::Ref)) => {
            Ok(Resource::Reference { row, reference, only_id: true })
        }
        (_, Some(_)) => Err(not_offered(&other())),
    }
}

/// Returns the names of an entity's visible members.
fn member_names(entity: &'static Entity) -> Vec<&'static str> {
    let properties = entity.properties().map(Property::name).filter(|name| entity.property(name).is_some());
    properties.chain(entity.collections().iter().map(|collection| collection.name)).collect()
}

fn not_found(what: &'static str, name: &str, suggestion: Option<&str>) -> OdataError {
    OdataError::NotFound { what, name: name.to_owned(), suggestion: suggestion.map(str::to_owned) }
}

pub(super) fn not_offered(segment: &str) -> OdataError {
    OdataError::NotOffered { what: format!("'{segment}' in a path"), place: None }
}
