//! Signing keys: generated at the first start, published, and rotated with an overlap.

mod rotation;
mod signing;
#[cfg(test)]
mod tests;

pub(crate) use rotation::{maintain, place};
pub use signing::{Purpose, SigningKeys};
