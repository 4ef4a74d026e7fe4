//! The rows of a type's page.

use super::type_pill;
use crate::introspection::{EnumValue, Field, Input};
use crate::page::{Inline, Member, anchor, code, text};
use crate::prose::{paragraphs, prose};

pub(super) fn fields(fields: &[Field]) -> Vec<Member> {
    let member = |field: &Field| Member {
        type_link: Some(type_pill(&field.type_ref)),
        arguments: field.args.iter().map(argument).collect(),
        ..member(&field.name, field.description.as_deref(), field.deprecation_reason.as_deref())
    };
    fields.iter().map(member).collect()
}

pub(super) fn inputs(inputs: &[Input]) -> Vec<Member> {
    let member = |input: &Input| {
        let mut member =
            member(&input.name, input.description.as_deref(), input.deprecation_reason.as_deref());
        member.type_link = Some(type_pill(&input.type_ref));
        member.description.extend(input.default_value.as_deref().map(default_value));
        member
    };
    inputs.iter().map(member).collect()
}

pub(super) fn values(values: &[EnumValue]) -> Vec<Member> {
    let member = |value: &EnumValue| {
        member(&value.name, value.description.as_deref(), value.deprecation_reason.as_deref())
    };
    values.iter().map(member).collect()
}

/// That something should not be used any more, and why.
pub(super) fn deprecation(reason: &str) -> Vec<Inline> {
    [Inline::Tag("Deprecated".to_owned()), text(" ")].into_iter().chain(prose(reason)).collect()
}

fn member(name: &str, description: Option<&str>, deprecated: Option<&str>) -> Member {
    let described = paragraphs(description.unwrap_or_default());
    Member {
        name: name.to_owned(),
        anchor: anchor(name),
        type_link: None,
        description: described.into_iter().chain(deprecated.map(deprecation)).collect(),
        arguments: Vec::new(),
    }
}

fn default_value(value: &str) -> Vec<Inline> {
    vec![text("Default: "), code(value)]
}

/// An argument on the page of the type whose field takes it.
fn argument(input: &Input) -> Vec<Inline> {
    let mut line = vec![text("Argument "), code(input.name.as_str()), text(" "), type_pill(&input.type_ref)];
    if let Some(description) = &input.description {
        line.push(text(" "));
        line.extend(prose(description));
    }
    if let Some(value) = &input.default_value {
        line.push(text(" "));
        line.extend(default_value(value));
    }
    line
}
