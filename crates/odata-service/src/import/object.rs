//! An object of an import: what is done, with which row, and the values.

use authority::{Fault, json};
use model::writing::{FieldError, codes};
use model::{Entity, Property, Uuid};
use odata::metadata::entity_type_name;
use serde_json::{Map, Value};

pub(super) const TYPE: &str = "@odata.type";
pub(super) const ACTION: &str = "@erpnet.action";
pub(super) const FIND_BY: &str = "@erpnet.findBy";
const EXTERNAL_ID: &str = "ExternalId";
const EXTERNAL_SYSTEM: &str = "ExternalSystem";

/// The members of an object.
pub(super) type Members = Map<String, Value>;

/// What is done with an object (`@erpnet.action`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    Update,
    Merge,
    Delete,
    Find,
    FindOrNull,
    FindSingle,
    FindSingleOrNull,
    FindOrCreate,
}

impl Action {
    const ALL: [Self; 9] = [
        Self::Create,
        Self::Update,
        Self::Merge,
        Self::Delete,
        Self::Find,
        Self::FindOrNull,
        Self::FindSingle,
        Self::FindSingleOrNull,
        Self::FindOrCreate,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Merge => "merge",
            Self::Delete => "delete",
            Self::Find => "find",
            Self::FindOrNull => "findOrNull",
            Self::FindSingle => "findSingle",
            Self::FindSingleOrNull => "findSingleOrNull",
            Self::FindOrCreate => "findOrCreate",
        }
    }

    /// Returns whether a second match is an error.
    pub(super) const fn is_of_a_single_row(self) -> bool {
        matches!(self, Self::FindSingle | Self::FindSingleOrNull)
    }

    /// Returns whether it is no error that there is no match.
    pub(super) const fn allows_none(self) -> bool {
        matches!(self, Self::FindOrNull | Self::FindSingleOrNull)
    }

    /// Takes the action from the members of an object.
    ///
    /// # Errors
    /// [`FieldError`] for anything but the name of an action.
    pub(super) fn taken(members: &mut Members) -> Result<Option<Self>, FieldError> {
        let Some(value) = members.remove(ACTION) else { return Ok(None) };
        let action = Self::ALL.into_iter().find(|action| value.as_str() == Some(action.name()));
        let wrong = || {
            let names: Vec<_> = Self::ALL.iter().map(|action| action.name()).collect();
            FieldError::new(ACTION, codes::BAD_ANNOTATION, format!("one of {} is expected", names.join(", ")))
        };
        action.map(Some).ok_or_else(wrong)
    }
}

/// How a row is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Criterion {
    /// By external identifier, in a system or in all of them.
    External(String, Option<String>),
    /// By identifier.
    Id(Uuid),
    /// By the value of an attribute.
    Equal(&'static str, String),
    /// By a part of an attribute, ignoring case.
    Part(&'static str, String),
    /// By a search.
    Search(String),
}

/// The search for a row: the criterion, and its text for messages.
#[derive(Clone, Debug)]
pub(super) struct FindBy {
    pub(super) criterion: Criterion,
    pub(super) text: String,
}

impl FindBy {
    /// Takes the search from the members of an object: the annotation, or else the values that identify a row.
    ///
    /// # Errors
    /// [`FieldError`] for an annotation that has no criterion, or one that the entity does not have.
    pub(super) fn taken(
        entity: &'static Entity,
        members: &mut Members,
    ) -> Result<Option<Self>, Vec<FieldError>> {
        match members.remove(FIND_BY) {
            Some(Value::Object(given)) => Self::annotated(entity, &given).map(Some),
            Some(_) => Err(vec![FieldError::new(FIND_BY, codes::BAD_ANNOTATION, "an object is expected")]),
            None => Self::of_values(entity, members).map_err(|error| vec![error]),
        }
    }

    fn annotated(entity: &'static Entity, given: &Members) -> Result<Self, Vec<FieldError>> {
        let names = [EXTERNAL_ID, EXTERNAL_SYSTEM, "Id", "Code", "Name", "DisplayText"];
        let wrong = |name: &str, message: &str| {
            FieldError::new(format!("{FIND_BY}/{name}"), codes::BAD_ANNOTATION, message)
        };
        let unknown = given.iter().filter(|(name, value)| {
            !names.contains(&name.as_str()) || !matches!(value, Value::String(_) | Value::Null)
        });
        let mut errors: Vec<_> = unknown
            .map(|(name, _)| wrong(name, &format!("a text is expected in one of {}", names.join(", "))))
            .collect();
        let text = |name: &str| given.get(name).and_then(Value::as_str).map(str::to_owned);
        let criterion = if let Some(id) = text(EXTERNAL_ID) {
            Ok(Criterion::External(id, text(EXTERNAL_SYSTEM)))
        } else if let Some(id) = text("Id") {
            Uuid::parse_str(&id).map(Criterion::Id).map_err(|_| wrong("Id", "a guid is expected"))
        } else if let Some(code) = text("Code") {
            let equal = entity.code.map(|attribute| Criterion::Equal(attribute, code));
            equal.ok_or_else(|| wrong("Code", "the entity has no code"))
        } else if let Some(name) = text("Name") {
            let part = entity.title.map(|attribute| Criterion::Part(attribute, name));
            part.ok_or_else(|| wrong("Name", "the entity has no name"))
        } else {
            text("DisplayText")
                .map(Criterion::Search)
                .ok_or_else(|| FieldError::new(FIND_BY, codes::BAD_ANNOTATION, "a criterion is expected"))
        };
        match (criterion, errors.is_empty()) {
            (Ok(criterion), true) => Ok(Self { criterion, text: Value::Object(given.clone()).to_string() }),
            (Ok(_), false) => Err(errors),
            (Err(error), _) => {
                errors.push(error);
                Err(errors)
            }
        }
    }

    /// Takes the search from the values of a row: the external identifier, the identifier, the code, the name. Here a name is
    /// the whole name, so that no row with a longer name is changed.
    fn of_values(entity: &'static Entity, members: &Members) -> Result<Option<Self>, FieldError> {
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        let named = |name: &str, value: &str| {
            let mut text = Map::new();
            text.insert(name.to_owned(), value.into());
            Value::Object(text).to_string()
        };
        if let Some(id) = text(EXTERNAL_ID) {
            let text_of = named(EXTERNAL_ID, &id);
            let criterion = Criterion::External(id, text(EXTERNAL_SYSTEM));
            return Ok(Some(Self { criterion, text: text_of }));
        }
        if let Some(id) = text("Id") {
            let wrong = || FieldError::new("Id", codes::BAD_VALUE, "a guid is expected");
            let criterion = Criterion::Id(Uuid::parse_str(&id).map_err(|_| wrong())?);
            return Ok(Some(Self { criterion, text: named("Id", &id) }));
        }
        let members = [entity.code, entity.title];
        let mut given = members.into_iter().flatten().filter_map(|name| Some((name, text(name)?)));
        Ok(given.next().map(|(name, value)| {
            let text = named(name, &value);
            Self { criterion: Criterion::Equal(name, value), text }
        }))
    }
}

/// An object that was read.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) entity: &'static Entity,
    pub(super) action: Action,
    pub(super) find_by: Option<FindBy>,
    /// The values of the row.
    pub(super) members: Members,
}

/// Why an object is not read.
#[derive(Debug)]
pub(super) enum Unread {
    /// It is not JSON, so that what follows cannot be read either.
    Broken,
    /// The object is refused.
    Refused(Fault),
}

/// Reads an object. The values are read when it is known whether they are those of a new row.
pub(super) fn read(text: &[u8]) -> Result<Wanted, Unread> {
    let refused = |errors: Vec<FieldError>| Unread::Refused(Fault::BadFields(errors));
    let mut members = match json::object(text) {
        Ok(members) => members,
        Err(json::JsonError::Repeated) => {
            let message = format!("the object cannot be read: {}", json::JsonError::Repeated);
            return Err(Unread::Refused(Fault::InvalidRequest(message)));
        }
        Err(_) => return Err(Unread::Broken),
    };
    let entity = entity(&mut members).map_err(|error| refused(vec![error]))?;
    let action = Action::taken(&mut members).map_err(|error| refused(vec![error]))?;
    let action = action.unwrap_or(Action::Create);
    let find_by = match action {
        Action::Create => {
            if members.contains_key(FIND_BY) {
                let message = "a row that is created is not searched: use merge or findOrCreate";
                return Err(refused(vec![FieldError::new(FIND_BY, codes::BAD_ANNOTATION, message)]));
            }
            None
        }
        _ => Some(FindBy::taken(entity, &mut members).map_err(refused)?.ok_or_else(|| no_criterion(action))?),
    };
    Ok(Wanted { entity, action, find_by, members })
}

fn no_criterion(action: Action) -> Unread {
    let message = format!("the action {} needs {FIND_BY}, or values that identify a row", action.name());
    Unread::Refused(Fault::BadFields(vec![FieldError::new(FIND_BY, codes::REQUIRED, message)]))
}

/// Takes the type of an object.
fn entity(members: &mut Members) -> Result<&'static Entity, FieldError> {
    let Some(value) = members.remove(TYPE).or_else(|| members.remove("@type")) else {
        let message = "the type of the object is needed, such as \"Erp.Systems_Security_User\"";
        return Err(FieldError::new(TYPE, codes::REQUIRED, message));
    };
    let name = value.as_str().unwrap_or_default().trim_start_matches('#');
    let is_named = |entity: &&'static Entity| entity_type_name(entity) == name || entity.type_name() == name;
    let found = model::entities().find(is_named);
    found.ok_or_else(|| {
        let names: Vec<String> = model::entities().map(entity_type_name).collect();
        let meant = model::nearest(name, names.iter().map(String::as_str));
        let meant = meant.map(|meant| format!("; did you mean '{meant}'?")).unwrap_or_default();
        FieldError::new(TYPE, codes::BAD_ANNOTATION, format!("this is no type of rows{meant}"))
    })
}

/// Returns the references of an object whose rows have to be found: objects without `@odata.id`.
pub(super) fn searched_references(
    entity: &'static Entity,
    members: &Members,
) -> Vec<&'static model::Reference> {
    let searched = |(name, value): (&String, &Value)| match (entity.property(name), value) {
        (Some(Property::Reference(reference)), Value::Object(row)) => {
            (!row.contains_key("@odata.id") && !row.contains_key("@id")).then_some(reference)
        }
        _ => None,
    };
    members.iter().filter_map(searched).collect()
}
