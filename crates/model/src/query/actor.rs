use uuid::Uuid;

/// For whom a query runs: it decides which rows exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user; none for a caller that is nobody.
    pub user: Option<Uuid>,
    /// Whether every row may be seen, not only the user's own.
    pub sees_all: bool,
}

impl Actor {
    /// The program itself.
    pub const SYSTEM: Self = Self { user: None, sees_all: true };

    /// A user who sees what is theirs.
    pub const fn user(user: Uuid) -> Self {
        Self { user: Some(user), sees_all: false }
    }
}
