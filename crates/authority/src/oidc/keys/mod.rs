//! The keys that sign tokens: made at the first start, published, rotated with overlap.

mod rotation;
mod signing;
#[cfg(test)]
mod tests;

pub(crate) use rotation::{maintain, place};
pub(crate) use signing::{Purpose, SigningKeys};
