//! The pages of what the program lists: scopes, errors, commands, configuration, endpoints, events, metrics.

pub(crate) mod commands;
pub(crate) mod endpoints;
pub(crate) mod errors;
pub(crate) mod events;
pub(crate) mod metrics;
pub(crate) mod scopes;
pub(crate) mod settings;

/// The group of the pages.
pub(crate) const GROUP: &str = "Program";
