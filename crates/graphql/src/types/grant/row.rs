use async_graphql::Context;
use authority::Fault;
use model::{Timestamp, Uuid, entities};

use super::{ApiAccessToken, Grant};
use crate::connection::{Connection, ConnectionArguments, Paging, children};
use crate::context::ResolverContext;
use crate::date_time::DateTime;
use crate::model_types::ModelEnum;
use crate::row::{FromRow, Row};
use crate::types::{ApiAccessTokenCode, ApiApplication, GrantState, GrantedScope, UsedAddress, User};

/// What every grant has.
pub(crate) struct GrantRow {
    pub(super) id: Uuid,
    pub(super) kind: entities::GrantKind,
    pub(super) created_at: DateTime,
    pub(super) expires_at: Option<DateTime>,
    pub(super) revoked_at: Option<DateTime>,
    pub(super) revocation_reason: Option<entities::RevocationReason>,
    pub(super) consumed_at: Option<DateTime>,
    pub(super) authorized_at: Option<DateTime>,
    pub(super) authorized_ip_address: Option<String>,
    pub(super) allowed_ip_addresses: Option<String>,
    pub(super) last_accessed_at: Option<DateTime>,
    pub(super) ip_address: Option<String>,
    pub(super) description: Option<String>,
    pub(super) scopes: Vec<String>,
    state: Option<GrantState>,
    application_id: Option<Uuid>,
    owner_id: Option<Uuid>,
    parent_id: Option<Uuid>,
    created_by_id: Option<Uuid>,
    predecessor_id: Option<Uuid>,
    successor_id: Option<Uuid>,
}

pub(super) const PROPERTIES: &[&str] = &[
    "AllowedIPAddresses",
    "AuthorizedIPAddress",
    "AuthorizedTimestamp",
    "ConsumedTimestamp",
    "CreatedBy",
    "CreationTimestamp",
    "Description",
    "ExpireTimestamp",
    "Kind",
    "LastUsedIPAddress",
    "LastUsedTimestamp",
    "Parent",
    "Predecessor",
    "RevocationReason",
    "RevokedTimestamp",
    "Scopes",
    "State",
    "Successor",
    "TrustedApplication",
    "User",
];

impl GrantRow {
    pub(super) fn read(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id(),
            kind: row.get("Kind")?,
            created_at: DateTime(row.get::<Timestamp>("CreationTimestamp")?),
            expires_at: row.time("ExpireTimestamp")?,
            revoked_at: row.time("RevokedTimestamp")?,
            revocation_reason: row.get("RevocationReason")?,
            consumed_at: row.time("ConsumedTimestamp")?,
            authorized_at: row.time("AuthorizedTimestamp")?,
            authorized_ip_address: row.get("AuthorizedIPAddress")?,
            allowed_ip_addresses: row.get("AllowedIPAddresses")?,
            last_accessed_at: row.time("LastUsedTimestamp")?,
            ip_address: row.get("LastUsedIPAddress")?,
            description: row.get("Description")?,
            scopes: row.scopes("Scopes")?,
            state: row.derived("State")?.map(ModelEnum),
            application_id: row.get("TrustedApplication")?,
            owner_id: row.get("User")?,
            parent_id: row.get("Parent")?,
            created_by_id: row.get("CreatedBy")?,
            predecessor_id: row.get("Predecessor")?,
            successor_id: row.get("Successor")?,
        })
    }

    /// Returns the state. The result of a verb does not have it, so it is read.
    pub(super) async fn state(&self, context: &Context<'_>) -> Result<Option<GrantState>, Fault> {
        if self.state.is_some() {
            return Ok(self.state);
        }
        let read = Grant::find_referenced(ResolverContext::from_context(context)?, Some(self.id)).await?;
        Ok(read.and_then(|grant| grant.row().state))
    }

    pub(super) async fn application(&self, context: &Context<'_>) -> Result<Option<ApiApplication>, Fault> {
        ApiApplication::find_referenced(ResolverContext::from_context(context)?, self.application_id).await
    }

    pub(super) async fn owner(&self, context: &Context<'_>) -> Result<Option<User>, Fault> {
        User::find_referenced(ResolverContext::from_context(context)?, self.owner_id).await
    }

    pub(super) async fn parent(&self, context: &Context<'_>) -> Result<Option<Grant>, Fault> {
        Grant::find_referenced(ResolverContext::from_context(context)?, self.parent_id).await
    }

    pub(super) async fn created_by(&self, context: &Context<'_>) -> Result<Option<User>, Fault> {
        User::find_referenced(ResolverContext::from_context(context)?, self.created_by_id).await
    }

    pub(super) async fn predecessor(&self, context: &Context<'_>) -> Result<Option<ApiAccessToken>, Fault> {
        ApiAccessToken::find_referenced(ResolverContext::from_context(context)?, self.predecessor_id).await
    }

    pub(super) async fn successor(&self, context: &Context<'_>) -> Result<Option<ApiAccessToken>, Fault> {
        ApiAccessToken::find_referenced(ResolverContext::from_context(context)?, self.successor_id).await
    }

    pub(super) async fn code(&self, context: &Context<'_>) -> Result<Option<ApiAccessTokenCode>, Fault> {
        ApiAccessTokenCode::find(ResolverContext::from_context(context)?, self.id).await
    }

    pub(super) async fn children(
        &self,
        context: &Context<'_>,
        arguments: ConnectionArguments,
    ) -> Result<Option<Connection<Grant>>, Fault> {
        children(context, "Parent", self.id, arguments).await.map(Some)
    }

    pub(super) async fn granted_scopes(
        &self,
        context: &Context<'_>,
        paging: Paging,
    ) -> Result<Option<Connection<GrantedScope>>, Fault> {
        let arguments = ConnectionArguments { filter: None, order_by: Vec::new(), paging };
        children(context, "AccessToken", self.id, arguments).await.map(Some)
    }

    pub(super) async fn used_addresses(
        &self,
        context: &Context<'_>,
        paging: Paging,
    ) -> Result<Option<Connection<UsedAddress>>, Fault> {
        let arguments = ConnectionArguments { filter: None, order_by: Vec::new(), paging };
        children(context, "AccessToken", self.id, arguments).await.map(Some)
    }
}
