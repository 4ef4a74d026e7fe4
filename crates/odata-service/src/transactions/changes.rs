//! What a transaction changed since its changes were last asked for.

use std::collections::BTreeMap;
use std::time::Duration;

use authority::registry::query;
use authority::{Caller, Fault};
use axum::response::Response;
use model::query::{BoundQuery, Object, Query};
use model::writing::Settable;
use model::{Entity, Uuid};
use odata::negotiate::{Form, JsonForm, MetadataLevel};
use odata::payload::Style;
use serde_json::{Map, Value};

use super::super::answer::Refusal;
use super::super::read::Reading;
use super::super::respond;
use super::Open;
use super::open::unknown;

/// How long a request waits for changes: less than the time after which the server ends every request.
const PATIENCE: Duration = Duration::from_secs(25);

/// The attributes of a row as JSON has them.
type Row = Option<Map<String, Value>>;

impl Reading<'_> {
    /// Answers with the changes; if there are none, after waiting for some.
    pub(super) async fn changes(&self, caller: &Caller, waits: bool) -> Result<Response, Refusal> {
        let open = self.needed_transaction()?;
        if !open.tracks {
            let message = "the transaction does not track changes: begin it with \"trackChanges\": true";
            return Err(Fault::InvalidRequest(message.to_owned()).into());
        }
        let changes = if waits {
            tokio::time::timeout(PATIENCE, self.awaited(caller, open)).await.unwrap_or(Ok(Map::new()))?
        } else {
            self.new_changes(caller, open).await?
        };
        let mut body = Map::new();
        if !changes.is_empty() {
            let context = format!("{}$metadata#Erp.OpenObject", self.root);
            body.insert("@odata.context".to_owned(), Value::String(context));
            body.extend(changes);
        }
        Ok(respond::found(self.version, Form::Json(JsonForm::default()), Value::Object(body).to_string()))
    }

    async fn awaited(&self, caller: &Caller, open: &Open) -> Result<Map<String, Value>, Fault> {
        loop {
            // What happens from here on is not missed.
            let changed = open.changed.notified();
            let changes = self.new_changes(caller, open).await?;
            if !changes.is_empty() {
                return Ok(changes);
            }
            changed.await;
        }
    }

    /// Returns the changes, and records them as reported.
    async fn new_changes(&self, caller: &Caller, open: &Open) -> Result<Map<String, Value>, Fault> {
        let mut reported = open.turn.lock().await;
        if open.is_over(self.ctx.now) {
            return Err(unknown(&open.id));
        }
        let rows: BTreeMap<(String, Uuid), &'static Entity> =
            open.unit().rows().map(|(entity, id)| ((entity.set_name(), id), entity)).collect();
        let bound = rows.iter().map(|((_, id), entity)| {
            let select = entity.default_properties().map(|property| property.name().to_owned()).collect();
            query::bind_row(self.ctx, caller, entity, *id, &Query { select, ..Query::default() })
        });
        let bound = bound.collect::<Result<Vec<_>, _>>()?;
        let before = query::fetch_each(&self.ctx.committed(), &bound).await?;
        let now = query::fetch_each(self.ctx, &bound).await?;
        let mut changes = BTreeMap::new();
        let states = before.into_iter().zip(now);
        for (((key, entity), query), (before, now)) in rows.into_iter().zip(&bound).zip(states) {
            let now = self.values(query, now.as_ref());
            let known = reported.remove(&key).unwrap_or_else(|| self.values(query, before.as_ref()));
            let is_new = before.is_none();
            if let Some((kind, values)) = difference(known, &now, |name| !is_new || is_given(entity, name)) {
                add(&mut changes, kind, &key, values);
            }
            reported.insert(key, now);
        }
        Ok(changes.into_iter().map(|(kind, sets)| (kind.to_owned(), Value::Object(sets))).collect())
    }

    fn values(&self, query: &BoundQuery, object: Option<&Object>) -> Row {
        let form = JsonForm { level: MetadataLevel::None, ..JsonForm::default() };
        let style = Style { root: &self.root, version: self.version, form, skip_nulls: false };
        let json = style.object(query, "", object?);
        let members: Map<String, Value> = serde_json::from_slice(&json).ok()?;
        Some(members.into_iter().filter(|(name, _)| !name.starts_with('@')).collect())
    }
}

/// Returns the kind of a change, and the values that are new.
fn difference(
    known: Row,
    now: &Row,
    is_stable: impl Fn(&str) -> bool,
) -> Option<(&'static str, Map<String, Value>)> {
    match (known, now) {
        (None, None) => None,
        (None, Some(now)) => Some(("insert", now.clone())),
        (Some(_), None) => Some(("delete", Map::new())),
        (Some(known), Some(now)) => {
            let differs =
                |(name, value): &(&String, &Value)| is_stable(name) && known.get(*name) != Some(*value);
            let values: Map<_, _> =
                now.iter().filter(differs).map(|(name, value)| (name.clone(), value.clone())).collect();
            (!values.is_empty()).then_some(("update", values))
        }
    }
}

/// Returns whether clients give the value of a property. The server makes the other values of a new row at every rehearsal,
/// and for good at the end.
fn is_given(entity: &Entity, name: &str) -> bool {
    entity.property(name).is_some_and(|property| property.settable() != Settable::Never)
}

fn add(
    changes: &mut BTreeMap<&'static str, Map<String, Value>>,
    kind: &'static str,
    (set, id): &(String, Uuid),
    values: Map<String, Value>,
) {
    let sets = changes.entry(kind).or_default();
    let rows = sets.entry(set.clone()).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(rows) = rows {
        rows.insert(id.to_string(), Value::Object(values));
    }
}
