//! Clients: their registration and metadata, and how they prove who they are.

pub(crate) mod assertion;
pub(crate) mod authenticate;
pub(crate) mod authorizations;
mod built_in;
pub(crate) mod client;
pub(crate) mod create;
pub mod delete;
pub(crate) mod find;
pub mod registration;
mod remove_unused;
mod rotate_secret;
mod sector;
pub(crate) mod update;

pub use assertion::ASSERTION_TYPE;
pub use authenticate::{ClientCredentials, ClientProof};
pub use built_in::COMMAND_LINE;
pub use client::Client;
pub use create::{CreateApplication, create_application};
pub use remove_unused::remove_applications;
pub use rotate_secret::rotate_secret;
pub use update::{UpdateApplication, update_application};
