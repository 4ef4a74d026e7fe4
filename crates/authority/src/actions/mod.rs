//! What can be done, one verb per file.

pub mod changes;
pub mod create_application;
pub mod create_token;
pub mod create_user;
pub mod device;
pub mod end_session;
pub mod introspect;
pub mod query;
pub mod registration;
pub mod reseal;
pub mod revoke;
pub mod session;
pub mod set_up;
pub mod user_info;
