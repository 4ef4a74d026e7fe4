//! The types of the schema, one file each.

mod api_access_token_code;
mod api_application;
mod api_resource;
mod api_scope;
mod audit_event;
mod date_time;
mod grant;
mod granted_scope;
mod node;
mod row;
mod user;
mod user_session;
mod viewer;

use model::entities;

pub(super) use api_access_token_code::ApiAccessTokenCode;
pub(super) use api_application::ApiApplication;
pub(super) use api_resource::ApiResource;
pub(super) use api_scope::ApiScope;
pub(super) use audit_event::AuditEvent;
pub(super) use date_time::DateTime;
pub(super) use grant::{ApiAccessToken, Grant};
pub(super) use granted_scope::GrantedScope;
pub(super) use node::Node;
pub(super) use row::{Row, Shown};
pub(super) use user::User;
pub(super) use user_session::UserSession;
pub(super) use viewer::Viewer;

use super::question::EnumOf;

pub(super) type GrantKind = EnumOf<entities::GrantKind>;
pub(super) type RevocationReason = EnumOf<entities::RevocationReason>;
pub(super) type ApiApplicationClientType = EnumOf<entities::ClientType>;
pub(super) type ApiReferenceTokensPolicy = EnumOf<entities::ReferenceTokens>;
pub(super) type ApiAccessTokenFormat = EnumOf<entities::AccessTokenFormat>;
pub(super) type AuditEventType = EnumOf<entities::AuditEventType>;
pub(super) type AuditSubject = EnumOf<entities::AuditSubject>;
pub(super) type UserType = EnumOf<entities::UserType>;
