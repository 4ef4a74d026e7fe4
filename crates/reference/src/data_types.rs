//! The types of attributes, parameters and results.

use model::{DataType, Entity, EnumType, details as facts};
use serde_json::Value;

use crate::entities;
use crate::page::{Block, Cell, Inline, Page, Target, anchor, code, text};
use crate::prose::prose;

/// The path of the page.
const PATH: &str = "data-types";
/// The namespace of the structured types.
const NAMESPACE: &str = "Systems.Bpm";

/// A link to a structured type.
pub(crate) fn link(name: &str) -> Inline {
    Inline::Link(Target::Anchor(PATH.to_owned(), structured_anchor(name)), vec![text(name)])
}

fn structured_anchor(name: &str) -> String {
    anchor(&format!("{NAMESPACE}.{name}"))
}

/// The page; `csdl` is the description of the OData service, which has the structured types.
pub(crate) fn page(entities: &[&'static Entity], csdl: &Value) -> Page {
    let mut page = Page::new(PATH, "Data types", "Registry");
    page.summary = prose("What attributes, parameters and results can hold, and how each is written.");
    page.section("Simple types");
    let heads = vec!["Name", "OData", "GraphQL", "Description"];
    page.blocks.push(Block::Table(heads, SIMPLE.iter().map(simple_row).collect()));
    let enumerations = enumerations(entities);
    page.section("Enumerations");
    for (enumeration, owner) in enumerations {
        let name = enumeration.wire_name();
        page.subsection(name.as_ref(), anchor(&name));
        page.paragraph(vec![text("An attribute of "), entities::full_link(owner), text(".")]);
        page.blocks.push(Block::Table(vec!["Value", "Description"], entities::values(enumeration)));
    }
    structured(&mut page, csdl);
    page
}

/// A type, its names in OData and GraphQL, and how it is written.
type Simple = (DataType, &'static str, &'static str, &'static str);

const SIMPLE: [Simple; 5] = [
    (
        DataType::Text,
        "Edm.String",
        "String",
        "Text in Unicode; the number after the type is the maximum number of characters, `max` without a practical limit.",
    ),
    (
        DataType::DateTime,
        "Edm.DateTimeOffset",
        "DateTime",
        "A moment, as RFC 3339 writes it: `2026-08-01T00:00:00Z`. Kept and answered in UTC, to the microsecond.",
    ),
    (
        DataType::Guid,
        "Edm.Guid",
        "ID",
        "An identifier of 128 bits (RFC 9562): `0197a4d8-52c0-7cc1-9f0e-2b1d6a1f5c11`.",
    ),
    (DataType::Int32, "Edm.Int32", "Int", "A whole number of 32 bits."),
    (DataType::Bool, "Edm.Boolean", "Boolean", "`true` or `false`."),
];

fn simple_row((kind, odata, graphql, description): &Simple) -> Vec<Cell> {
    let name = Cell::named(facts::type_name(*kind));
    vec![name, Cell::of(vec![code(*odata)]), Cell::of(vec![code(*graphql)]), Cell::of(prose(description))]
}

/// The enumerations of attributes, each with the first entity that has it.
fn enumerations(entities: &[&'static Entity]) -> Vec<(&'static EnumType, &'static Entity)> {
    let mut found: Vec<(&'static EnumType, &'static Entity)> = Vec::new();
    for entity in entities {
        for attribute in entity.own_attributes() {
            if let DataType::Enum(kind) = attribute.data_type
                && found.iter().all(|(known, _)| known.wire_name() != kind.wire_name())
            {
                found.push((kind, entity));
            }
        }
    }
    found.sort_by_key(|(kind, _)| kind.wire_name());
    found
}

/// The types with properties of their own (OData CSDL JSON 4.01, section 9).
fn structured(page: &mut Page, csdl: &Value) {
    let types = csdl.as_object().into_iter().flatten().filter_map(|(_, schema)| schema.as_object()).flatten();
    let types: Vec<_> = types.filter(|(_, kind)| kind["$Kind"] == "ComplexType").collect();
    if types.is_empty() {
        return;
    }
    page.section("Structured types");
    for (name, kind) in types {
        page.subsection(name.as_str(), structured_anchor(name));
        let properties =
            kind.as_object().into_iter().flatten().filter(|(name, _)| !name.starts_with(['$', '@']));
        let row = |(name, property): (&String, &Value)| {
            let nullable = property["$Nullable"] == true;
            let kind = property["$Type"].as_str().unwrap_or("Edm.String");
            let kind = [Some(code(kind)), nullable.then(|| text(" (nullable)"))];
            let description = property["@Org.OData.Core.V1.Description"].as_str().unwrap_or_default();
            let kind = kind.into_iter().flatten().collect();
            vec![Cell::of(vec![code(name)]), Cell::of(kind), Cell::of(prose(description))]
        };
        let rows = properties.map(row).collect();
        page.blocks.push(Block::Table(vec!["Name", "Type", "Description"], rows));
    }
}
