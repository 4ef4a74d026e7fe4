//! Input values (GraphQL, sections 3.5 to 3.11, 5.6, 5.8 and 6.1.2): checked in a document once, and coerced for each
//! request before anything runs. Resolvers get constants only: variables are replaced, defaults are filled in, and the
//! fields of absent variables are left out.

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
pub(super) use constant::{LiteralReader, arguments, flag};
pub(super) use variables::coerce;

use super::error::{BAD_USER_INPUT, code};

/// The coerced values of the variables of an operation; an absent variable without a default is not among them.
pub(super) type Variables = HashMap<Name, ConstValue>;

/// Refuses a value of the request.
fn bad(message: String, pos: Option<Pos>) -> ServerError {
    ServerError { extensions: Some(code(BAD_USER_INPUT)), ..ServerError::new(message, pos) }
}

/// Describes what an input object looks like: filters are often written without their operator.
fn object_of(name: &str, has_operators: bool) -> String {
    if has_operators {
        format!("an object of the type {name} with operators such as {{eq: …}}")
    } else {
        format!("an object of the type {name}")
    }
}
