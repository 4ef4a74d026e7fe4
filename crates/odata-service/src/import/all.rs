//! Imports in which all objects take effect, or none.

use std::sync::Arc;

use authority::{Ctx, Fault};
use writing::{Operation, Rejected, Unit, pending, write};

use super::answer::{Done, Stop, UNCHANGED};
use super::object::{self, Unread, Wanted};
use super::plan::{Located, Searches, Step, size};
use super::run::{Import, done, no_json, operations};

/// Maximum number of objects.
const MAX_OBJECTS: usize = 10_000;
/// Maximum length of the texts of all objects, in bytes.
const MAX_TEXTS: usize = 8 * 1024 * 1024;
/// Maximum number of operations before an object that depends on them: all of them are applied to find its rows.
const MAX_BEFORE: usize = 1000;

impl Import {
    /// Receives and plans all objects, writes them in one transaction, and notes their results.
    pub(super) async fn all(&mut self) -> Option<Stop> {
        let mut steps = Vec::new();
        let stop = self.plan_all(&mut steps).await;
        let stop = stop.or_else(|| self.source.broken().cloned().map(Stop::Broken));
        let has_failed = stop.is_some() || steps.iter().any(|step| matches!(step, Step::Failed(_)));
        let written = if has_failed {
            Err(None)
        } else {
            let operations: Vec<Operation> = operations(&steps).cloned().collect();
            write(&self.ctx.at_present(), &self.caller, operations).await.map_err(Some)
        };
        match written {
            Ok(outcomes) => self.note_written(steps, outcomes),
            Err(rejected) => self.note_unwritten(steps, rejected),
        }
        // An import that failed has its reason in the results, or in what stopped it.
        self.end();
        stop
    }

    fn note_written(&mut self, steps: Vec<Step>, outcomes: Vec<writing::Outcome>) {
        let mut outcomes = outcomes.into_iter();
        for step in steps {
            let done = match step {
                Step::Failed(fault) => Done::Failure(fault),
                Step::Found(row) => Done::Success(row, UNCHANGED, None),
                Step::Write(operation, before) => match outcomes.next() {
                    Some(outcome) => done(&operation, before, outcome),
                    None => Done::Failure(Fault::Internal("an operation had no outcome".to_owned())),
                },
            };
            self.note(done);
        }
    }

    /// Notes the results of objects that have no effect: that of the object that failed has the reason.
    fn note_unwritten(&mut self, steps: Vec<Step>, rejected: Option<Rejected>) {
        let (at, mut reason) = match rejected {
            Some(Rejected { at, fault }) => (Some(at), Some(fault)),
            None => (None, None),
        };
        let mut written = 0;
        for step in steps {
            let own = match step {
                Step::Failed(fault) => Some(fault),
                Step::Found(_) => None,
                Step::Write(..) => {
                    written += 1;
                    if at == Some(written - 1) { reason.take() } else { None }
                }
            };
            self.note(Done::Failure(own.unwrap_or_else(not_written)));
        }
    }

    async fn plan_all(&mut self, steps: &mut Vec<Step>) -> Option<Stop> {
        let mut length = 0;
        loop {
            let texts = self.source.group().await;
            if texts.is_empty() {
                return None;
            }
            if let Err(fault) = self.charge(texts.len()) {
                return Some(Stop::Fault(fault));
            }
            for text in texts {
                if steps.len() >= MAX_OBJECTS || length > MAX_TEXTS {
                    return Some(Stop::Fault(too_much()));
                }
                let wanted = match object::read(&text) {
                    Ok(wanted) => wanted,
                    Err(Unread::Refused(fault)) => {
                        steps.push(Step::Failed(fault));
                        continue;
                    }
                    Err(Unread::Broken) => return Some(Stop::Broken(no_json(steps.len() as u64))),
                };
                let step = self.planned(wanted, steps).await.unwrap_or_else(Step::Failed);
                if let Step::Write(operation, _) = &step {
                    length += size(operation);
                }
                steps.push(step);
            }
        }
    }

    /// Plans an object. Its searches see the objects before it.
    async fn planned(&mut self, wanted: Wanted, steps: &[Step]) -> Result<Step, Fault> {
        let searches = Searches::of(&wanted)?;
        let ctx = self.ctx.at_present();
        let planner = self.planner(&ctx);
        if !operations(steps).any(|operation| searches.depend_on(operation)) {
            let located = planner.locate(&wanted, &searches).await?;
            let is_written = |located: &Located| operations(steps).any(|before| located.has_row_of(before));
            if !is_written(&located) {
                return Ok(planner.step(wanted, &searches, &located));
            }
        }
        let ctx = self.after(&ctx, steps).await?;
        let planner = self.planner(&ctx);
        let located = planner.locate(&wanted, &searches).await?;
        Ok(planner.step(wanted, &searches, &located))
    }

    /// Returns a context whose queries see what the objects so far will write.
    async fn after(&mut self, ctx: &Ctx, steps: &[Step]) -> Result<Ctx, Fault> {
        let before: Vec<Operation> = operations(steps).cloned().collect();
        if before.len() > MAX_BEFORE {
            return Err(Fault::InvalidRequest(format!(
                "the object depends on objects before it, of which there are at most {MAX_BEFORE} in an import of all \
                 objects"
            )));
        }
        let unit = Unit::default().with(ctx, &self.caller, before).await;
        let (unit, _) = unit.map_err(|Rejected { fault, .. }| fault)?;
        let unit = Arc::new(unit);
        Ok(ctx.with_pending(pending(move || Arc::clone(&unit))))
    }
}

fn not_written() -> Fault {
    Fault::Conflict("another object of the import failed, so that none of them was written".to_owned())
}

fn too_much() -> Fault {
    Fault::InvalidRequest(format!(
        "an import of all objects has at most {MAX_OBJECTS} objects with {MAX_TEXTS} bytes of texts; nothing was written"
    ))
}
