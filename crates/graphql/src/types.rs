//! The types of the schema, one file each.

mod api_access_token_code;
mod api_application;
mod api_resource;
mod api_scope;
mod audit_event;
mod disable_effects;
mod grant;
mod granted_scope;
mod node;
mod revocation;
mod used_address;
mod user;
mod user_session;
mod viewer;

use model::entities;

pub(super) use api_access_token_code::ApiAccessTokenCode;
pub(super) use api_application::ApiApplication;
pub(super) use api_resource::ApiResource;
pub(super) use api_scope::ApiScope;
pub(super) use audit_event::AuditEvent;
pub(super) use disable_effects::UserDisableEffects;
pub(super) use grant::{ApiAccessToken, Grant};
pub(super) use granted_scope::GrantedScope;
pub(super) use node::Node;
pub(super) use revocation::{Revocation, RevocationPreview};
pub(super) use used_address::UsedAddress;
pub(super) use user::User;
pub(super) use user_session::UserSession;
pub(super) use viewer::Viewer;

use super::model_types::ModelEnum;

pub(super) type GrantKind = ModelEnum<entities::GrantKind>;
pub(super) type GrantState = ModelEnum<entities::GrantState>;
pub(super) type RevocationState = ModelEnum<entities::RevocationState>;
pub(super) type RevocationReason = ModelEnum<entities::RevocationReason>;
pub(super) type ApiApplicationClientType = ModelEnum<entities::ClientType>;
pub(super) type ApiReferenceTokensPolicy = ModelEnum<entities::ReferenceTokens>;
pub(super) type ApiAccessTokenFormat = ModelEnum<entities::AccessTokenFormat>;
pub(super) type AuditEventType = ModelEnum<entities::AuditEventType>;
pub(super) type AuditSubject = ModelEnum<entities::AuditSubject>;
pub(super) type UserType = ModelEnum<entities::UserType>;
