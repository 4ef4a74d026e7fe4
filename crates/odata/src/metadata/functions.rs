//! Functions and actions in the description: the methods of the model that the service offers.

use model::{DataType, Entity, Method, ParameterDefault, ParameterType, ReturnType, Verb};

use super::description::{Expression, Function, Import, Parameter, core, described};
use super::{NAMESPACE, OPEN_OBJECT, entity_type_name, return_type_name, type_name};

/// Returns all functions of all entities.
pub(super) fn all() -> Vec<Function> {
    let of_entity = |entity: &'static Entity| {
        entity.methods().iter().filter_map(|method| function(entity, method)).collect::<Vec<_>>()
    };
    model::entities().flat_map(of_entity).chain(unbound(Verb::Get)).collect()
}

/// Returns all actions of all entities.
pub(super) fn actions() -> Vec<Function> {
    let of_entity = |entity: &'static Entity| {
        let return_type = |method: &Method| {
            matches!(method.return_type, ReturnType::EntityObject).then(|| entity_type_name(entity))
        };
        entity.served_actions().map(move |method| bound(entity, method, return_type(method)))
    };
    model::entities().flat_map(of_entity).chain(unbound(Verb::Post)).collect()
}

/// Returns the entries of the container that make the operations of the service callable.
pub(super) fn imports() -> Vec<Import> {
    let import = |method: &Method| Import {
        name: method.name,
        is_action: method.verb == Verb::Post,
        is_listed: is_listed(method),
    };
    model::SERVICE_METHODS.iter().map(import).collect()
}

/// Returns whether the service document has a function: only one that everyone can call with its name alone (OData CSDL 4.01,
/// section 13.6).
pub(super) fn is_listed(method: &Method) -> bool {
    method.verb == Verb::Get && method.parameters.is_empty() && !method.needs_transaction()
}

/// Returns the operations of the service with a verb.
fn unbound(verb: Verb) -> impl Iterator<Item = Function> {
    model::SERVICE_METHODS.iter().filter(move |method| method.verb == verb).map(|method| Function {
        name: method.name,
        is_bound: false,
        parameters: method.parameters.iter().map(parameter).collect(),
        return_type: return_type_name(method.return_type),
        annotations: described(method.description),
    })
}

fn function(entity: &Entity, method: &'static Method) -> Option<Function> {
    let is_served = method.verb == Verb::Get && method.pending().is_none();
    let return_type = return_type_name(method.return_type).filter(|_| is_served)?;
    Some(bound(entity, method, Some(return_type)))
}

fn bound(entity: &Entity, method: &'static Method, return_type: Option<String>) -> Function {
    let row = Parameter {
        name: "row",
        type_name: entity_type_name(entity),
        nullable: false,
        annotations: Vec::new(),
    };
    let parameters = method.parameters.iter().map(parameter);
    Function {
        name: method.name,
        is_bound: true,
        parameters: std::iter::once(row).chain(parameters).collect(),
        return_type,
        annotations: described(method.description),
    }
}

fn parameter(parameter: &'static model::Parameter) -> Parameter {
    let type_name = match parameter.parameter_type {
        ParameterType::Text => type_name(DataType::Text),
        ParameterType::Bool => type_name(DataType::Bool),
        ParameterType::Int32 => type_name(DataType::Int32),
        ParameterType::DateTime => type_name(DataType::DateTime),
        ParameterType::Objects => format!("Collection({NAMESPACE}.{OPEN_OBJECT})"),
        ParameterType::Row(name) => format!("{NAMESPACE}.{}", name.replace('.', "_")),
        ParameterType::Enum(kind) => format!("{NAMESPACE}.{}", kind.wire_name()),
    };
    let mut annotations = described(parameter.description);
    if let Some(default) = parameter.default {
        let default = match default {
            ParameterDefault::Null => None,
            ParameterDefault::Bool(value) => Some(value.to_string()),
            ParameterDefault::Int(value) => Some(value.to_string()),
            ParameterDefault::Member(name) => Some(name.to_owned()),
        };
        let default = default.map(|value| ("DefaultValue", Expression::Text(value)));
        annotations.push(core("OptionalParameter", Expression::Record(default.into_iter().collect())));
    }
    Parameter { name: parameter.name, type_name, nullable: parameter.default.is_some(), annotations }
}
