//! The endpoints of actions and functions, derived from the model: those of the service, and those of a row.

use model::{Entity, Method, ParameterType, ReturnType, Verb};
use reference::http::{self, Access, Answer, Body, Endpoint, Field, Kind, Parameter, Tag};
use web::http::answers::{API_ERROR, FORBIDDEN, MALFORMED, NOT_FOUND, RATE_LIMITED, UNAUTHENTICATED};
use web::http::paths::ODATA;

use super::about::About;
use super::endpoints::{CONFLICT, ID, NO_JSON, SET, STALE};
use super::import::is_import;

const RESULTS: &[Field] = &[Field::required("value", Kind::Objects(&[]), "The results.")];
const TRANSACTION: Parameter =
    Field::required("TransactionId", Kind::Text, "The identifier of the object transaction.").in_header();

/// Returns an endpoint for each operation of the model, except `Import`, whose declaration has more to say.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let service = model::SERVICE_METHODS.iter().filter(|method| !is_import(method.name)).map(of_service);
    let mut rows: Vec<&'static Method> = Vec::new();
    for method in model::entities().flat_map(|entity| entity.methods().iter().chain(entity.actions)) {
        if rows.iter().all(|known| known.name != method.name) {
            rows.push(method);
        }
    }
    service.chain(rows.into_iter().map(of_row)).collect()
}

/// The declaration of an endpoint lives as long as the program: each is made once.
fn kept(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn all<T>(items: Vec<T>) -> &'static [T] {
    Box::leak(items.into_boxed_slice())
}

fn of_service(method: &'static Method) -> Endpoint {
    let is_public = About::of(method.name).is_some();
    let needed = method.needs_transaction().then_some(TRANSACTION);
    let refusals = if is_public { vec![MALFORMED, RATE_LIMITED] } else { refusals(method) };
    Endpoint {
        access: if is_public { Access::Public } else { Access::Token },
        ..operation(method, kept(format!("{ODATA}/{}", method.name)), needed.into_iter().collect(), refusals)
    }
}

fn of_row(method: &'static Method) -> Endpoint {
    let mut wanted = vec![SET, ID];
    wanted.extend((Entity::is_copy(method)).then_some(TRANSACTION));
    let mut answers = refusals(method);
    answers.push(NOT_FOUND);
    let path = kept(format!("{ODATA}/{{set}}({{id}})/{}", method.name));
    Endpoint { access: Access::Token, ..operation(method, path, wanted, answers) }
}

fn operation(
    method: &'static Method,
    path: &'static str,
    mut parameters: Vec<Parameter>,
    refusals: Vec<Answer>,
) -> Endpoint {
    let is_action = method.verb == Verb::Post;
    let fields: Vec<Field> = method.parameters.iter().map(field).collect();
    if !is_action {
        parameters.extend(fields.iter().map(|field| field.in_query()));
    }
    let first = match method.pending() {
        Some(pending) => Answer::new(501, kept(pending.text()), API_ERROR),
        None => result(method),
    };
    Endpoint {
        description: kept(method.description.to_owned()),
        parameters: all(parameters),
        body: (is_action && !fields.is_empty()).then(|| Body::json(all(fields))),
        answers: all([first].into_iter().chain(refusals).collect()),
        ..Endpoint::new(
            if is_action { http::Method::Post } else { http::Method::Get },
            path,
            Tag::OData,
            kept(format!("odata{}", method.name)),
            kept(format!("Calls {}", method.name)),
        )
    }
}

fn refusals(method: &Method) -> Vec<Answer> {
    let mut all = vec![MALFORMED, UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED];
    if method.verb == Verb::Post {
        all.extend([CONFLICT, STALE, NO_JSON]);
    }
    all
}

fn result(method: &Method) -> Answer {
    match method.return_type {
        ReturnType::Void => Answer::empty(204, "The action is done."),
        ReturnType::EntityObject if Entity::is_copy(method) || method.name == "Rotate" => {
            Answer::new(201, "The new row.", Body::json(&[]))
        }
        ReturnType::EntityObject => Answer::new(200, "The row.", Body::json(&[])),
        ReturnType::Text => Answer::new(200, "The result.", Body::text("text/plain")),
        ReturnType::OpenObject => Answer::new(200, "The result.", Body::json(&[])),
        ReturnType::CollectionOf(_) => Answer::new(200, "The results.", Body::json(RESULTS)),
    }
}

fn field(parameter: &'static model::Parameter) -> Field {
    let kind = match parameter.parameter_type {
        ParameterType::Text | ParameterType::DateTime => Kind::Text,
        ParameterType::Bool => Kind::Boolean,
        ParameterType::Int32 => Kind::Integer,
        ParameterType::Objects => Kind::Objects(&[]),
        ParameterType::Row(_) => Kind::Object(&[]),
        ParameterType::Enum(kind) => {
            Kind::OneOf(all(kind.members.iter().map(|member| member.name).collect()))
        }
    };
    let field = Field::new(parameter.name, kind, parameter.description);
    Field { required: parameter.default.is_none(), ..field }
}
