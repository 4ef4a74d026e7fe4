//! `CreateCopy`: a new row of the transaction with the values of another one that clients may set. A copy has no secret:
//! the server makes one at the end.

use authority::registry::query;
use authority::{Caller, Fault};
use axum::response::Response;
use model::query::{Object, Query};
use model::writing::{Given, Settable};
use model::{Attribute, Collection, Entity, Property, Value};
use odata::RowKey;
use writing::Rejected;

use super::super::answer::Refusal;
use super::super::read::Reading;
use super::super::write::{Planned, object};

/// How many names are tried for a value that has to be unique.
const ATTEMPTS: usize = 20;
/// Maximum number of children of a kind that are copied.
const MAX_CHILDREN: u64 = 100;

impl Reading<'_> {
    /// Copies a row and its children into the transaction, and answers with the copy.
    pub(crate) async fn copy(&self, caller: &Caller, row: RowKey, body: &[u8]) -> Result<Response, Refusal> {
        self.needed_transaction()?;
        if !body.is_empty() && !object(body)?.is_empty() {
            return Err(Fault::InvalidRequest("the action has no parameters".to_owned()).into());
        }
        let options = self.write_options()?;
        let select = Query { select: names(row.entity, None), ..Query::default() };
        let original = query::find(self.ctx, caller, row.entity, row.id, &select).await?;
        let original =
            original.ok_or_else(|| Refusal::not_found("there is no such row, or none that you may see"))?;
        let children = self.children(caller, row).await?;
        let copy = RowKey { entity: row.entity, id: self.ctx.new_id()? };
        let has_names = original.values.iter().any(|(property, _)| is_unique(*property));
        let mut attempt = 1;
        loop {
            let given = Given { children: children.clone(), ..values(&original, None, attempt) };
            let planned = Planned::creation(copy, given);
            self.check_answer(caller, &planned, &options)?;
            match self.apply(caller, vec![planned.operation()]).await {
                Ok(outcomes) => {
                    let outcome = outcomes.into_iter().next().unwrap_or_default();
                    return self.answer(caller, planned, outcome, &options).await;
                }
                Err(Rejected { fault: Fault::Conflict(_), .. }) if has_names && attempt < ATTEMPTS => {
                    attempt += 1;
                }
                Err(Rejected { fault, .. }) => return Err(fault.into()),
            }
        }
    }

    /// Returns the values of the children that belong to a row.
    async fn children(
        &self,
        caller: &Caller,
        row: RowKey,
    ) -> Result<Vec<(&'static Collection, Vec<Given>)>, Refusal> {
        let mut children = Vec::new();
        for collection in row.entity.collections() {
            let target = collection.target();
            let Some(via) = target.owner().filter(|owner| owner.name == collection.via) else { continue };
            if !target.writable.insert {
                continue;
            }
            let asked = Query {
                select: names(target, Some(via.name)),
                top: Some(MAX_CHILDREN + 1),
                ..Query::default()
            };
            let bound = query::bind(self.ctx, caller, target, &asked)?;
            let bound = bound.limited_to(Property::Reference(via), vec![Value::Guid(row.id)]);
            let rows = query::fetch(self.ctx, &bound).await?.objects;
            if u64::try_from(rows.len()).is_ok_and(|count| count > MAX_CHILDREN) {
                let message =
                    format!("a row with more than {MAX_CHILDREN} {} is not copied", collection.name);
                return Err(Fault::InvalidRequest(message).into());
            }
            children.push((collection, rows.iter().map(|child| values(child, Some(via.name), 1)).collect()));
        }
        Ok(children)
    }
}

/// Returns the names of what clients set, except the reference to the owner and external identifiers.
fn names(entity: &'static Entity, owner: Option<&str>) -> Vec<String> {
    let is_copied = |property: &Property| {
        property.settable() != Settable::Never
            && entity.property(property.name()).is_some()
            && Some(property.name()) != owner
            && !matches!(
                property.column(),
                Some(Attribute::EXTERNAL_ID_COLUMN | Attribute::EXTERNAL_SYSTEM_COLUMN)
            )
    };
    entity.properties().filter(is_copied).map(|property| property.name().to_owned()).collect()
}

/// Returns the values of a row for a copy. Values that have to be unique get an ending.
fn values(row: &Object, owner: Option<&str>, attempt: usize) -> Given {
    let names = names(row.entity, owner);
    let mut given = Given::default();
    for (property, value) in &row.values {
        let is_known =
            given.values.iter().any(|(other, _): &(Property, Value)| other.column() == property.column());
        if value.is_null() || is_known || !names.iter().any(|name| name == property.name()) {
            continue;
        }
        let value = match value {
            Value::Text(text) if is_unique(*property) => Value::Text(renamed(text, *property, attempt)),
            other => other.clone(),
        };
        given.values.push((*property, value));
    }
    given
}

fn is_unique(property: Property) -> bool {
    matches!(property, Property::Attribute(attribute) if attribute.unique)
}

/// Returns a name for a copy, within the length of the attribute.
fn renamed(text: &str, property: Property, attempt: usize) -> String {
    let ending = if attempt == 1 { "-copy".to_owned() } else { format!("-copy-{attempt}") };
    let longest = match property {
        Property::Attribute(attribute) => attribute.max_length,
        Property::Reference(_) => None,
    };
    let longest = longest.and_then(|longest| usize::try_from(longest).ok()).unwrap_or(usize::MAX);
    let kept = text.chars().take(longest.saturating_sub(ending.chars().count()));
    kept.chain(ending.chars()).collect()
}
