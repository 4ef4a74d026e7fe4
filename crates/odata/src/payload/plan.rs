//! The layout of rows, computed once per response.

use model::query::{BoundExpand, BoundQuery, Computation, ExpandShape, Expansion};
use model::{Collection, DataType, Entity, Property, Reference};

use crate::metadata::entity_type_name;

/// The layout of the rows of one query.
pub(super) struct Plan {
    /// Name of the set, for identifiers.
    pub(super) set: String,
    /// Qualified name of the type.
    pub(super) type_name: String,
    /// The properties, in order.
    pub(super) columns: Vec<Column>,
    /// The computed properties.
    pub(super) computed: Vec<Computation>,
    /// The other expanded properties.
    pub(super) included: Vec<Included>,
    /// The references and collections of the entity, by name.
    pub(super) links: Vec<&'static str>,
}

/// The layout of one property.
pub(super) struct Column {
    /// The name.
    pub(super) name: &'static str,
    /// Probable index of the value in a row.
    pub(super) index: usize,
    /// The content.
    pub(super) content: Content,
}

/// The content of a property.
pub(super) enum Content {
    /// A value of a type.
    Value(DataType),
    /// The row's display text.
    DisplayText,
    /// The identifier of a row in a set.
    Link(String),
    /// The referenced row.
    Inline(Rows),
}

/// The layout of expanded rows.
pub(super) enum Rows {
    /// Rows with a layout of their own.
    Planned(Plan),
    /// Their identifiers in a set (`/$ref`).
    Identifiers(String),
}

/// A reference or collection that is written after the properties.
pub(super) struct Included {
    /// The name.
    pub(super) name: &'static str,
    /// The layout of its rows.
    pub(super) rows: Rows,
}

impl Plan {
    /// Creates the layout of a query.
    pub(super) fn new(query: &BoundQuery) -> Self {
        let entity = query.entity();
        let columns: Vec<Column> = query.shown().iter().map(|property| column(query, *property)).collect();
        let is_column = |name: &str| columns.iter().any(|column| column.name == name);
        let others = query.expand().iter().filter(|expand| !is_column(expand.expansion.name()));
        let included =
            others.map(|expand| Included { name: expand.expansion.name(), rows: Rows::new(expand) });
        Self {
            set: entity.set_name(),
            type_name: entity_type_name(entity),
            computed: query.computed().to_vec(),
            included: included.collect(),
            links: links(entity),
            columns,
        }
    }
}

impl Rows {
    fn new(expand: &BoundExpand) -> Self {
        match expand.shape {
            ExpandShape::References => Self::Identifiers(expand.query.entity().set_name()),
            ExpandShape::Rows | ExpandShape::Count => Self::Planned(Plan::new(&expand.query)),
        }
    }
}

fn links(entity: &'static Entity) -> Vec<&'static str> {
    let references = entity.references().iter().map(|reference: &Reference| reference.name);
    references.chain(entity.collections().iter().map(|collection: &Collection| collection.name)).collect()
}

fn column(query: &BoundQuery, property: Property) -> Column {
    let name = property.name();
    let index = query.fetched().iter().position(|fetched| fetched.name() == name).unwrap_or(usize::MAX);
    let content = match property {
        Property::Attribute(attribute) if attribute.column.is_none() => Content::DisplayText,
        Property::Attribute(attribute) => Content::Value(attribute.data_type),
        Property::Reference(reference) => reference_content(query, reference),
    };
    Column { name, index, content }
}

fn reference_content(query: &BoundQuery, reference: &'static Reference) -> Content {
    let expanded = query.expand().iter().find(|expand| {
        matches!(expand.expansion, Expansion::Reference(expanded) if expanded.name == reference.name)
    });
    match expanded {
        Some(expand) => Content::Inline(Rows::new(expand)),
        None => Content::Link(reference.target().set_name()),
    }
}
