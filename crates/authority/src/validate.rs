//! Validation of the texts of a row: length, characters and normal form.

use input::text::{line, unfit};
use model::{Property, Record, Value};

use crate::Fault;

/// Returns a row with all texts in their normal form.
///
/// # Errors
/// [`Fault::BadField`] for a text that is longer than the model allows, is missing, or has a character that is not allowed.
pub fn checked<R: Record>(record: R) -> Result<R, Fault> {
    read(None, record)
}

/// Validates the changed texts of a row. Unchanged texts are not validated: an older program may have allowed them.
///
/// # Errors
/// Those of [`checked`].
pub fn checked_change<R: Record>(before: &R, after: R) -> Result<R, Fault> {
    read(Some(before), after)
}

fn read<R: Record>(before: Option<&R>, record: R) -> Result<R, Fault> {
    let (mut values, mut is_changed) = (record.to_values(), false);
    let before = before.map(Record::to_values).unwrap_or_default();
    for (at, (_, property)) in R::entity().columns().enumerate() {
        let stays = before.get(at) == Some(&values[at]);
        let Value::Text(text) = &values[at] else { continue };
        if let Some(other) = if stays { None } else { form(&property, text)? } {
            values[at] = Value::Text(other);
            is_changed = true;
        }
    }
    if !is_changed {
        return Ok(record);
    }
    R::from_values(&mut values.into_iter()).map_err(|error| Fault::Internal(error.to_string()))
}

/// Returns everything that is wrong with the texts of a row.
pub(crate) fn faults<R: Record>(record: &R) -> Vec<Fault> {
    let values = R::entity().columns().zip(record.to_values());
    let fault = |(_, property): (_, Property), value: &Value| match value {
        Value::Text(text) => form(&property, text).err(),
        _ => None,
    };
    values.filter_map(|(column, value)| fault(column, &value)).collect()
}

/// Returns what is wrong with the text of one property.
pub fn text_fault(property: Property, text: &str) -> Option<Fault> {
    form(&property, text).err()
}

/// Texts in which repeated spaces are replaced by one.
const SENTENCES: [&str; 3] = ["Name", "DisplayName", "Description"];

/// Returns the normal form of a text, if the text has another form.
fn form(property: &Property, text: &str) -> Result<Option<String>, Fault> {
    let Property::Attribute(attribute) = property else { return Ok(None) };
    let bad = |message: String| Fault::BadField { field: attribute.name, message };
    let limit = attribute.max_length.unwrap_or(model::UNBOUNDED);
    if text.chars().count() > usize::try_from(limit).unwrap_or(usize::MAX) {
        return Err(bad(format!("at most {limit} characters are allowed")));
    }
    if limit < model::UNBOUNDED
        && let Some(unfit) = unfit(text)
    {
        return Err(bad(unfit.to_string()));
    }
    if attribute.required && text.trim().is_empty() {
        return Err(bad("a value is needed".to_owned()));
    }
    if limit == model::UNBOUNDED {
        return Ok(None);
    }
    let mut kept = line::normalised(text);
    if SENTENCES.contains(&attribute.name) {
        kept = line::squeezed(&kept).into();
    }
    Ok((kept != text).then(|| kept.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All bounded texts of the model.
    #[test]
    fn no_text_of_the_model_has_invisible_characters() {
        let mut texts = 0;
        for (_, property) in model::entities().flat_map(model::Entity::columns) {
            let Property::Attribute(attribute) = &property else { continue };
            let bounded = attribute.max_length.is_some_and(|limit| limit < model::UNBOUNDED);
            if !bounded {
                continue;
            }
            for hidden in ["a\u{202e}b", "a\u{200b}b", "a\u{2028}b", "a\u{7}b", "a\u{e000}b"] {
                let fault = form(&property, hidden).unwrap_err();
                assert!(fault.to_string().contains("is not allowed"), "{}: {fault}", attribute.name);
            }
            assert_eq!(form(&property, "jose\u{301}").unwrap().as_deref(), Some("jos\u{e9}"));
            texts += 1;
        }
        assert!(texts > 30, "only {texts} texts were looked at");
    }
}
