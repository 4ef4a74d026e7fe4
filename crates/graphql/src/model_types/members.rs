//! The members of an entity that a filter can name.

use model::{Collection, Entity, Filters, Property};

use super::names;

/// A member of an entity that a filter can speak of.
pub(super) enum Member {
    Attribute(Property),
    Reference(&'static model::Reference),
    Collection(&'static Collection),
}

/// The members of an entity that a filter can speak of, by their names in the schema.
pub(super) fn members(entity: &'static Entity) -> impl Iterator<Item = (String, Member)> {
    let attributes = entity.properties().filter(|property| {
        matches!(property, Property::Attribute(attribute) if !attribute.secret && attribute.column.is_some())
            && property.filters() != Filters::NONE
    });
    let attributes = attributes.map(|property| (property.name(), Member::Attribute(property)));
    let references =
        entity.references().iter().map(|reference| (reference.name, Member::Reference(reference)));
    let collections =
        entity.collections().iter().map(|collection| (collection.name, Member::Collection(collection)));
    attributes
        .chain(references)
        .chain(collections)
        .map(|(name, member)| (names::of_property(entity, name), member))
}
