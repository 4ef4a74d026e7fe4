//! What becomes of an object: an operation, a row that was found, or an error.

use authority::{Caller, Ctx, Fault};
use model::writing::{FieldError, Given, codes};
use model::{Entity, Uuid, Value};
use odata::RowKey;
use odata::body::BodyReader;
use writing::{Action as Write, Condition, Operation};

use super::lookup::{self, Found, Searched};
use super::object::{Action, Criterion, FindBy, Wanted, searched_references};

/// What becomes of an object.
#[derive(Debug)]
pub(super) enum Step {
    /// It is refused.
    Failed(Fault),
    /// Nothing is written; the row that was found.
    Found(Option<RowKey>),
    /// A row is written; with its version before, if there was one.
    Write(Box<Operation>, Option<i64>),
}

/// The searches of an object.
pub(super) struct Searches {
    own: Option<(&'static Entity, FindBy)>,
    references: Vec<Searched>,
}

impl Searches {
    /// Reads the searches of an object.
    ///
    /// # Errors
    /// [`Fault::BadFields`] for a reference that is no search.
    pub(super) fn of(wanted: &Wanted) -> Result<Self, Fault> {
        let own = wanted.find_by.clone().map(|find_by| (wanted.entity, find_by));
        let mut references = Vec::new();
        for reference in searched_references(wanted.entity, &wanted.members) {
            if let Some(serde_json::Value::Object(row)) = wanted.members.get(reference.name) {
                references.push(Searched::read(reference, row)?);
            }
        }
        Ok(Self { own, references })
    }

    /// Returns whether an operation that is not applied yet can change what is found.
    pub(super) fn depend_on(&self, operation: &Operation) -> bool {
        let of_references =
            self.references.iter().map(|searched| (searched.reference.target(), &searched.find_by));
        let own = self.own.iter().map(|(entity, find_by)| (*entity, find_by));
        own.chain(of_references).any(|(entity, find_by)| depends(entity, &find_by.criterion, operation))
    }
}

fn depends(entity: &'static Entity, criterion: &Criterion, operation: &Operation) -> bool {
    let (Write::Create(given) | Write::Update { given, .. }) = &operation.action else { return true };
    let is_same = std::ptr::eq(operation.entity, entity);
    match criterion {
        // A text is also found in rows that the row refers to.
        Criterion::Part(..) | Criterion::Search(_) => true,
        Criterion::Id(id) => operation.id == *id || !given.children.is_empty(),
        Criterion::External(text, _) | Criterion::Equal(_, text) => {
            !given.children.is_empty() || (is_same && has_text(given, text))
        }
    }
}

fn has_text(given: &Given, text: &str) -> bool {
    let wanted = text.to_lowercase();
    let mut texts = given.values.iter().filter_map(|(_, value)| value.as_text());
    texts.any(|own| own.to_lowercase() == wanted)
}

/// What the searches of an object found.
pub(super) struct Located {
    own: Option<Found>,
    references: Vec<Option<Found>>,
}

impl Located {
    /// Returns whether a row was found that an operation writes.
    pub(super) fn has_row_of(&self, operation: &Operation) -> bool {
        self.own.iter().chain(self.references.iter().flatten()).any(|found| found.id == operation.id)
    }
}

/// Plans objects.
pub(super) struct Planner<'a> {
    /// The context, whose queries see what precedes the object.
    pub(super) ctx: &'a Ctx,
    pub(super) caller: &'a Caller,
    /// The absolute URL of the service, with a trailing slash.
    pub(super) root: &'a str,
}

impl Planner<'_> {
    /// Finds the rows that an object names.
    ///
    /// # Errors
    /// As [`lookup::find`].
    pub(super) async fn locate(&self, wanted: &Wanted, searches: &Searches) -> Result<Located, Fault> {
        let mut references = Vec::with_capacity(searches.references.len());
        for Searched { reference, action, find_by } in &searches.references {
            let found = lookup::find(self.ctx, self.caller, reference.target(), *action, find_by);
            references.push(found.await?);
        }
        let own = match &searches.own {
            Some((entity, find_by)) => {
                lookup::find(self.ctx, self.caller, entity, wanted.action, find_by).await?
            }
            None => None,
        };
        Ok(Located { own, references })
    }

    /// Returns what becomes of an object.
    pub(super) fn step(&self, mut wanted: Wanted, searches: &Searches, located: &Located) -> Step {
        for (searched, found) in searches.references.iter().zip(&located.references) {
            match searched.value(*found) {
                Ok(value) => wanted.members.insert(searched.reference.name.to_owned(), value),
                Err(fault) => return Step::Failed(fault),
            };
        }
        self.decided(&wanted, located.own).unwrap_or_else(Step::Failed)
    }

    fn decided(&self, wanted: &Wanted, found: Option<Found>) -> Result<Step, Fault> {
        let row = |found: Found| RowKey { entity: wanted.entity, id: found.id };
        match (wanted.action, found) {
            (Action::Create, _) | (Action::Merge | Action::FindOrCreate, None) => self.creation(wanted),
            (Action::Update | Action::Merge, Some(found)) => self.change(wanted, found),
            (Action::Delete, Some(found)) => {
                check(wanted.entity, wanted.entity.writable.delete, "deleted")?;
                let action = Write::Delete(Condition::default());
                Ok(written(wanted.entity, found.id, action, Some(found.version)))
            }
            (_, Some(found)) => Ok(Step::Found(Some(row(found)))),
            (action, None) if action.allows_none() => Ok(Step::Found(None)),
            (action, None) => Err(match &wanted.find_by {
                Some(find_by) => lookup::missing(wanted.entity, action, find_by),
                None => Fault::Internal("an object was searched without a criterion".to_owned()),
            }),
        }
    }

    fn creation(&self, wanted: &Wanted) -> Result<Step, Fault> {
        check(wanted.entity, wanted.entity.writable.insert, "created")?;
        let reader = BodyReader { root: self.root, named: &[] };
        let mut read = reader.row(wanted.entity, None, &wanted.members);
        if !read.versions.is_empty() {
            let message = "a row that is created has no version";
            read.given.unreadable.push(FieldError::new("ObjectVersion", codes::READ_ONLY, message));
        }
        Ok(written(wanted.entity, self.ctx.new_id()?, Write::Create(read.given), None))
    }

    fn change(&self, wanted: &Wanted, found: Found) -> Result<Step, Fault> {
        check(wanted.entity, wanted.entity.writable.update, "changed")?;
        let reader = BodyReader { root: self.root, named: &[] };
        let read = reader.row(wanted.entity, Some(found.id), &wanted.members);
        let one_of = read.versions.into_iter().map(|version| vec![version]).collect();
        let condition = Condition { one_of, ..Condition::default() };
        let action = Write::Update { given: read.given, replaces: false, condition };
        Ok(written(wanted.entity, found.id, action, Some(found.version)))
    }
}

fn written(entity: &'static Entity, id: Uuid, action: Write, version: Option<i64>) -> Step {
    Step::Write(Box::new(Operation { entity, id, action }), version)
}

fn check(entity: &Entity, allows: bool, what: &str) -> Result<(), Fault> {
    if allows {
        Ok(())
    } else {
        Err(Fault::Forbidden(format!("rows of {} cannot be {what}", entity.set_name())))
    }
}

/// Returns whether no object may be planned before an operation is applied: its effects go beyond its row.
pub(super) fn ends_group(operation: &Operation) -> bool {
    matches!(operation.action, Write::Delete(_))
}

/// Returns the length of the texts of an operation, in bytes.
pub(super) fn size(operation: &Operation) -> usize {
    match &operation.action {
        Write::Create(given) | Write::Update { given, .. } => size_of(given),
        Write::Delete(_) | Write::Call { .. } => 0,
    }
}

fn size_of(given: &Given) -> usize {
    let texts = given.values.iter().filter_map(|(_, value): &(_, Value)| value.as_text()).map(str::len);
    let children = given.children.iter().flat_map(|(_, rows)| rows).map(size_of);
    texts.sum::<usize>() + children.sum::<usize>()
}
