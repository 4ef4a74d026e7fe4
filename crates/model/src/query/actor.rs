use uuid::Uuid;

use crate::Timestamp;

/// The caller for whom a query runs. It determines the visible rows.
///
/// ```
/// use model::Uuid;
/// use model::query::Actor;
///
/// let user = Uuid::from_u128(7);
/// let actor = Actor::user(user);
/// assert!(actor.user == Some(user) && !actor.sees_all);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user; `None` for a caller without a user.
    pub user: Option<Uuid>,
    /// Whether all rows are visible, not only the user's own.
    pub sees_all: bool,
    /// The time of the query, which decides the state of grants.
    pub now: Timestamp,
}

impl Actor {
    /// The program itself, which sees all rows.
    pub const SYSTEM: Self = Self { user: None, sees_all: true, now: Timestamp::from_seconds(0) };

    /// Creates the actor of a user who sees their own rows.
    pub const fn user(user: Uuid) -> Self {
        Self { user: Some(user), sees_all: false, ..Self::SYSTEM }
    }

    /// Sets the time of the query.
    #[must_use]
    pub const fn at(self, now: Timestamp) -> Self {
        Self { now, ..self }
    }
}
