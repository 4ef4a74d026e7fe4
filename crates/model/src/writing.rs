//! Writing: what clients may set, the values that they give, and the check of one against the other.

pub mod codes;

use crate::{Collection, Entity, Property, UNBOUNDED, Value};

/// When clients may set the value of an attribute or a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settable {
    /// Never: only the server sets it.
    Never,
    /// When the row is created.
    AtCreation,
    /// When the row is created, and later.
    Always,
}

/// What public APIs may do with the rows of an entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Writable {
    /// Whether rows can be created.
    pub insert: bool,
    /// Whether rows can be changed.
    pub update: bool,
    /// Whether rows can be deleted.
    pub delete: bool,
}

/// The values that a client gives for a row.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Values of attributes and references, each at most once.
    pub values: Vec<(Property, Value)>,
    /// Rows of collections.
    pub children: Vec<(&'static Collection, Vec<Given>)>,
    /// What the client gave and could not be read.
    pub unreadable: Vec<FieldError>,
}

impl Given {
    /// Returns the value of a property, if it is given.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(property, _)| property.name() == name).map(|(_, value)| value)
    }

    /// Returns whether a value of a column is given, by any property of the column.
    fn has_column(&self, column: &str) -> bool {
        self.values.iter().any(|(property, value)| property.column() == Some(column) && !value.is_null())
    }
}

/// Why a member of a body is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Path of the member, such as `Description` or `Authorizations/0/Notes`.
    pub target: String,
    /// Stable code for programs.
    pub code: &'static str,
    /// Explanation for people, without the target.
    pub message: String,
}

impl FieldError {
    /// Creates an error.
    pub fn new(target: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { target: target.into(), code, message: message.into() }
    }

    /// Moves the target below another one.
    #[must_use]
    pub fn below(self, parent: &str) -> Self {
        Self { target: format!("{parent}/{}", self.target), ..self }
    }
}

/// The kind of a write.
#[derive(Clone, Copy, Debug)]
pub enum Intent<'a> {
    /// A row is created.
    Create {
        /// Reference to the row's owner, if the address of the request or the parent in the body names the owner.
        owner: Option<&'static str>,
    },
    /// Values of a row change.
    Change {
        /// The present value of each column.
        present: &'a [(Property, Value)],
    },
}

/// Checks the values for a row against the model. Returns everything that is wrong.
///
/// ```
/// use model::writing::{Given, Intent, check};
/// use model::{Record as _, Value, entities::User};
///
/// let name = User::entity().property("Name").unwrap();
/// let given = Given { values: vec![(name, Value::Text("Ada".into()))], ..Given::default() };
/// let wrong = check(User::entity(), Intent::Create { owner: None }, &given);
/// assert_eq!(wrong.len(), 1);
/// assert_eq!((wrong[0].target.as_str(), wrong[0].code), ("Login", "REQUIRED"));
/// ```
pub fn check(entity: &'static Entity, intent: Intent<'_>, given: &Given) -> Vec<FieldError> {
    let mut wrong = given.unreadable.clone();
    wrong.extend(given.values.iter().filter_map(|(property, value)| refused(intent, *property, value)));
    wrong.extend(contradictions(given));
    if let Intent::Create { owner } = intent {
        wrong.extend(missing(entity, owner, given));
        for (collection, rows) in &given.children {
            if !collection.target().writable.insert {
                wrong.push(FieldError::new(
                    collection.name,
                    codes::READ_ONLY,
                    "only the server creates these rows",
                ));
                continue;
            }
            let owner = Intent::Create { owner: Some(collection.via) };
            for (index, row) in rows.iter().enumerate() {
                let below = format!("{}/{index}", collection.name);
                wrong.extend(
                    check(collection.target(), owner, row).into_iter().map(|error| error.below(&below)),
                );
            }
        }
    }
    wrong
}

/// Returns why a value cannot be set.
fn refused(intent: Intent<'_>, property: Property, value: &Value) -> Option<FieldError> {
    let error = |code, message: String| Some(FieldError::new(property.name(), code, message));
    match (property.settable(), intent) {
        (Settable::Always, _) | (Settable::AtCreation, Intent::Create { .. }) => {}
        (_, Intent::Change { present }) if is_present(present, property, value) => return None,
        (Settable::AtCreation, Intent::Change { .. }) => {
            return error(codes::IMMUTABLE, "the value is set when the row is created, and stays".to_owned());
        }
        // A row that was read and is sent back as a new one has nulls where the server sets the value.
        (Settable::Never, Intent::Create { .. }) if value.is_null() => return None,
        (Settable::Never, _) => return error(codes::READ_ONLY, "only the server sets the value".to_owned()),
    }
    match value {
        Value::Null if !property.nullable() => {
            error(codes::NOT_NULLABLE, "the value cannot be null".to_owned())
        }
        Value::Text(text) => {
            let limit = max_length(property)?;
            (text.chars().count() > limit).then(|| {
                FieldError::new(
                    property.name(),
                    codes::TOO_LONG,
                    format!("at most {limit} characters are allowed"),
                )
            })
        }
        _ => None,
    }
}

fn is_present(present: &[(Property, Value)], property: Property, value: &Value) -> bool {
    let own = present.iter().find(|(other, _)| other.column() == property.column());
    property.column().is_some() && own.is_some_and(|(_, own)| own == value)
}

fn max_length(property: Property) -> Option<usize> {
    let Property::Attribute(attribute) = property else { return None };
    let limit = attribute.max_length.filter(|limit| *limit != UNBOUNDED)?;
    usize::try_from(limit).ok()
}

/// Returns an error for each property that gives another value than an earlier one for the same column.
fn contradictions(given: &Given) -> Vec<FieldError> {
    let later = given.values.iter().enumerate().filter_map(|(index, (property, value))| {
        let column = property.column()?;
        let same = |(other, _): &&(Property, Value)| other.column() == Some(column);
        let (other, _) = given.values[..index].iter().find(same).filter(|(_, other)| other != value)?;
        let message = format!("the value is another than that of '{}'", other.name());
        Some(FieldError::new(property.name(), codes::CONTRADICTION, message))
    });
    later.collect()
}

/// Returns an error for each value that a new row needs and that is not given.
fn missing(entity: &'static Entity, owner: Option<&str>, given: &Given) -> Vec<FieldError> {
    let needed = entity.properties().filter(|property| {
        let is_needed = match property {
            Property::Attribute(attribute) => attribute.required && attribute.default.is_none(),
            Property::Reference(reference) => !reference.nullable,
        };
        is_needed && property.settable() != Settable::Never && owner != Some(property.name())
    });
    let mut columns = Vec::new();
    let mut wrong = Vec::new();
    for property in needed {
        let Some(column) = property.column().filter(|column| !columns.contains(column)) else { continue };
        columns.push(column);
        // A value that could not be read, or a null, is refused as such.
        let is_refused = given.unreadable.iter().any(|error| error.target == property.name())
            || given.value(property.name()).is_some();
        if !given.has_column(column) && !is_refused {
            wrong.push(FieldError::new(property.name(), codes::REQUIRED, "a value is needed"));
        }
    }
    wrong
}

#[cfg(test)]
mod tests;
