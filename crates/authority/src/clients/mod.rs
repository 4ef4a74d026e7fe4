//! Clients: their registration, metadata and authentication.

pub mod assertion;
pub mod authenticate;
pub mod authorizations;
pub mod create;
pub mod delete;
pub mod find;
pub mod registration;
mod remove_unused;
mod rotate_secret;
mod sector;
pub mod update;

pub use grant_state::COMMAND_LINE;
pub use grant_state::client::Client;

pub use assertion::ASSERTION_TYPE;
pub use authenticate::{ClientCredentials, ClientProof};
pub use create::{CreateApplication, create_application};
pub use remove_unused::remove_applications;
pub use rotate_secret::rotate_secret;
pub use update::{UpdateApplication, update_application};
