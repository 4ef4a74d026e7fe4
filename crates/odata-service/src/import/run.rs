//! An import that is running: groups of objects are read, written and answered.

use std::collections::VecDeque;

use authority::registry::imports::{self, Imported, MAX_NAMED_ROWS};
use authority::{Caller, Ctx, Fault};
use axum::body::Body;
use futures_util::stream;
use odata::RowKey;
use odata::import::{Broken, Notation};
use web::rate_limit::Meter;
use writing::{Action, Operation, Outcome, Rejected, write};

use super::super::read::Reading;
use super::answer::{ADDED, DELETED, Done, MODIFIED, Stop, UNCHANGED, Writer};
use super::object::{self, Unread, Wanted};
use super::parameters::{Logging, Parameters};
use super::plan::{Located, Planner, Searches, Step, ends_group};
use super::source::Source;

/// An import.
pub(super) struct Import {
    pub(super) ctx: Ctx,
    pub(super) caller: Caller,
    pub(super) root: String,
    pub(super) source: Source,
    parameters: Parameters,
    meter: Meter,
    writer: Writer,
    tally: Imported,
    has_ended: bool,
}

impl Import {
    pub(super) fn new(
        reading: &Reading<'_>,
        caller: Caller,
        source: Source,
        parameters: Parameters,
        notation: Notation,
    ) -> Self {
        Self {
            ctx: reading.ctx.clone(),
            caller,
            root: reading.root.clone(),
            source,
            parameters,
            meter: reading.meter.clone(),
            writer: Writer::new(notation),
            tally: Imported::default(),
            has_ended: false,
        }
    }

    /// Returns the body of the response. It asks for objects only when what was written before has been taken.
    pub(super) fn into_body(self) -> Body {
        Body::from_stream(stream::unfold(self, |mut import| async {
            if import.has_ended {
                return None;
            }
            let part = import.part().await;
            Some((Ok::<_, std::io::Error>(part), import))
        }))
    }

    /// Returns the next part of the response.
    async fn part(&mut self) -> Vec<u8> {
        let stop = if self.parameters.is_atomic {
            self.all().await
        } else {
            let texts = self.source.group().await;
            if texts.is_empty() {
                self.has_ended = true;
                None
            } else {
                self.group(texts).await
            }
        };
        if stop.is_some() || self.has_ended {
            self.finish(stop).await;
        }
        self.writer.take()
    }

    /// Notes the result of an object.
    pub(super) fn note(&mut self, done: Done) {
        self.tally.objects += 1;
        self.tally.failed += u64::from(done.has_failed());
        let names_rows = self.parameters.logging == Logging::Rows && self.tally.rows.len() < MAX_NAMED_ROWS;
        self.tally.rows.extend(done.written().filter(|_| names_rows));
        self.writer.object(done);
    }

    /// Notes that nothing follows.
    pub(super) const fn end(&mut self) {
        self.has_ended = true;
    }

    /// Takes the points of objects.
    pub(super) fn charge(&self, objects: usize) -> Result<(), Fault> {
        self.meter.charge(&self.caller, objects as u64, clock::now())
    }

    async fn finish(&mut self, stop: Option<Stop>) {
        self.has_ended = true;
        let stop = stop.or_else(|| self.source.broken().cloned().map(Stop::Broken));
        let (objects, failed) = (self.tally.objects, self.tally.failed);
        let tally = std::mem::take(&mut self.tally);
        let noted = match self.parameters.logging {
            Logging::Nothing => Ok(()),
            Logging::Numbers | Logging::Rows => {
                imports::note(&self.ctx.at_present(), &self.caller, tally).await
            }
        };
        let stop = stop.or_else(|| noted.err().map(Stop::Fault));
        self.writer.end(objects, failed, stop);
    }

    /// Writes a group of objects, each of which takes effect on its own. Objects are written together until one of them
    /// depends on the others.
    async fn group(&mut self, texts: Vec<Vec<u8>>) -> Option<Stop> {
        if let Err(fault) = self.charge(texts.len()) {
            return Some(Stop::Fault(fault));
        }
        let ctx = self.ctx.at_present();
        let mut steps = Vec::new();
        for text in texts {
            let wanted = match object::read(&text) {
                Ok(wanted) => wanted,
                Err(Unread::Refused(fault)) => {
                    steps.push(Step::Failed(fault));
                    continue;
                }
                Err(Unread::Broken) => {
                    self.flush(&ctx, &mut steps).await;
                    let broken = no_json(self.tally.objects);
                    self.source.give_up(broken.clone());
                    return Some(Stop::Broken(broken));
                }
            };
            let step = self.step(&ctx, wanted, &mut steps).await;
            let is_last = matches!(&step, Step::Write(operation, _) if ends_group(operation));
            steps.push(step);
            if is_last {
                self.flush(&ctx, &mut steps).await;
            }
        }
        self.flush(&ctx, &mut steps).await;
        None
    }

    /// Plans an object. What was planned before is written first if the object depends on it.
    async fn step(&mut self, ctx: &Ctx, wanted: Wanted, steps: &mut Vec<Step>) -> Step {
        let searches = match Searches::of(&wanted) {
            Ok(searches) => searches,
            Err(fault) => return Step::Failed(fault),
        };
        if operations(steps).any(|operation| searches.depend_on(operation)) {
            self.flush(ctx, steps).await;
        }
        let mut located = self.planner(ctx).locate(&wanted, &searches).await;
        let is_written = |located: &Located| operations(steps).any(|operation| located.has_row_of(operation));
        if located.as_ref().is_ok_and(is_written) {
            self.flush(ctx, steps).await;
            located = self.planner(ctx).locate(&wanted, &searches).await;
        }
        match located {
            Ok(located) => self.planner(ctx).step(wanted, &searches, &located),
            Err(fault) => Step::Failed(fault),
        }
    }

    pub(super) fn planner<'a>(&'a self, ctx: &'a Ctx) -> Planner<'a> {
        Planner { ctx, caller: &self.caller, root: &self.root }
    }

    /// Writes what was planned, and notes the results in the order of the objects.
    async fn flush(&mut self, ctx: &Ctx, steps: &mut Vec<Step>) {
        let mut outcomes = each(ctx, &self.caller, operations(steps).cloned().collect()).await.into_iter();
        for step in steps.drain(..) {
            let done = match step {
                Step::Failed(fault) => Done::Failure(fault),
                Step::Found(row) => Done::Success(row, UNCHANGED, None),
                Step::Write(operation, before) => match outcomes.next() {
                    Some(Ok(outcome)) => done(&operation, before, outcome),
                    Some(Err(fault)) => Done::Failure(fault),
                    None => Done::Failure(Fault::Internal("an operation had no outcome".to_owned())),
                },
            };
            self.note(done);
        }
    }
}

/// The operations of objects.
pub(super) fn operations(steps: &[Step]) -> impl Iterator<Item = &Operation> {
    steps.iter().filter_map(|step| match step {
        Step::Write(operation, _) => Some(operation.as_ref()),
        Step::Failed(_) | Step::Found(_) => None,
    })
}

/// Returns what became of an object whose operation was applied.
pub(super) fn done(operation: &Operation, before: Option<i64>, outcome: Outcome) -> Done {
    let state = match (&operation.action, before) {
        (Action::Create(_), _) => ADDED,
        (Action::Delete(_), _) => DELETED,
        (_, before) if before == outcome.version => UNCHANGED,
        _ => MODIFIED,
    };
    Done::Success(Some(RowKey { entity: operation.entity, id: operation.id }), state, outcome.secret)
}

pub(super) fn no_json(before: u64) -> Broken {
    let message = format!("the object after {before} others is not JSON; nothing after it was read");
    Broken { code: "BAD_USER_INPUT", message }
}

/// Applies operations in their order, several in one transaction. If one of them fails, those before it are applied without
/// it, so that each has its own result.
async fn each(ctx: &Ctx, caller: &Caller, operations: Vec<Operation>) -> Vec<Result<Outcome, Fault>> {
    let mut results = Vec::with_capacity(operations.len());
    let mut size = operations.len();
    let mut rest = VecDeque::from(operations);
    while !rest.is_empty() {
        let part: Vec<Operation> = rest.iter().take(size.max(1)).cloned().collect();
        let length = part.len();
        match write(ctx, caller, part).await {
            Ok(outcomes) => {
                results.extend(outcomes.into_iter().map(Ok));
                rest.drain(..length);
                size = length.saturating_mul(2);
            }
            // Nothing can be written at present; the client may repeat what failed.
            Err(Rejected { fault: Fault::Unavailable(why), .. }) => {
                let failed = rest.drain(..).map(|_| Err(Fault::Unavailable(why.clone())));
                results.extend(failed);
            }
            Err(Rejected { fault, .. }) if length == 1 => {
                results.push(Err(fault));
                rest.drain(..length);
            }
            // What fails with the whole transaction fails at the last operation.
            Err(Rejected { at, .. }) => size = at.min(length / 2),
        }
    }
    results
}
