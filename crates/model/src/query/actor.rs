use uuid::Uuid;

/// The caller for whom a query runs. It determines the visible rows.
///
/// ```
/// use model::Uuid;
/// use model::query::Actor;
///
/// let user = Uuid::from_u128(7);
/// assert_eq!(Actor::user(user), Actor { user: Some(user), sees_all: false });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user; `None` for a caller without a user.
    pub user: Option<Uuid>,
    /// Whether all rows are visible, not only the user's own.
    pub sees_all: bool,
}

impl Actor {
    /// The program itself, which sees all rows.
    pub const SYSTEM: Self = Self { user: None, sees_all: true };

    /// Creates the actor of a user who sees their own rows.
    pub const fn user(user: Uuid) -> Self {
        Self { user: Some(user), sees_all: false }
    }
}
