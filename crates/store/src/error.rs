/// An error of the registry.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database was written by a newer version of the program.
    #[error(
        "the database has schema {found}, this program knows up to {known}: it was used by a newer version; \
         start that version, or restore a backup from before the upgrade"
    )]
    NewerSchema {
        /// Schema version of the database.
        found: i64,
        /// Newest schema version that this program supports.
        known: i64,
    },
    /// The database cannot be opened or reached.
    #[error("cannot open the database: {0}")]
    Open(String),
    /// The database is new, although commits were counted for it.
    #[error(
        "{} is empty, but {} counts {commits} commits of it: restore the database from a backup; \
         to start with an empty registry, remove both files and the keys",
        database.display(),
        file.display()
    )]
    Emptied {
        /// Database file.
        database: std::path::PathBuf,
        /// Commit counter file beside it.
        file: std::path::PathBuf,
        /// Counted commits.
        commits: u64,
    },
    /// A page of the database is damaged.
    #[error(
        "the database is damaged ({0}): stop the program, keep a copy of the file, and restore it from a backup"
    )]
    Damaged(String),
    /// A value that must be unique already exists.
    #[error("a value that must be unique already exists")]
    Duplicate,
    /// The parent of a new grant is no longer valid.
    #[error("the parent grant is no longer valid")]
    ParentGone,
    /// The query exceeds a limit.
    #[error(transparent)]
    Query(#[from] model::query::QueryError),
    /// A stored value does not have the data type of its attribute.
    #[error("the registry contains an invalid value: {0}")]
    Decode(#[from] model::DecodeError),
    /// The transaction conflicts with another one and can be retried.
    #[error("the transaction conflicts with another one")]
    Conflict,
    /// The engine is shutting down or has failed.
    #[error("the registry is not available: {0}")]
    Unavailable(String),
    /// A text contains U+0000, which only one of the engines can store.
    #[error("text with the character U+0000 is not accepted")]
    NulCharacter,
    /// The engine refused a statement.
    #[error("the database refused a statement: {0}")]
    Engine(String),
}

impl StoreError {
    /// Returns the error for work that panicked. Its panic message is only logged, because it may contain
    /// secrets.
    pub(crate) fn stopped(work: &str) -> Self {
        Self::Unavailable(format!("a {work} failed unexpectedly"))
    }
}
