//! CSDL JSON (OData CSDL JSON 4.01).

use super::description::{
    Annotation, Constant, Container, Enum, Expression, Function, Length, Link, Property, RowType, Schema,
    Set, Term,
};
use crate::json::Json;
use crate::negotiate::Version;

/// Writes the document.
pub(super) fn write(schema: &Schema, version: Version) -> Vec<u8> {
    let mut json = Json::default();
    json.open(b'{');
    text_of(&mut json, "$Version", version.name());
    text_of(&mut json, "$EntityContainer", &format!("{}.{}", schema.namespace, schema.container.name));
    write_vocabularies(&mut json, schema);
    object_of(&mut json, schema.namespace, |json| {
        schema.terms.iter().for_each(|term| write_term(json, term));
        schema.enums.iter().for_each(|kind| write_enum(json, kind));
        schema.types.iter().for_each(|row| write_type(json, row));
        for value in &schema.values {
            object_of(json, value.name, |json| {
                text_of(json, "$Kind", "ComplexType");
                if value.is_open {
                    json.key("$OpenType");
                    json.bare(true);
                }
                value.properties.iter().for_each(|property| write_property(json, property));
            });
        }
        write_functions(json, "Function", &schema.functions);
        write_functions(json, "Action", &schema.actions);
        write_container(json, schema.namespace, &schema.container);
        annotate(json, "", &schema.annotations);
    });
    json.close(b'}');
    json.finish()
}

fn write_vocabularies(json: &mut Json, schema: &Schema) {
    object_of(json, "$Reference", |json| {
        for (uri, namespace) in &schema.vocabularies {
            object_of(json, uri, |json| {
                list_of(json, "$Include", |json| {
                    json.open(b'{');
                    text_of(json, "$Namespace", namespace);
                    json.close(b'}');
                });
            });
        }
    });
}

fn write_term(json: &mut Json, term: &Term) {
    object_of(json, term.name, |json| {
        text_of(json, "$Kind", "Term");
        type_of(json, term.type_name);
        list_of(json, "$AppliesTo", |json| term.applies_to.iter().for_each(|target| json.item(target)));
        annotate(json, "", &term.annotations);
    });
}

fn write_enum(json: &mut Json, kind: &Enum) {
    object_of(json, &kind.name, |json| {
        text_of(json, "$Kind", "EnumType");
        for member in &kind.members {
            json.key(member.name);
            json.bare(member.value);
            annotate(json, member.name, &member.annotations);
        }
    });
}

fn write_type(json: &mut Json, row: &RowType) {
    object_of(json, &row.name, |json| {
        text_of(json, "$Kind", "EntityType");
        list_of(json, "$Key", |json| json.item(row.key));
        row.properties.iter().for_each(|property| write_property(json, property));
        row.links.iter().for_each(|link| write_link(json, link));
        annotate(json, "", &row.annotations);
    });
}

/// Writes functions; those with the same name form one array, with one item per row type.
fn write_functions(json: &mut Json, kind: &str, functions: &[Function]) {
    let mut names: Vec<&str> = functions.iter().map(|function| function.name).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        list_of(json, name, |json| {
            functions
                .iter()
                .filter(|function| function.name == name)
                .for_each(|own| write_function(json, kind, own));
        });
    }
}

fn write_function(json: &mut Json, kind: &str, function: &Function) {
    json.open(b'{');
    text_of(json, "$Kind", kind);
    if function.is_bound {
        json.key("$IsBound");
        json.bare(true);
    }
    list_of(json, "$Parameter", |json| {
        for parameter in &function.parameters {
            json.open(b'{');
            text_of(json, "$Name", parameter.name);
            item_of(json, &parameter.type_name);
            nullable_of(json, parameter.nullable);
            annotate(json, "", &parameter.annotations);
            json.close(b'}');
        }
    });
    if let Some(return_type) = &function.return_type {
        object_of(json, "$ReturnType", |json| item_of(json, return_type));
    }
    annotate(json, "", &function.annotations);
    json.close(b'}');
}

fn write_property(json: &mut Json, property: &Property) {
    object_of(json, property.name, |json| {
        type_of(json, &property.type_name);
        nullable_of(json, property.nullable);
        // Without `$MaxLength`, the length is unlimited: CSDL JSON has no `max`.
        if let Some(Length::Characters(characters)) = property.max_length {
            json.key("$MaxLength");
            json.bare(characters);
        }
        if let Some(digits) = property.precision {
            json.key("$Precision");
            json.bare(digits);
        }
        if let Some(default) = &property.default {
            json.key("$DefaultValue");
            match default {
                Constant::Bool(value) => json.bare(value),
                Constant::Int(value) => json.bare(value),
                Constant::Text(text) => json.text(text),
            }
        }
        annotate(json, "", &property.annotations);
    });
}

fn write_link(json: &mut Json, link: &Link) {
    object_of(json, link.name, |json| {
        text_of(json, "$Kind", "NavigationProperty");
        if link.many {
            json.key("$Collection");
            json.bare(true);
        }
        text_of(json, "$Type", &link.target);
        nullable_of(json, link.nullable && !link.many);
        if let Some(partner) = link.partner {
            text_of(json, "$Partner", partner);
        }
        annotate(json, "", &link.annotations);
    });
}

fn write_container(json: &mut Json, namespace: &str, container: &Container) {
    object_of(json, container.name, |json| {
        text_of(json, "$Kind", "EntityContainer");
        container.sets.iter().for_each(|set| write_set(json, set));
        for import in &container.imports {
            object_of(json, import.name, |json| {
                text_of(json, &format!("${}", import.kind()), &format!("{namespace}.{}", import.name));
                if import.is_listed {
                    json.key("$IncludeInServiceDocument");
                    json.bare(true);
                }
            });
        }
        annotate(json, "", &container.annotations);
    });
}

fn write_set(json: &mut Json, set: &Set) {
    object_of(json, &set.name, |json| {
        json.key("$Collection");
        json.bare(true);
        text_of(json, "$Type", &set.type_name);
        if !set.bindings.is_empty() {
            object_of(json, "$NavigationPropertyBinding", |json| {
                set.bindings.iter().for_each(|(path, target)| text_of(json, path, target));
            });
        }
        annotate(json, "", &set.annotations);
    });
}

/// Writes annotations of `target`, or of the object itself if `target` is empty.
fn annotate(json: &mut Json, target: &str, annotations: &[Annotation]) {
    for annotation in annotations {
        json.key(&format!("{target}@{}", annotation.term));
        write_value(json, &annotation.value);
    }
}

fn write_value(json: &mut Json, value: &Expression) {
    match value {
        Expression::Bool(value) => json.bare(value),
        Expression::Int(value) => json.bare(value),
        Expression::Text(text) => json.text(text),
        Expression::Path(path) | Expression::Navigation(path) => json.text(path),
        Expression::Member { member, .. } => json.text(member),
        Expression::List(items) => {
            json.open_value(b'[');
            for item in items {
                json.separate();
                write_value(json, item);
            }
            json.close(b']');
        }
        Expression::Record(properties) => {
            json.open_value(b'{');
            for (name, value) in properties {
                json.key(name);
                write_value(json, value);
            }
            json.close(b'}');
        }
    }
}

/// Writes the type of a property or term; the default is a string.
/// Writes a type; of a collection, that of its items.
fn item_of(json: &mut Json, type_name: &str) {
    let item = type_name.strip_prefix("Collection(").and_then(|rest| rest.strip_suffix(')'));
    if item.is_some() {
        json.key("$Collection");
        json.bare(true);
    }
    type_of(json, item.unwrap_or(type_name));
}

fn type_of(json: &mut Json, type_name: &str) {
    if type_name != "Edm.String" {
        text_of(json, "$Type", type_name);
    }
}

/// Writes whether a property is nullable; the default is not nullable.
fn nullable_of(json: &mut Json, nullable: bool) {
    if nullable {
        json.key("$Nullable");
        json.bare(true);
    }
}

fn text_of(json: &mut Json, key: &str, text: &str) {
    json.key(key);
    json.text(text);
}

fn object_of(json: &mut Json, key: &str, write: impl FnOnce(&mut Json)) {
    json.key(key);
    json.open_value(b'{');
    write(json);
    json.close(b'}');
}

fn list_of(json: &mut Json, key: &str, write: impl FnOnce(&mut Json)) {
    json.key(key);
    json.open_value(b'[');
    write(json);
    json.close(b']');
}
