//! What the domain *is*: entities, their attributes and capabilities, and the
//! queries that may be asked of them.
//!
//! Everything here is a value or a pure function. The crate does no I/O, knows
//! no SQL, no HTTP and no clock, and imports nothing of ours. One [`entity!`]
//! declaration per file in [`entities`] is the only place where a fact about an
//! attribute is written; the typed record, the columns and indexes that the store
//! expects, `$metadata`, the reference and the checks of a query are derived.

mod attribute;
pub mod calendar;
pub mod details;
mod display;
pub mod entities;
pub mod entity;
mod enumeration;
mod field;
#[doc(hidden)]
pub mod macros;
mod method;
mod property;
pub mod query;
mod record;
mod reference;
mod system;
mod time;
mod tracking;
mod value;

pub use attribute::{Attribute, Category, DataType, Default, Filters, UNBOUNDED, UiVisibility};
pub use display::display_text;
pub use entity::{ApiAccess, Entity, Ownership};
pub use enumeration::{Code, EnumType, Enumeration, Member};
pub use field::{DecodeError, Field};
pub use method::{Method, Parameter, ParameterDefault, ParameterType, ReturnType, Verb};
pub use property::Property;
pub use record::{Column, Record};
pub use reference::{Collection, Reference};
pub use time::{TimeError, Timestamp};
pub use tracking::Tracking;
pub use uuid::Uuid;
pub use value::Value;

/// The service's entities, in the order in which documents list them.
pub fn entities() -> impl Iterator<Item = &'static Entity> {
    entities::ALL.iter().map(|entity| entity())
}

/// Finds an entity by its set name (`Systems_Security_AccessTokens`).
pub fn find_entity(set_name: &str) -> Option<&'static Entity> {
    entities().find(|entity| entity.set_name() == set_name)
}

/// The candidate closest to `wanted`, when one is near enough to have been meant.
pub fn nearest<'a>(wanted: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_ascii_lowercase();
    candidates
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_ascii_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}
