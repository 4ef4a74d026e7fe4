/// Why the registry could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database was written by a newer program.
    #[error(
        "the database has schema {found}, this program knows up to {known}: it was used by a newer version; \
         start that version, or restore a backup from before the upgrade"
    )]
    NewerSchema {
        /// The schema in the database.
        found: i64,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// The database cannot be opened or reached.
    #[error("cannot open the database: {0}")]
    Open(String),
    /// The database is new, though commits were counted for it.
    #[error(
        "{} is empty, but {} counts {commits} commits of it: restore the database from a backup; \
         to begin with an empty registry, remove both files and the keys",
        database.display(),
        file.display()
    )]
    Emptied {
        /// The database.
        database: std::path::PathBuf,
        /// The file beside it.
        file: std::path::PathBuf,
        /// How many commits it counts.
        commits: u64,
    },
    /// A value that must be unique stands in the registry already.
    #[error("a value that must be unique is there already")]
    Duplicate,
    /// The row that a new one belongs to is no longer valid.
    #[error("the grant that this one comes from is no longer valid")]
    ParentGone,
    /// The question would take too much.
    #[error(transparent)]
    Query(#[from] model::query::QueryError),
    /// A stored value is not what the model says.
    #[error("the registry holds a value that the model does not know: {0}")]
    Decode(#[from] model::DecodeError),
    /// The transaction met another one and may be tried again.
    #[error("the transaction met another one")]
    Conflict,
    /// The engine is shutting down or has failed.
    #[error("the registry is not available: {0}")]
    Unavailable(String),
    /// A text has the character U+0000, which only one of the engines could keep.
    #[error("text with the character U+0000 is not accepted")]
    NulCharacter,
    /// The engine refused a statement.
    #[error("the database refused a statement: {0}")]
    Engine(String),
}

impl StoreError {
    /// Work that panicked. What it said stays in the log: it may hold anything.
    pub(crate) fn stopped(work: &str) -> Self {
        Self::Unavailable(format!("a {work} stopped unexpectedly"))
    }
}
