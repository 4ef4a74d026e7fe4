//! Users: creating them, their passwords and addresses, and their management by administrators.

pub mod change;
mod change_password;
pub mod create;
pub mod delete;
mod disable;
pub mod email_address;
mod links;
mod manage;
pub mod reset_password;
pub mod set_up;
mod update;

pub use change_password::change_password;
pub use create::{CreateUser, MIN_PASSWORD, create_user, faults};
pub use delete::delete;
pub use disable::{DisableEffects, disable, enable, preview_disable};
pub use links::{give_link, invite, recover};
pub use manage::{list_sessions, reset_second_factor, sign_out, unlock};
pub use update::update;
