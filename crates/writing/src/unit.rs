//! A list of operations that is collected over several requests, and applied at the end of them. See decision 57.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use authority::clients::delete::finish;
use authority::{Caller, Ctx, Fault, Pending};
use model::writing::{Given, Settable};
use model::{Entity, Timestamp, Uuid};
use store::Tx;

use super::{Action, Operation, Outcome, Rejected, Step, prepare};

/// Size of a value besides its text, in bytes.
const VALUE: usize = 64;

/// Operations of one caller. They are prepared, and applied as a whole or not at all.
#[derive(Clone, Default)]
pub struct Unit {
    entries: Vec<Entry>,
}

#[derive(Clone)]
struct Entry {
    operation: Operation,
    /// `None` if a later operation deleted the row that this one creates or changes.
    step: Option<Arc<Step>>,
    /// When it was added.
    added: Timestamp,
}

impl Unit {
    /// Adds operations. A change of a row that the unit creates becomes a part of the creation if it sets values that are
    /// set at creation, and the deletion of such a row removes its operations. Returns the place of each operation in the
    /// outcomes.
    ///
    /// # Errors
    /// [`Rejected`] for an operation that the caller may not apply, or with values that are not possible.
    pub async fn with(
        &self,
        ctx: &Ctx,
        caller: &Caller,
        operations: Vec<Operation>,
    ) -> Result<(Self, Vec<usize>), Rejected> {
        let (mut unit, mut places) = (self.clone(), Vec::with_capacity(operations.len()));
        for (at, operation) in operations.into_iter().enumerate() {
            let place = unit.add(ctx, caller, operation).await;
            places.push(place.map_err(|fault| Rejected { at, fault })?);
        }
        Ok((unit, places))
    }

    async fn add(&mut self, ctx: &Ctx, caller: &Caller, operation: Operation) -> Result<usize, Fault> {
        let Some(at) = self.entries.iter().position(|entry| entry.creates(&operation)) else {
            return self.push(ctx, caller, operation).await;
        };
        if matches!(&operation.action, Action::Delete(condition) if condition.is_any()) {
            let own = self.entries.iter_mut().filter(|entry| entry.is_of(&operation));
            own.for_each(|entry| entry.step = None);
            return Ok(at);
        }
        let Some(merged) = self.entries.get(at).and_then(|entry| entry.merged(&operation)) else {
            return self.push(ctx, caller, operation).await;
        };
        let step = Some(Arc::new(prepare(ctx, caller, merged.clone()).await?));
        if let Some(entry) = self.entries.get_mut(at) {
            *entry = Entry { operation: merged, step, added: entry.added };
        }
        Ok(at)
    }

    /// Prepares an operation and adds it.
    pub(super) async fn push(
        &mut self,
        ctx: &Ctx,
        caller: &Caller,
        operation: Operation,
    ) -> Result<usize, Fault> {
        let step = Some(Arc::new(prepare(ctx, caller, operation.clone()).await?));
        self.entries.push(Entry { operation, step, added: ctx.now });
        Ok(self.entries.len().saturating_sub(1))
    }

    /// Returns the number of operations.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there are no operations.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the approximate size of the values, in bytes.
    pub fn size(&self) -> usize {
        self.entries.iter().map(|entry| size(&entry.operation.action)).sum()
    }

    /// Returns the row of each operation.
    pub fn rows(&self) -> impl Iterator<Item = (&'static Entity, Uuid)> {
        self.entries.iter().map(|entry| (entry.operation.entity, entry.operation.id))
    }

    /// Applies the operations and rolls them back: shows their outcomes as they would be now.
    ///
    /// # Errors
    /// As [`write`](super::write).
    pub async fn rehearse(&self, ctx: &Ctx) -> Result<Vec<Outcome>, Rejected> {
        let (unit, at) = (self.clone(), Arc::new(AtomicUsize::new(0)));
        let reached = Arc::clone(&at);
        let done = ctx.rehearse(move |ctx, tx| unit.run(tx, &reached, |added| ctx.clone().at(added))).await;
        done.map_err(|fault| Rejected { at: at.load(Ordering::Relaxed), fault })
    }

    /// Applies the operations in one transaction.
    ///
    /// # Errors
    /// As [`write`](super::write).
    pub async fn commit(&self, ctx: &Ctx, caller: &Caller) -> Result<Vec<Outcome>, Rejected> {
        let (unit, at) = (self.clone(), Arc::new(AtomicUsize::new(0)));
        let reached = Arc::clone(&at);
        let done = caller.transaction(ctx, move |ctx, tx| unit.run(tx, &reached, |_| ctx.clone())).await;
        let done = done.map_err(|fault| Rejected { at: at.load(Ordering::Relaxed), fault })?;
        for application in done.iter().filter_map(|outcome| outcome.ends_application) {
            finish(ctx, application).await;
        }
        Ok(done)
    }

    /// Applies the operations, each with the context of the time at which it was added.
    fn run(
        &self,
        tx: &mut Tx<'_>,
        reached: &AtomicUsize,
        ctx: impl Fn(Timestamp) -> Ctx,
    ) -> Result<Vec<Outcome>, Fault> {
        let mut outcomes = Vec::with_capacity(self.entries.len());
        for (at, entry) in self.entries.iter().enumerate() {
            reached.store(at, Ordering::Relaxed);
            outcomes.push(
                entry
                    .step
                    .as_ref()
                    .map_or_else(|| Ok(Outcome::default()), |step| step(&ctx(entry.added), tx))?,
            );
        }
        Ok(outcomes)
    }
}

/// Returns the operations of a unit as pending writes; the unit is taken each time that they are applied.
pub fn pending(unit: impl Fn() -> Arc<Unit> + Send + Sync + 'static) -> Pending {
    Arc::new(move |ctx: &Ctx, tx: &mut Tx<'_>| {
        unit().run(tx, &AtomicUsize::new(0), |added| ctx.clone().at(added)).map(drop)
    })
}

impl Entry {
    fn is_of(&self, other: &Operation) -> bool {
        std::ptr::eq(self.operation.entity, other.entity) && self.operation.id == other.id
    }

    /// Returns whether the operation creates the row of another operation.
    fn creates(&self, other: &Operation) -> bool {
        self.step.is_some() && self.is_of(other) && matches!(self.operation.action, Action::Create(_))
    }

    /// Returns the creation with the values of a change that sets values which are set at creation.
    fn merged(&self, change: &Operation) -> Option<Operation> {
        let Action::Create(first) = &self.operation.action else { return None };
        let Action::Update { given, replaces: false, condition } = &change.action else { return None };
        let is_set_at_creation = given.values.iter().any(|(property, value)| {
            property.settable() == Settable::AtCreation && first.value(property.name()) != Some(value)
        });
        if !is_set_at_creation || !condition.is_any() {
            return None;
        }
        let is_replaced = |name: &str| given.values.iter().any(|(property, _)| property.name() == name);
        let kept = first.values.iter().filter(|(property, _)| !is_replaced(property.name())).cloned();
        let merged = Given {
            values: kept.chain(given.values.iter().cloned()).collect(),
            children: first.children.iter().chain(&given.children).cloned().collect(),
            unreadable: given.unreadable.clone(),
        };
        Some(Operation { action: Action::Create(merged), ..self.operation.clone() })
    }
}

fn size(action: &Action) -> usize {
    match action {
        Action::Create(given) | Action::Update { given, .. } => size_of_given(given),
        Action::Delete(_) => VALUE,
        Action::Call { arguments, .. } => {
            let text = |value: &model::Value| value.as_text().map_or(0, str::len);
            arguments.iter().map(|(_, value)| VALUE + text(value)).sum()
        }
    }
}

fn size_of_given(given: &Given) -> usize {
    let values = given.values.iter().map(|(_, value)| VALUE + value.as_text().map_or(0, str::len));
    let children = given.children.iter().flat_map(|(_, rows)| rows).map(size_of_given);
    VALUE + values.sum::<usize>() + children.sum::<usize>()
}
