//! What may be asked of a set, as the vocabulary `Org.OData.Capabilities.V1` says it.

use model::query::MAX_EXPAND_DEPTH;
use model::{Attribute, Entity, Filters};

use super::xml::Xml;

fn term(name: &str) -> String {
    format!("Org.OData.Capabilities.V1.{name}")
}

/// What may be asked of one set.
pub(super) fn of_set(xml: &mut Xml, entity: &'static Entity) {
    let attributes: Vec<_> = entity.attributes().filter(|attribute| !attribute.secret).collect();
    write_filters(xml, &attributes);
    record(xml, "SortRestrictions", |xml| {
        flag(xml, "Sortable", true);
        let fixed = attributes.iter().filter(|attribute| !attribute.order_by);
        property_paths(xml, "NonSortableProperties", fixed.map(|attribute| attribute.name));
    });
    record(xml, "ExpandRestrictions", |xml| {
        flag(xml, "Expandable", true);
        xml.leaf("PropertyValue", &[("Property", "MaxLevels"), ("Int", &MAX_EXPAND_DEPTH.to_string())]);
    });
    record(xml, "CountRestrictions", |xml| flag(xml, "Countable", true));
    record(xml, "SearchRestrictions", |xml| flag(xml, "Searchable", false));
    switch(xml, "TopSupported");
    switch(xml, "SkipSupported");
    switch(xml, "IndexableByKey");
}

/// What may be asked of every set.
pub(super) fn of_service(xml: &mut Xml) {
    switch(xml, "KeyAsSegmentSupported");
    xml.open("Annotation", &[("Term", &term("FilterFunctions"))]);
    xml.open("Collection", &[]);
    for function in ["contains", "startswith", "endswith", "tolower"] {
        xml.text("String", function);
    }
    xml.close();
    xml.close();
}

fn write_filters(xml: &mut Xml, attributes: &[&Attribute]) {
    record(xml, "FilterRestrictions", |xml| {
        flag(xml, "Filterable", true);
        let closed = attributes.iter().filter(|attribute| attribute.filters == Filters::NONE);
        property_paths(xml, "NonFilterableProperties", closed.map(|attribute| attribute.name));
        xml.open("PropertyValue", &[("Property", "FilterExpressionRestrictions")]);
        xml.open("Collection", &[]);
        for attribute in attributes {
            if let Some(allowed) = allowed_expressions(attribute.filters) {
                xml.open("Record", &[]);
                xml.leaf("PropertyValue", &[("Property", "Property"), ("PropertyPath", attribute.name)]);
                xml.leaf("PropertyValue", &[("Property", "AllowedExpressions"), ("String", allowed)]);
                xml.close();
            }
        }
        xml.close();
        xml.close();
    });
}

/// The term of `FilterExpressionType` that promises nothing that is refused.
const fn allowed_expressions(filters: Filters) -> Option<&'static str> {
    match (filters.allows(Filters::EQUALS), filters.allows(Filters::RANGE), filters.allows(Filters::LIKE)) {
        (_, true, true) => Some("MultiRangeOrSearchExpression"),
        (_, true, false) => Some("MultiRange"),
        (_, false, true) => Some("SearchExpression"),
        (true, false, false) => Some("MultiValue"),
        (false, false, false) => None,
    }
}

fn record(xml: &mut Xml, name: &str, write: impl FnOnce(&mut Xml)) {
    xml.open("Annotation", &[("Term", &term(name))]);
    xml.open("Record", &[]);
    write(xml);
    xml.close();
    xml.close();
}

fn flag(xml: &mut Xml, property: &str, value: bool) {
    xml.leaf("PropertyValue", &[("Property", property), ("Bool", if value { "true" } else { "false" })]);
}

fn switch(xml: &mut Xml, name: &str) {
    xml.leaf("Annotation", &[("Term", &term(name)), ("Bool", "true")]);
}

fn property_paths<'a>(xml: &mut Xml, property: &str, names: impl Iterator<Item = &'a str>) {
    xml.open("PropertyValue", &[("Property", property)]);
    xml.open("Collection", &[]);
    names.for_each(|name| xml.text("PropertyPath", name));
    xml.close();
    xml.close();
}
