//! Finding the rows that objects of an import name.

use authority::registry::query;
use authority::{Caller, Ctx, Fault};
use model::query::{Comparison, Condition, Literal, Object, Query, Search, TextCase, TextTest};
use model::writing::{FieldError, codes};
use model::{Entity, Reference, Uuid};
use odata::payload::odata_id;
use serde_json::{Value, json};

use super::object::{Action, Criterion, FIND_BY, FindBy, Members, TYPE};

/// The number of matches that an error names.
const NAMED: u64 = 5;

/// A row that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) id: Uuid,
    /// The version of the row.
    pub(super) version: i64,
}

/// Finds the row that an action needs.
///
/// # Errors
/// [`Fault::Conflict`] for several rows where one is meant, and the errors of queries.
pub(super) async fn find(
    ctx: &Ctx,
    caller: &Caller,
    entity: &'static Entity,
    action: Action,
    find_by: &FindBy,
) -> Result<Option<Found>, Fault> {
    let query = Query {
        filter: condition(&find_by.criterion),
        search: match &find_by.criterion {
            Criterion::Search(text) => Some(Search::Term(text.clone())),
            _ => None,
        },
        select: vec!["Id".to_owned()],
        top: Some(NAMED),
        ..Query::default()
    };
    let rows = query::page(ctx, caller, entity, &query).await?.objects;
    let is_ambiguous = matches!(find_by.criterion, Criterion::External(_, None));
    if rows.len() > 1 && (is_ambiguous || action.is_of_a_single_row()) {
        let names: Vec<_> = rows.iter().map(|row| odata_id(&entity.set_name(), row.id)).collect();
        let message = format!("several objects match {}: {}", find_by.text, names.join(", "));
        return Err(Fault::Conflict(message));
    }
    let found = |row: &Object| Found { id: row.id, version: row.version };
    Ok(rows.first().map(found))
}

fn condition(criterion: &Criterion) -> Option<Condition> {
    let equal = |name: &str, value: Literal| Condition::Compare(vec![name.to_owned()], Comparison::Eq, value);
    let text = |text: &String| Literal::Text(text.clone());
    Some(match criterion {
        Criterion::External(id, None) => equal("ExternalId", text(id)),
        Criterion::External(id, Some(system)) => Condition::And(
            Box::new(equal("ExternalId", text(id))),
            Box::new(equal("ExternalSystem", text(system))),
        ),
        Criterion::Id(id) => equal("Id", Literal::Guid(*id)),
        Criterion::Equal(name, value) => equal(name, text(value)),
        Criterion::Part(name, value) => Condition::Text {
            path: vec![(*name).to_owned()],
            test: TextTest::Contains,
            text: value.to_lowercase(),
            case: TextCase::Lower,
        },
        Criterion::Search(_) => return None,
    })
}

/// Returns the error for a row that is not there.
pub(super) fn missing(entity: &'static Entity, action: Action, find_by: &FindBy) -> Fault {
    let (set, action) = (entity.set_name(), action.name());
    Fault::NotFound(format!("Object not found: {set}, action: {action}, findBy: {}.", find_by.text))
}

/// A reference whose row has to be found.
#[derive(Debug)]
pub(super) struct Searched {
    pub(super) reference: &'static Reference,
    pub(super) action: Action,
    pub(super) find_by: FindBy,
}

impl Searched {
    /// Reads the object in a reference.
    ///
    /// # Errors
    /// [`Fault::BadFields`] for anything but a search: rows that are referred to are objects of their own.
    pub(super) fn read(reference: &'static Reference, members: &Members) -> Result<Self, Fault> {
        let refused = |errors: Vec<FieldError>| {
            Fault::BadFields(errors.into_iter().map(|error| error.below(reference.name)).collect())
        };
        let mut members = members.clone();
        members.remove(TYPE);
        let action = Action::taken(&mut members).map_err(|error| refused(vec![error]))?;
        let action = action.unwrap_or(Action::Find);
        let is_search = matches!(
            action,
            Action::Find | Action::FindOrNull | Action::FindSingle | Action::FindSingleOrNull
        );
        let target = reference.target();
        let find_by = FindBy::taken(target, &mut members).map_err(refused)?;
        let identifying = ["ExternalId", "ExternalSystem", "Id"];
        let is_identifying = |name: &str| {
            identifying.contains(&name) || target.code == Some(name) || target.title == Some(name)
        };
        if !is_search || members.keys().any(|name| !is_identifying(name)) {
            let message =
                "a row that is referred to can only be found: import it before, as an object of its own";
            return Err(Fault::BadFields(vec![FieldError::new(
                reference.name,
                codes::NOT_IMPLEMENTED,
                message,
            )]));
        }
        let missing = || refused(vec![FieldError::new(FIND_BY, codes::REQUIRED, "a criterion is needed")]);
        Ok(Self { reference, action, find_by: find_by.ok_or_else(missing)? })
    }

    /// Returns the value of the reference: the row that was found, as a body has it.
    ///
    /// # Errors
    /// [`Fault::NotFound`] if there has to be one.
    pub(super) fn value(&self, found: Option<Found>) -> Result<Value, Fault> {
        let target = self.reference.target();
        match found {
            Some(found) => Ok(json!({ "@odata.id": odata_id(&target.set_name(), found.id) })),
            None if self.action.allows_none() => Ok(Value::Null),
            None => Err(missing(target, self.action, &self.find_by)),
        }
    }
}
