//! The methods of an entity: their results and parameters.

use model::{Entity, Method, Parameter as Declared, ParameterType, ReturnType, details as facts};

use super::{details, path};
use crate::data_types;
use crate::page::{Block, Fact, Inline, Page, Parameter, Target, Weight, slug, text};
use crate::prose::prose;

pub(super) fn add(page: &mut Page, entity: &Entity) {
    page.section("API Methods");
    page.paragraph(vec![text("Methods that can be invoked in public APIs.")]);
    for method in entity.methods().iter().chain(entity.actions) {
        page.subsection(method.name, slug(method.name));
        page.paragraph(prose(method.description));
        let mut facts = vec![
            Fact { label: "Return Type", value: return_type(method) },
            Fact::new("Declaring Type", method.declared_by),
            Fact::new("Domain API Request", facts::verb(method)),
        ];
        facts.extend(method.pending().map(|pending| Fact::new("Grantor: Availability", pending.text())));
        page.blocks.push(Block::Facts(Weight::Bold, facts));
        if !method.parameters.is_empty() {
            page.blocks.push(Block::Parameters(method.parameters.iter().map(parameter).collect()));
        }
    }
}

fn return_type(method: &Method) -> Vec<Inline> {
    let written = facts::return_type(method);
    match method.return_type {
        ReturnType::CollectionOf(name) => {
            let before = written.strip_suffix(name).unwrap_or_default();
            vec![text(before), data_types::link(name)]
        }
        _ => vec![text(written)],
    }
}

fn parameter(parameter: &Declared) -> Parameter {
    let written = facts::parameter_type(parameter);
    let kind = match parameter.parameter_type {
        ParameterType::Row(repository) => Inline::Link(Target::Page(path(repository)), vec![text(written)]),
        _ => text(written),
    };
    let mut lines = vec![prose(parameter.description), vec![text("Type: "), kind]];
    let mut values = Vec::new();
    if let ParameterType::Enum(enumeration) = parameter.parameter_type {
        let owner = enumeration.scope.unwrap_or_default();
        let attribute = Target::Anchor(path(owner), slug(enumeration.name));
        lines.push(vec![
            text("Allowed values for the "),
            Inline::Link(attribute, vec![Inline::Code(enumeration.name.to_owned())]),
            text(" data attribute"),
        ]);
        lines.push(details::allowed(&facts::documented_name(enumeration)));
        values = details::values(enumeration);
    }
    let below = facts::parameter_default(parameter)
        .into_iter()
        .flat_map(|default| [vec![text("Optional: True")], vec![text(format!("Default Value: {default}"))]]);
    Parameter { name: parameter.name, lines, values, below: below.collect() }
}
