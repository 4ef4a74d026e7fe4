use std::path::PathBuf;

/// Location of the registry.
///
/// ```
/// use store::Location;
///
/// let location = Location::Postgres("postgres://grantor:secret@db.example.org/grantor".into());
/// assert_eq!(format!("{location:?}"), "PostgreSQL");
/// ```
#[derive(Clone)]
pub enum Location {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database, by its URL.
    Postgres(String),
}

/// Hides the password that a URL may contain.
impl std::fmt::Debug for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "SQLite {}", path.display()),
            Self::Postgres(_) => f.write_str("PostgreSQL"),
        }
    }
}
