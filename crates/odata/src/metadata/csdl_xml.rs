//! CSDL XML (OData CSDL XML 4.01).

use super::description::{
    Annotation, Constant, Container, Enum, Expression, Function, Length, Link, Property, RowType, Schema,
    Term,
};
use super::xml::Xml;
use crate::negotiate::Version;

/// Writes the document.
pub(super) fn write(schema: &Schema, version: Version) -> String {
    let mut xml = Xml::new();
    let namespace = "http://docs.oasis-open.org/odata/ns/edmx";
    xml.open("edmx:Edmx", &[("xmlns:edmx", namespace), ("Version", version.name())]);
    for (uri, namespace) in &schema.vocabularies {
        xml.open("edmx:Reference", &[("Uri", uri)]);
        xml.leaf("edmx:Include", &[("Namespace", namespace)]);
        xml.close();
    }
    xml.open("edmx:DataServices", &[]);
    let namespace = "http://docs.oasis-open.org/odata/ns/edm";
    xml.open("Schema", &[("xmlns", namespace), ("Namespace", schema.namespace)]);
    schema.terms.iter().for_each(|term| write_term(&mut xml, term));
    schema.enums.iter().for_each(|kind| write_enum(&mut xml, kind));
    schema.types.iter().for_each(|row| write_type(&mut xml, row));
    for value in &schema.values {
        let open = value.is_open.then_some(("OpenType", "true"));
        let facets: Vec<_> = std::iter::once(("Name", value.name)).chain(open).collect();
        xml.open("ComplexType", &facets);
        value.properties.iter().for_each(|property| write_property(&mut xml, property));
        xml.close();
    }
    schema.functions.iter().for_each(|function| write_function(&mut xml, "Function", function));
    schema.actions.iter().for_each(|action| write_function(&mut xml, "Action", action));
    write_container(&mut xml, schema.namespace, &schema.container);
    annotate(&mut xml, &schema.annotations);
    xml.finish()
}

fn write_term(xml: &mut Xml, term: &Term) {
    let applies_to = term.applies_to.join(" ");
    let name =
        [("Name", term.name), ("Type", term.type_name), ("Nullable", "false"), ("AppliesTo", &applies_to)];
    xml.open("Term", &name);
    annotate(xml, &term.annotations);
    xml.close();
}

fn write_enum(xml: &mut Xml, kind: &Enum) {
    xml.open("EnumType", &[("Name", &kind.name)]);
    for member in &kind.members {
        xml.open("Member", &[("Name", member.name), ("Value", &member.value.to_string())]);
        annotate(xml, &member.annotations);
        xml.close();
    }
    xml.close();
}

fn write_type(xml: &mut Xml, row: &RowType) {
    xml.open("EntityType", &[("Name", &row.name)]);
    xml.open("Key", &[]);
    xml.leaf("PropertyRef", &[("Name", row.key)]);
    xml.close();
    row.properties.iter().for_each(|property| write_property(xml, property));
    row.links.iter().for_each(|link| write_link(xml, link));
    annotate(xml, &row.annotations);
    xml.close();
}

fn write_function(xml: &mut Xml, kind: &'static str, function: &Function) {
    let is_bound = function.is_bound.then_some(("IsBound", "true"));
    let facets: Vec<_> = std::iter::once(("Name", function.name)).chain(is_bound).collect();
    xml.open(kind, &facets);
    for parameter in &function.parameters {
        let mut facets = vec![("Name", parameter.name), ("Type", parameter.type_name.as_str())];
        if !parameter.nullable {
            facets.push(("Nullable", "false"));
        }
        xml.open("Parameter", &facets);
        annotate(xml, &parameter.annotations);
        xml.close();
    }
    if let Some(return_type) = &function.return_type {
        xml.leaf("ReturnType", &[("Type", return_type), ("Nullable", "false")]);
    }
    annotate(xml, &function.annotations);
    xml.close();
}

fn write_property(xml: &mut Xml, property: &Property) {
    let length = property.max_length.map(|length| match length {
        Length::Characters(characters) => characters.to_string(),
        Length::Unlimited => "max".to_owned(),
    });
    let precision = property.precision.map(|digits| digits.to_string());
    let default = property.default.as_ref().map(|default| match default {
        Constant::Bool(value) => value.to_string(),
        Constant::Int(value) => value.to_string(),
        Constant::Text(text) => (*text).to_owned(),
    });
    let mut facets = vec![("Name", property.name), ("Type", property.type_name.as_str())];
    if !property.nullable {
        facets.push(("Nullable", "false"));
    }
    facets.extend(precision.as_deref().map(|digits| ("Precision", digits)));
    facets.extend(length.as_deref().map(|length| ("MaxLength", length)));
    facets.extend(default.as_deref().map(|value| ("DefaultValue", value)));
    xml.open("Property", &facets);
    annotate(xml, &property.annotations);
    xml.close();
}

fn write_link(xml: &mut Xml, link: &Link) {
    let target = if link.many { format!("Collection({})", link.target) } else { link.target.clone() };
    let mut facets = vec![("Name", link.name), ("Type", target.as_str())];
    // A collection has no such facet: it is empty, never null.
    if !link.nullable && !link.many {
        facets.push(("Nullable", "false"));
    }
    facets.extend(link.partner.map(|partner| ("Partner", partner)));
    xml.open("NavigationProperty", &facets);
    annotate(xml, &link.annotations);
    xml.close();
}

fn write_container(xml: &mut Xml, namespace: &str, container: &Container) {
    xml.open("EntityContainer", &[("Name", container.name)]);
    for set in &container.sets {
        xml.open("EntitySet", &[("Name", &set.name), ("EntityType", &set.type_name)]);
        for (path, target) in &set.bindings {
            xml.leaf("NavigationPropertyBinding", &[("Path", path), ("Target", target)]);
        }
        annotate(xml, &set.annotations);
        xml.close();
    }
    for import in &container.imports {
        let (kind, name) = (import.kind(), format!("{namespace}.{}", import.name));
        let element = if import.is_action { "ActionImport" } else { "FunctionImport" };
        let listed = import.is_listed.then_some(("IncludeInServiceDocument", "true"));
        let attributes: Vec<_> =
            [("Name", import.name), (kind, name.as_str())].into_iter().chain(listed).collect();
        xml.leaf(element, &attributes);
    }
    annotate(xml, &container.annotations);
    xml.close();
}

fn annotate(xml: &mut Xml, annotations: &[Annotation]) {
    for annotation in annotations {
        valued(xml, "Annotation", ("Term", &annotation.term), &annotation.value);
    }
}

/// Writes an element with a value: as an attribute if possible, otherwise as content.
fn valued(xml: &mut Xml, element: &'static str, name: (&str, &str), value: &Expression) {
    match value {
        Expression::Bool(value) => xml.leaf(element, &[name, ("Bool", &value.to_string())]),
        Expression::Int(value) => xml.leaf(element, &[name, ("Int", &value.to_string())]),
        Expression::Text(text) => xml.leaf(element, &[name, ("String", text)]),
        Expression::Path(path) => xml.leaf(element, &[name, ("PropertyPath", path)]),
        Expression::Navigation(path) => xml.leaf(element, &[name, ("NavigationPropertyPath", path)]),
        Expression::Member { type_name, member } => {
            xml.leaf(element, &[name, ("EnumMember", &format!("{type_name}/{member}"))]);
        }
        Expression::List(_) | Expression::Record(_) => {
            xml.open(element, &[name]);
            within(xml, value);
            xml.close();
        }
    }
}

fn within(xml: &mut Xml, value: &Expression) {
    match value {
        Expression::Bool(value) => xml.text("Bool", &value.to_string()),
        Expression::Int(value) => xml.text("Int", &value.to_string()),
        Expression::Text(text) => xml.text("String", text),
        Expression::Path(path) => xml.text("PropertyPath", path),
        Expression::Navigation(path) => xml.text("NavigationPropertyPath", path),
        Expression::Member { type_name, member } => xml.text("EnumMember", &format!("{type_name}/{member}")),
        Expression::List(items) => {
            xml.open("Collection", &[]);
            items.iter().for_each(|item| within(xml, item));
            xml.close();
        }
        Expression::Record(properties) => {
            xml.open("Record", &[]);
            for (name, value) in properties {
                valued(xml, "PropertyValue", ("Property", name), value);
            }
            xml.close();
        }
    }
}
