//! Parameters of actions (OData JSON 4.01, section 18).

use model::writing::{FieldError, codes};
use model::{Method, ParameterDefault, ParameterType, Timestamp, Value, nearest};
use serde_json::{Map, Value as Json};

/// Reads the parameters of an action from a body. Those that are left out have their defaults.
///
/// ```
/// use model::{Record as _, Value, entities::AccessToken};
/// use odata::body::parameters;
///
/// let rotate = AccessToken::entity().actions.iter().find(|action| action.name == "Rotate").expect("an action");
/// let body = serde_json::json!({ "overlap": 60 });
/// let values = parameters(rotate, body.as_object().expect("an object")).expect("parameters");
/// assert_eq!(values[0], ("overlap", Value::Int(60)));
/// assert_eq!(values[2], ("expires", Value::Null));
/// ```
///
/// # Errors
/// A [`FieldError`] for each unknown parameter and each value of another type.
pub fn parameters(
    method: &'static Method,
    body: &Map<String, Json>,
) -> Result<Vec<(&'static str, Value)>, Vec<FieldError>> {
    let mut wrong = Vec::new();
    for name in body.keys().filter(|name| !name.starts_with('@')) {
        let mut names = method.parameters.iter().map(|parameter| parameter.name);
        if !names.any(|known| known == name) {
            let names = method.parameters.iter().map(|parameter| parameter.name);
            let meant = nearest(name, names).map(|meant| format!("; did you mean '{meant}'?"));
            let message = format!("{} has no such parameter{}", method.name, meant.unwrap_or_default());
            wrong.push(FieldError::new(name, codes::UNKNOWN_PARAMETER, message));
        }
    }
    let mut values = Vec::with_capacity(method.parameters.len());
    for parameter in method.parameters {
        match (body.get(parameter.name), parameter.default) {
            (None, None) => wrong.push(FieldError::new(parameter.name, codes::REQUIRED, "a value is needed")),
            (None, Some(default)) => values.push((parameter.name, default_of(default))),
            (Some(Json::Null), Some(_)) => values.push((parameter.name, Value::Null)),
            (Some(json), _) => match typed(parameter.parameter_type, json) {
                Ok(value) => values.push((parameter.name, value)),
                Err(expected) => {
                    let message = format!("{expected} is expected");
                    wrong.push(FieldError::new(parameter.name, codes::BAD_VALUE, message));
                }
            },
        }
    }
    if wrong.is_empty() { Ok(values) } else { Err(wrong) }
}

fn default_of(default: ParameterDefault) -> Value {
    match default {
        ParameterDefault::Null => Value::Null,
        ParameterDefault::Bool(value) => Value::Bool(value),
        ParameterDefault::Int(value) => Value::Int(i64::from(value)),
        ParameterDefault::Member(name) => Value::Text(name.to_owned()),
    }
}

fn typed(parameter_type: ParameterType, json: &Json) -> Result<Value, &'static str> {
    const TIME: &str = "a date and time such as \"2026-08-01T00:00:00Z\"";
    match (parameter_type, json) {
        (ParameterType::Text, Json::String(text)) if !text.contains('\0') => Ok(Value::Text(text.clone())),
        (ParameterType::Text, _) => Err("a text without the character U+0000"),
        (ParameterType::Bool, Json::Bool(value)) => Ok(Value::Bool(*value)),
        (ParameterType::Bool, _) => Err("true or false"),
        (ParameterType::Int32, Json::Number(number)) => number
            .as_i64()
            .filter(|number| i32::try_from(*number).is_ok())
            .map(Value::Int)
            .ok_or("a whole number of 32 bits"),
        (ParameterType::Int32, _) => Err("a whole number"),
        (ParameterType::DateTime, Json::String(text)) => {
            Timestamp::parse(text).map(Value::Time).map_err(|_| TIME)
        }
        (ParameterType::DateTime, _) => Err(TIME),
        (ParameterType::Enum(kind), Json::String(name)) => {
            kind.member(name).map(|member| member.code.value()).ok_or("a member of the enumeration")
        }
        (ParameterType::Enum(..), _) => Err("a member of the enumeration"),
        (ParameterType::Objects, _) => Err("no value: the objects are read while they arrive"),
        (ParameterType::Row(_), _) => Err("no value: rows are not supported as parameters"),
    }
}
