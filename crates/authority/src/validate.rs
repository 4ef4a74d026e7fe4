use model::{Property, Record, Value};

use crate::Fault;

/// Refuses a row with a text that is longer than the model allows, or with control characters in a one-line text.
pub(crate) fn checked<R: Record>(record: R) -> Result<R, Fault> {
    for ((_, property), value) in R::entity().columns().zip(record.to_values()) {
        let (Property::Attribute(attribute), Value::Text(text)) = (property, &value) else { continue };
        let limit = attribute.max_length.unwrap_or(model::UNBOUNDED);
        if text.chars().count() > usize::try_from(limit).unwrap_or(usize::MAX) {
            return Err(bad(attribute.name, format!("at most {limit} characters are allowed")));
        }
        if limit < model::UNBOUNDED && text.chars().any(char::is_control) {
            return Err(bad(attribute.name, "control characters are not allowed".to_owned()));
        }
        if attribute.required && text.trim().is_empty() {
            return Err(bad(attribute.name, "a value is needed".to_owned()));
        }
    }
    Ok(record)
}

const fn bad(field: &'static str, message: String) -> Fault {
    Fault::BadField { field, message }
}
