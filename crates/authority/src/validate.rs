use model::{Property, Record, Value};

use crate::Fault;

/// Refuses a row with a text that is longer than the model allows, or with control characters in a one-line text.
pub(crate) fn checked<R: Record>(record: R) -> Result<R, Fault> {
    match faults(&record).into_iter().next() {
        None => Ok(record),
        Some(first) => Err(first),
    }
}

/// Every such text of a row.
pub(crate) fn faults<R: Record>(record: &R) -> Vec<Fault> {
    let values = R::entity().columns().zip(record.to_values());
    values.filter_map(|((_, property), value)| fault(&property, &value)).collect()
}

fn fault(property: &Property, value: &Value) -> Option<Fault> {
    let (Property::Attribute(attribute), Value::Text(text)) = (property, value) else { return None };
    let limit = attribute.max_length.unwrap_or(model::UNBOUNDED);
    if text.chars().count() > usize::try_from(limit).unwrap_or(usize::MAX) {
        return Some(bad(attribute.name, format!("at most {limit} characters are allowed")));
    }
    if limit < model::UNBOUNDED && text.chars().any(char::is_control) {
        return Some(bad(attribute.name, "control characters are not allowed".to_owned()));
    }
    let is_missing = attribute.required && text.trim().is_empty();
    is_missing.then(|| bad(attribute.name, "a value is needed".to_owned()))
}

const fn bad(field: &'static str, message: String) -> Fault {
    Fault::BadField { field, message }
}
