//! Literals of the URL to values of the model's notation.

use model::Timestamp;
use model::query::Literal as Value;

use crate::ast::{Expr, Kind, Literal};
use crate::metadata::NAMESPACE;

/// The value of a literal. What no attribute can hold is passed on as its text, so that the model says what
/// the attribute does hold.
pub(super) fn value(expr: &Expr) -> Result<Value, String> {
    let Kind::Literal(literal) = &expr.kind else { return Err("a value is expected".to_owned()) };
    Ok(match literal {
        Literal::Null => Value::Null,
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(number) => Value::Int(*number),
        Literal::Guid(id) => Value::Guid(*id),
        Literal::Text(text) => Value::Text(text.clone()),
        Literal::Date(text) => Value::Time(Timestamp::parse_date(text).map_err(|error| error.to_string())?),
        Literal::DateTimeOffset(text) => Value::Time(moment(text)?),
        Literal::Enum(name, members) => member(name, members)?,
        other => Value::Number(other.to_string()),
    })
}

/// A date and time; OData lets it lack seconds, RFC 3339 does not.
fn moment(text: &str) -> Result<Timestamp, String> {
    const WITHOUT_SECONDS: usize = "T10:30".len();
    let time = text.find('T').unwrap_or(text.len());
    let zone = time + WITHOUT_SECONDS;
    let lacks_seconds = text.get(zone..).is_some_and(|rest| !rest.starts_with(':'));
    let with_seconds = lacks_seconds.then(|| {
        let (before, after) = text.split_at(zone);
        format!("{before}:00{after}")
    });
    let text = with_seconds.as_deref().unwrap_or(text);
    Timestamp::parse(text).map_err(|error| error.to_string())
}

/// A member of one of the model's enumerations, such as `Erp.GrantKind'DeviceCode'`.
fn member(name: &str, members: &str) -> Result<Value, String> {
    let known = name
        .rsplit_once('.')
        .filter(|(namespace, _)| *namespace == NAMESPACE)
        .is_some_and(|(_, name)| crate::metadata::enum_types().iter().any(|known| known.name == name));
    if !known {
        return Err(format!("there is no enumeration '{name}'"));
    }
    if members.contains(',') {
        return Err(format!("'{name}' has one member at a time"));
    }
    Ok(Value::Member(members.to_owned()))
}
