use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use input::text::Line;
use model::entities::{AccessToken, Revocation, RevocationReason, RevocationState};
use model::query::{Condition, Object};
use model::{Timestamp, Uuid, Value};
use store::{Change, Read, RevocationMember};

use super::finish::remove_preview;
use super::pace::Pace;
use super::{BATCH, CONFIRMABLE, MAX_REASON, MOST_PREVIEWS, Matching};
use crate::tokens::revoke::made_with;
use crate::{Caller, Ctx, Fault};

/// How many values of a property are counted.
const MOST_VALUES: usize = 20;
/// How many grants are shown.
const SAMPLE: usize = 10;
const DAY: i64 = 24 * 3600;

/// A number of grants with the same value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The value.
    pub value: String,
    /// The number.
    pub count: u64,
}

/// What a revocation would revoke.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The row of the revocation.
    pub revocation: Revocation,
    /// The number of grants that match the filter.
    pub matching: u64,
    /// Their kinds.
    pub kinds: Vec<Counted>,
    /// Their owners, by login; those with most grants first, at most 20.
    pub owners: Vec<Counted>,
    /// Their clients.
    pub clients: Vec<Counted>,
    /// Their scopes.
    pub scopes: Vec<Counted>,
    /// When they were last used: `never`, `over 90 days ago`, `over 30 days ago`, `recently`.
    pub last_uses: Vec<Counted>,
    /// The identifiers of some of them.
    pub sample: Vec<Uuid>,
}

/// Collects the grants that match a filter, with what depends on them, and shows them. Nothing is revoked.
///
/// # Errors
/// [`Fault::Query`] for a filter that does not fit the model, [`Fault::BadField`] for a reason that is too long.
pub async fn prepare(
    ctx: &Ctx,
    caller: &Caller,
    condition: &Condition,
    text: String,
    reason: Option<String>,
) -> Result<Prepared, Fault> {
    let matching = Matching::bind(ctx, caller, condition)?;
    let reason = reason.map(|reason| read_reason(&reason)).transpose()?;
    make_room(ctx, caller.user.id).await?;
    let row = Revocation {
        filter: text,
        reason,
        state: RevocationState::Preparing,
        created_by_id: caller.user.id,
        token_id: caller.token().map(|live| live.grant.id),
        expire_timestamp: ctx.now.plus_seconds(CONFIRMABLE),
        ..Revocation::new(ctx.new_id()?, ctx.now)
    };
    let (id, new) = (row.id, row.clone());
    caller.transaction(ctx, move |_, tx| Ok(tx.insert(&new)?)).await?;
    let mut counts = Counts::default();
    let mut after = None;
    loop {
        let (found, next) = matching.next(ctx, after).await?;
        found.iter().for_each(|matched| counts.add(&matched.object, ctx.now));
        let roots: BTreeSet<Uuid> = found.iter().map(|matched| matched.root).collect();
        add(ctx, id, roots.into_iter().collect()).await?;
        after = next;
        if after.is_none() {
            break;
        }
    }
    let total = ctx.store().read(move |read| read.count_members(id)).await?;
    let total = i32::try_from(total).unwrap_or(i32::MAX);
    caller
        .transaction(ctx, move |ctx, tx| {
            let change = Change::new::<Revocation>(id, ctx.now)
                .set(Revocation::State, &RevocationState::Prepared)
                .set(Revocation::Total, &total);
            Ok(tx.change(change).map(drop)?)
        })
        .await?;
    Ok(counts.prepared(Revocation { state: RevocationState::Prepared, total, ..row }))
}

/// Removes the oldest previews of a user that were not confirmed, so that a further one is within the limit.
async fn make_room(ctx: &Ctx, user: Uuid) -> Result<(), Fault> {
    for state in [RevocationState::Preparing, RevocationState::Prepared] {
        let code = Value::Text(state.code().to_owned());
        let found = ctx.store().read(move |read| read.list_by::<Revocation>(Revocation::State, &code, BATCH));
        let mut own: Vec<_> = found.await?.into_iter().filter(|row| row.created_by_id == user).collect();
        own.sort_by_key(|row| Reverse(row.creation_timestamp));
        for row in own.into_iter().skip(MOST_PREVIEWS - 1) {
            remove_preview(ctx, row.id).await?;
        }
    }
    Ok(())
}

fn read_reason(reason: &str) -> Result<String, Fault> {
    let refused = |message: String| Fault::BadField { field: "reason", message };
    if reason.chars().count() > MAX_REASON {
        return Err(refused(format!("at most {MAX_REASON} characters")));
    }
    Line::parse(reason).map(|line| line.to_string()).map_err(|unfit| refused(unfit.to_string()))
}

/// Adds grants with what depends on them and has not ended, in short transactions.
pub(super) async fn add(ctx: &Ctx, id: Uuid, roots: Vec<Uuid>) -> Result<(), Fault> {
    let mut pace = Pace::new();
    for root in roots {
        let now = ctx.now;
        let members = ctx.store().read(move |read| tree(read, root, now)).await?;
        let mut rest = members.as_slice();
        while !rest.is_empty() {
            let (some, others) = rest.split_at(rest.len().min(pace.size()));
            let some = some.to_vec();
            pace.step(ctx, move |_, tx| Ok(tx.add_members(id, root, &some)?)).await?;
            rest = others;
        }
    }
    Ok(())
}

/// Lists a grant with what depends on it and has not ended: its descendants, and the tokens that were created with it. The
/// grant itself is a member in any state, because others can be issued below it.
fn tree(read: &Read<'_>, root: Uuid, now: Timestamp) -> Result<Vec<RevocationMember>, Fault> {
    let mut below = read.list_descendants(root)?;
    if let Some(row) = read.find::<AccessToken>(root)? {
        for made in made_with(read, &row, RevocationReason::Matched)? {
            below.push(made);
            below.extend(read.list_descendants(made)?);
        }
    }
    let is_counted = !read.list_unended(&[root], now)?.is_empty();
    let mut members = vec![RevocationMember { id: root, is_counted }];
    for some in below.chunks(usize::try_from(BATCH).unwrap_or(usize::MAX)) {
        let unended = read.list_unended(some, now)?;
        members.extend(unended.into_iter().map(|id| RevocationMember { id, is_counted: true }));
    }
    Ok(members)
}

/// Counts of the grants that match.
#[derive(Default)]
struct Counts {
    matching: u64,
    by: [BTreeMap<String, u64>; 5],
    sample: Vec<Uuid>,
}

impl Counts {
    fn add(&mut self, object: &Object, now: Timestamp) {
        self.matching += 1;
        if self.sample.len() < SAMPLE {
            self.sample.push(object.id);
        }
        let text = |name: &str| object.text(name).unwrap_or_else(|| "none".to_owned());
        let scopes = object.text("Scopes").unwrap_or_default();
        let last_use = match object.value("LastUsedTimestamp") {
            Some(Value::Time(time)) => {
                let before = |days: i64| *time < now.plus_seconds(-days * DAY);
                match (before(90), before(30)) {
                    (true, _) => "over 90 days ago",
                    (_, true) => "over 30 days ago",
                    _ => "recently",
                }
            }
            _ => "never",
        };
        for (counts, value) in self.by.iter_mut().zip([text("Kind"), text("Actor"), text("Client")]) {
            *counts.entry(value).or_default() += 1;
        }
        for scope in scopes.split(' ').filter(|scope| !scope.is_empty()) {
            *self.by[3].entry(scope.to_owned()).or_default() += 1;
        }
        *self.by[4].entry(last_use.to_owned()).or_default() += 1;
    }

    fn prepared(self, revocation: Revocation) -> Prepared {
        let [kinds, owners, clients, scopes, last_uses] = self.by.map(|counts| {
            let mut all: Vec<_> = counts.into_iter().map(|(value, count)| Counted { value, count }).collect();
            all.sort_by_key(|counted| Reverse(counted.count));
            all.truncate(MOST_VALUES);
            all
        });
        let (matching, sample) = (self.matching, self.sample);
        Prepared { revocation, matching, kinds, owners, clients, scopes, last_uses, sample }
    }
}
