//! Suggestions of names for fields that do not exist.

use apollo_compiler::schema::ExtendedType;

use super::schema;

/// Adds the closest name to an error about a field that a type does not have.
pub(super) fn with_suggestion(message: String) -> String {
    match suggested_name(&message) {
        Some(name) => format!("{message}; did you mean `{name}`?"),
        None => message,
    }
}

/// The validation has both names only in its message, whose wording a test checks.
fn suggested_name(message: &str) -> Option<&'static str> {
    let (of, field) = message.strip_prefix("type `")?.split_once("` does not have a field `")?;
    let fields = match schema().types.get(of)? {
        ExtendedType::Object(object) => &object.fields,
        ExtendedType::Interface(interface) => &interface.fields,
        ExtendedType::Scalar(_)
        | ExtendedType::Union(_)
        | ExtendedType::Enum(_)
        | ExtendedType::InputObject(_) => return None,
    };
    model::nearest(field.trim_end_matches('`'), fields.keys().map(apollo_compiler::Name::as_str))
}
