//! Tokens that a user created for other users or applications. They are not revoked together with the
//! user's own tokens.

use std::collections::HashMap;

use model::entities::{AccessToken, AuditEvent, AuditEventType, GrantKind};
use model::{Attribute, Record, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::cell::Cell;
use crate::records::{decode, select};
use crate::{Read, StoreError};

impl Read<'_> {
    /// Lists the tokens that a user created for others and that can still be used, newest first.
    pub fn list_created_by(
        &self,
        user: Uuid,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<AccessToken>, StoreError> {
        let (owner, expires) = (Expr::col(AccessToken::User.0), Expr::col(AccessToken::ExpireTimestamp.0));
        let statement = select::<AccessToken>()
            .and_where(Expr::col(AccessToken::CreatedBy.0).eq(user))
            .and_where(owner.clone().is_null().or(owner.ne(user)))
            .and_where(Expr::col(AccessToken::RevokedTimestamp.0).is_null())
            .and_where(expires.clone().is_null().or(expires.gt(now.micros())))
            .order_by(Attribute::ID_COLUMN, Order::Desc)
            .limit(limit)
            .to_owned();
        self.query(&statement)?.into_iter().map(|row| decode(&mut row.into_iter())).collect()
    }

    /// Lists the tokens that users created as children of a grant since a time and that are not revoked.
    pub fn list_created_below(&self, parent: Uuid, since: Timestamp) -> Result<Vec<Uuid>, StoreError> {
        let mut statement = Query::select();
        statement
            .column(Attribute::ID_COLUMN)
            .from(AccessToken::entity().table)
            .and_where(Expr::col(AccessToken::Parent.0).eq(parent))
            .and_where(Expr::col(AccessToken::CreatedBy.0).is_not_null())
            .and_where(Expr::col(AccessToken::CreationTimestamp.0).gte(since.micros()))
            .and_where(Expr::col(AccessToken::RevokedTimestamp.0).is_null());
        self.query(&statement)?.into_iter().flatten().map(|cell| Ok(cell.uuid()?)).collect()
    }

    /// Returns at most `limit` usable personal access tokens of a user that have a parent, by identifier, after `after`.
    pub fn list_usable_created_below(
        &self,
        user: Uuid,
        now: Timestamp,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<AccessToken>, StoreError> {
        let expires = Expr::col(AccessToken::ExpireTimestamp.0);
        let statement = select::<AccessToken>()
            .and_where(Expr::col(AccessToken::User.0).eq(user))
            .and_where(Expr::col(AccessToken::Kind.0).eq(GrantKind::PersonalAccessToken.code()))
            .and_where(Expr::col(AccessToken::Parent.0).is_not_null())
            .and_where(Expr::col(AccessToken::RevokedTimestamp.0).is_null())
            .and_where(expires.clone().is_null().or(expires.gt(now.micros())))
            .and_where_option(after.map(|after| Expr::col(Attribute::ID_COLUMN).gt(after)))
            .order_by(Attribute::ID_COLUMN, Order::Asc)
            .limit(limit)
            .to_owned();
        self.query(&statement)?.into_iter().map(|row| decode(&mut row.into_iter())).collect()
    }

    /// Returns for each grant the token with which it was created, as far as audit events exist.
    pub fn created_with(&self, grants: &[Uuid]) -> Result<HashMap<Uuid, Uuid>, StoreError> {
        if grants.is_empty() {
            return Ok(HashMap::new());
        }
        let statement = Query::select()
            .columns([AuditEvent::Grant.0, AuditEvent::ActorGrant.0])
            .from(AuditEvent::entity().table)
            .and_where(Expr::col(AuditEvent::Grant.0).is_in(grants.iter().copied()))
            .and_where(Expr::col(AuditEvent::Type.0).eq(AuditEventType::TokenCreated.code()))
            .and_where(Expr::col(AuditEvent::ActorGrant.0).is_not_null())
            .to_owned();
        let pair = |row: Vec<Cell>| {
            let mut cells = row.into_iter();
            let mut next = || cells.next().unwrap_or(Cell::Null).uuid();
            Ok((next()?, next()?))
        };
        self.query_dynamic(&statement)?.into_iter().map(pair).collect()
    }
}
