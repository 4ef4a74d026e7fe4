//! The domain model: entities, their attributes and capabilities, and the queries on them.
//!
//! Everything here is a value or a pure function. The crate does no I/O, knows no SQL, HTTP or clock, and
//! imports no other crate of the workspace. One [`entity!`] declaration per file in [`mod@entities`] is the
//! only place where a fact about an attribute is written; the typed record, the columns and indexes that
//! the store expects, `$metadata`, the reference and the checks of a query are derived.
//!
//! Binding a query checks it against the model and restricts it to the rows that the caller may see:
//!
//! ```
//! use model::query::{Actor, Comparison, Condition, Literal, Query};
//! use model::{Record as _, entities::User};
//!
//! let admins = Condition::Compare(vec!["IsAdmin".into()], Comparison::Eq, Literal::Bool(true));
//! let query = Query { filter: Some(admins), top: Some(10), ..Query::default() };
//! let bound = query.bind(User::entity(), Actor::SYSTEM).unwrap();
//! assert_eq!(bound.top, Some(10));
//!
//! let query = Query { select: vec!["Logn".into()], ..Query::default() };
//! let error = query.bind(User::entity(), Actor::SYSTEM).unwrap_err();
//! assert_eq!(error.to_string(), "Systems_Security_Users has no property 'Logn'; did you mean 'Login'?");
//! ```

pub mod adoption;
mod attribute;
pub mod calendar;
pub mod details;
mod display;
pub mod entities;
pub mod entity;
mod enumeration;
mod field;
mod filters;
#[doc(hidden)]
pub mod macros;
mod message;
mod method;
pub mod pending;
mod property;
pub mod query;
mod record;
mod reference;
mod renamed;
mod service_methods;
mod system;
mod time;
mod tracking;
mod value;
pub mod writing;

pub use attribute::{Attribute, Category, DataType, Default, Subtype, UNBOUNDED, UiVisibility};
pub use display::display_text;
pub use entity::{ApiAccess, Entity, Ownership};
pub use enumeration::{Code, EnumType, Enumeration, Member};
pub use field::{DecodeError, Field};
pub use filters::Filters;
pub use message::Message;
pub use method::{Method, Parameter, ParameterDefault, ParameterType, ReturnType, Verb};
pub use property::Property;
pub use record::{Column, Record};
pub use reference::{Collection, Reference};
pub use renamed::{RENAMED, Renamed, renamed};
pub use service_methods::SERVICE_METHODS;
pub use time::{TimeError, Timestamp};
pub use tracking::Tracking;
pub use uuid::Uuid;
pub use value::Value;

/// Returns the entities of the service, in the order in which documents list them.
pub fn entities() -> impl Iterator<Item = &'static Entity> {
    entities::ALL.iter().map(|entity| entity())
}

/// Finds an entity by its set name (`Systems_Security_AccessTokens`).
///
/// ```
/// let entity = model::find_entity("Systems_Security_Users").unwrap();
/// assert_eq!(entity.singular, "User");
/// assert!(model::find_entity("Users").is_none());
/// ```
pub fn find_entity(set_name: &str) -> Option<&'static Entity> {
    entities().find(|entity| entity.set_name() == set_name)
}

/// Returns the candidate closest to `wanted` if it is similar enough to suggest (Jaro-Winkler similarity
/// above 0.8).
///
/// ```
/// assert_eq!(model::nearest("Akctor", ["Actor", "Client"].into_iter()), Some("Actor"));
/// assert_eq!(model::nearest("Colour", ["Actor", "Client"].into_iter()), None);
/// ```
pub fn nearest<'a>(wanted: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_ascii_lowercase();
    candidates
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_ascii_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}
