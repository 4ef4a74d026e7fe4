//! The types of the schema, one file each.

mod api_access_token;
mod api_access_token_code;
mod api_application;
mod api_resource;
mod api_scope;
mod date_time;
mod enums;
mod node;
mod row;
mod user;
mod user_session;
mod viewer;

pub(super) use api_access_token::ApiAccessToken;
pub(super) use api_access_token_code::ApiAccessTokenCode;
pub(super) use api_application::ApiApplication;
pub(super) use api_resource::ApiResource;
pub(super) use api_scope::ApiScope;
pub(super) use date_time::DateTime;
pub(super) use enums::{ApiAccessTokenFormat, ApiApplicationClientType, ApiReferenceTokensPolicy, GrantKind};
pub(super) use node::Node;
pub(super) use row::Row;
pub(super) use user::User;
pub(super) use user_session::UserSession;
pub(super) use viewer::Viewer;
