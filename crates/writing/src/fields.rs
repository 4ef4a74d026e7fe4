//! The values that a client gives, read for a verb. Everything that is wrong is collected.

use model::writing::{FieldError, Given, Intent, check, codes};
use model::{Entity, Field, Property, Timestamp, Uuid, Value};

use authority::validate::text_fault;
use authority::{Fault, Invalid};

/// The values for one row, with what is wrong with them.
pub(super) struct Fields<'a> {
    given: &'a Given,
    wrong: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    /// Checks the values against the model, and their texts.
    pub(super) fn check(entity: &'static Entity, intent: Intent<'_>, given: &'a Given) -> Self {
        let mut fields = Self { given, wrong: check(entity, intent, given) };
        fields.texts(given, "");
        fields
    }

    /// The values of a change, which were checked.
    pub(super) const fn checked(given: &'a Given) -> Self {
        Self { given, wrong: Vec::new() }
    }

    fn texts(&mut self, given: &Given, below: &str) {
        for (property, value) in &given.values {
            let Value::Text(text) = value else { continue };
            let target = format!("{below}{}", property.name());
            let is_refused = self.wrong.iter().any(|error| error.target == target);
            if let (false, Some(fault)) = (is_refused, text_fault(*property, text)) {
                self.wrong.push(FieldError::new(target, codes::BAD_VALUE, message(&fault)));
            }
        }
        for (collection, rows) in &given.children {
            for (index, row) in rows.iter().enumerate() {
                self.texts(row, &format!("{below}{}/{index}/", collection.name));
            }
        }
    }

    /// Returns whether a value of a property is given, also null.
    pub(super) fn has(&self, name: &str) -> bool {
        self.given.value(name).is_some()
    }

    /// Returns a value; `None` if it is null or not given.
    pub(super) fn value<T: Field>(&self, name: &str) -> Option<T> {
        self.given
            .value(name)
            .filter(|value| !value.is_null())
            .cloned()
            .and_then(|value| T::from_value(value).ok())
    }

    /// Returns a text; `None` if it is null or not given.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.value(name)
    }

    /// Returns a text that is given, which may be null.
    pub(super) fn given_text(&self, name: &str) -> Option<Option<String>> {
        self.has(name).then(|| self.text(name))
    }

    /// Returns a time; `None` if it is null or not given.
    pub(super) fn time(&self, name: &str) -> Option<Timestamp> {
        self.value(name)
    }

    /// Returns the row of a reference; `None` if it is null or not given.
    pub(super) fn row(&self, name: &str) -> Option<Uuid> {
        self.value(name)
    }

    /// Reads a text with a reader of its type; the default if it is null or not given.
    pub(super) fn parsed<T: Default>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> T {
        let text = self.text(name).unwrap_or_default();
        match read(&text) {
            Ok(value) => value,
            Err(invalid) => {
                self.refuse(name, message(&invalid.into()));
                T::default()
            }
        }
    }

    /// Refuses the value of a property.
    pub(super) fn refuse(&mut self, name: &str, message: impl Into<String>) {
        if !self.wrong.iter().any(|error| error.target == name) {
            self.wrong.push(FieldError::new(name, codes::BAD_VALUE, message));
        }
    }

    /// Ends the check.
    ///
    /// # Errors
    /// [`Fault::BadFields`] with everything that is wrong.
    pub(super) fn end(self) -> Result<(), Fault> {
        if self.wrong.is_empty() { Ok(()) } else { Err(Fault::BadFields(self.wrong)) }
    }
}

/// Names the property that a verb calls by another name.
pub(super) fn renamed(fault: Fault, name_of: impl Fn(&str) -> Option<&'static str>) -> Fault {
    let named = match &fault {
        Fault::BadField { field, .. } => name_of(field),
        Fault::InvalidScope(_) => name_of("scopes"),
        _ => None,
    };
    match named {
        Some(name) => Fault::BadFields(vec![FieldError::new(name, codes::BAD_VALUE, message(&fault))]),
        None => fault,
    }
}

/// Returns what a fault says, without the field.
fn message(fault: &Fault) -> String {
    match fault {
        Fault::BadField { message, .. } => message.clone(),
        other => other.to_string(),
    }
}

/// Returns the values that differ from the present ones.
pub(super) fn differing(given: Given, present: &[(Property, Value)]) -> Given {
    let is_present = |property: Property, value: &Value| {
        present.iter().any(|(other, own)| other.column() == property.column() && own == value)
    };
    let values = given.values.into_iter().filter(|(property, value)| !is_present(*property, value));
    Given { values: values.collect(), ..given }
}
