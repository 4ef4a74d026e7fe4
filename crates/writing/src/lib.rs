//! Writing rows by the values of the model: a list of operations of one caller, applied in one transaction.
//!
//! Each operation is the same verb that the other surfaces call. What takes time is prepared first; the registry is read
//! in the transaction, so that an operation sees the rows of those before it. See decision 53.

mod authorizations;
mod catalogue;
mod clients;
mod condition;
mod fields;
mod row;
mod secret;
mod tokens;
mod unit;
mod users;

use input::scopes;
use model::entities::{
    AccessToken, Resource, Scope, TrustedApplication, TrustedApplicationAuthorization, User,
};
use model::writing::Given;
use model::{Entity, Method, Record as _, Uuid, Value};
use store::Tx;

use authority::{Caller, Ctx, Fault};
pub use condition::Condition;
pub use secret::Secret;
pub use unit::{Unit, pending};

/// A write of one row.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The entity of the row.
    pub entity: &'static Entity,
    /// The row. The sender of the operations chooses the identifier of a new one ([`Ctx::new_id`]), so that later
    /// operations can refer to it.
    pub id: Uuid,
    /// What is done with the row.
    pub action: Action,
}

/// What is done with a row.
#[derive(Clone, Debug)]
pub enum Action {
    /// The row is created.
    Create(Given),
    /// Values of the row change.
    Update {
        /// The values.
        given: Given,
        /// Whether the values that are not given return to their defaults.
        replaces: bool,
        /// What the row must be.
        condition: Condition,
    },
    /// The row is deleted; a grant is revoked.
    Delete(Condition),
    /// An action of the row is called.
    Call {
        /// The action.
        method: &'static Method,
        /// The arguments: a value for each parameter.
        arguments: Vec<(&'static str, Value)>,
        /// What the row must be.
        condition: Condition,
    },
}

/// The result of an operation.
#[derive(Default)]
pub struct Outcome {
    /// The version of the row now; `None` if the row was deleted.
    pub version: Option<i64>,
    /// The secret of a new row.
    pub secret: Option<Secret>,
    /// The new row that an action created.
    pub created: Option<Uuid>,
    /// The application whose deletion has begun.
    ends_application: Option<Uuid>,
}

impl Outcome {
    /// The outcome of a write after which the row has a version.
    fn of_version(version: i32) -> Self {
        Self { version: Some(i64::from(version)), ..Self::default() }
    }
}

/// The operation that failed. None of the operations has an effect.
#[derive(Debug)]
pub struct Rejected {
    /// The place of the operation in the list.
    pub at: usize,
    /// The reason.
    pub fault: Fault,
}

/// An operation that is ready for the transaction.
type Step = Box<dyn Fn(&Ctx, &mut Tx<'_>) -> Result<Outcome, Fault> + Send + Sync>;

/// Applies operations in their order, in one transaction.
///
/// # Errors
/// [`Rejected`] has the first operation that failed, with [`Fault::BadFields`] for values, [`Fault::Stale`] for a
/// condition that the row does not meet, [`Fault::NotFound`] for a row that the caller may not see, and the errors of the
/// verbs.
pub async fn write(ctx: &Ctx, caller: &Caller, operations: Vec<Operation>) -> Result<Vec<Outcome>, Rejected> {
    let mut unit = Unit::default();
    for (at, operation) in operations.into_iter().enumerate() {
        unit.push(ctx, caller, operation).await.map_err(|fault| Rejected { at, fault })?;
    }
    unit.commit(ctx, caller).await
}

/// Checks that the caller may write at all, and does what takes time.
async fn prepare(ctx: &Ctx, caller: &Caller, operation: Operation) -> Result<Step, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    let Operation { entity, id, action } = operation;
    let is = |other: &'static Entity| std::ptr::eq(entity, other);
    if is(AccessToken::entity()) {
        return tokens::prepare(ctx, caller, id, action).await;
    }
    if is(User::entity()) {
        return users::prepare(ctx, caller, id, action).await;
    }
    if is(TrustedApplication::entity()) {
        return clients::prepare(ctx, caller, id, action).await;
    }
    if is(TrustedApplicationAuthorization::entity()) {
        return authorizations::prepare(ctx, caller, id, action);
    }
    if is(Scope::entity()) {
        return catalogue::prepare_scope(ctx, caller, id, action);
    }
    if is(Resource::entity()) {
        return catalogue::prepare_resource(ctx, caller, id, action).await;
    }
    Err(not_writable(entity))
}

/// Returns the error for an action that an entity does not have. Surfaces refuse it before: the model declares it.
fn not_writable(entity: &Entity) -> Fault {
    Fault::Forbidden(format!("rows of {} cannot be written in this way", entity.set_name()))
}
