//! What can be done, one verb per file.

pub mod authenticator;
pub mod change_password;
pub mod changes;
pub mod create_application;
pub mod create_token;
pub mod create_user;
pub mod device;
pub mod end_session;
pub mod introspect;
pub mod own_sessions;
pub mod passkeys;
pub mod query;
pub mod recovery_codes;
pub mod registration;
pub mod report_leaks;
pub mod reseal;
pub mod revoke;
pub mod revoke_matching;
pub mod rotate_token;
pub mod second_factor;
pub mod session;
pub mod set_up;
pub mod update_application;
pub mod update_token;
pub mod user_info;
pub mod verify;
