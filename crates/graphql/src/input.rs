//! Input values (GraphQL, sections 3.5 to 3.11, 5.6, 5.8 and 6.1.2): checked in a document once, and coerced for each
//! request before anything runs. Resolvers get constants only: variables are replaced, defaults are filled in, and
//! what an absent variable stands for is not there.

mod check;
mod constant;
mod readers;
mod scalars;
mod variables;

use apollo_compiler::Name;
use apollo_compiler::collections::HashMap;
use async_graphql::{Pos, ServerError};
use async_graphql_value::ConstValue;

pub(super) use check::check;
pub(super) use constant::{Reading, arguments, flag};
pub(super) use variables::coerce;

use super::error::{BAD_USER_INPUT, code};

/// The coerced values of the variables of an operation; an absent variable without a default is not among them.
pub(super) type Variables = HashMap<Name, ConstValue>;

/// Refuses a value of the request.
fn bad(message: String, pos: Option<Pos>) -> ServerError {
    ServerError { extensions: Some(code(BAD_USER_INPUT)), ..ServerError::new(message, pos) }
}

/// Describes a value without repeating what it holds, which may be a secret.
pub(super) fn kind_of(value: &ConstValue) -> String {
    match value {
        ConstValue::Null => "null".to_owned(),
        ConstValue::Boolean(value) => value.to_string(),
        ConstValue::Number(_) => "a number".to_owned(),
        ConstValue::String(_) => "a string".to_owned(),
        ConstValue::Enum(name) => format!("the name {name}"),
        ConstValue::List(_) => "a list".to_owned(),
        ConstValue::Object(_) => "an object".to_owned(),
        ConstValue::Binary(_) => "binary data".to_owned(),
    }
}

/// Describes what an input object looks like: filters are often written without their operator.
fn object_of(name: &str, has_operators: bool) -> String {
    if has_operators {
        format!("an object of the type {name} with operators such as {{eq: …}}")
    } else {
        format!("an object of the type {name}")
    }
}
