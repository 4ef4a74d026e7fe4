//! Trees of grants: a grant, its children and their descendants.

use model::entities::{AccessToken, AccessTokenScope, GrantKind, RevocationReason};
use model::{Attribute, Record, Timestamp, Uuid, Value};
use sea_query::{Expr, ExprTrait, Query};

use crate::cell::Cell;
use crate::{Change, Read, StoreError, Tx};

/// A grant that was revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedGrant {
    /// Identifier.
    pub id: Uuid,
    /// Key: the hash of its secret.
    pub key: String,
    /// Kind.
    pub kind: GrantKind,
}

const GRANTS: &str = "Sec_Access_Tokens";

/// Number of grants that one statement names; both engines limit the number of parameters.
const BATCH_SIZE: usize = 500;

/// Limit above the number of scopes that any grant has.
const MOST_SCOPES: u64 = 1000;

impl Read<'_> {
    /// Lists the scopes of a grant, each with its last use.
    pub fn scopes_of(&self, grant: Uuid) -> Result<Vec<AccessTokenScope>, StoreError> {
        self.list_by(AccessTokenScope::AccessToken, &Value::Guid(grant), MOST_SCOPES)
    }

    /// Counts the descendants of a grant, which a revocation would include.
    pub fn count_descendants(&self, id: Uuid) -> Result<usize, StoreError> {
        let mut count = 0;
        let mut frontier = vec![id];
        while !frontier.is_empty() {
            frontier = self.children(&frontier)?;
            count += frontier.len();
        }
        Ok(count)
    }

    /// Lists the descendants of a grant, generation by generation.
    pub fn list_descendants(&self, id: Uuid) -> Result<Vec<Uuid>, StoreError> {
        let mut all = Vec::new();
        let mut frontier = self.children(&[id])?;
        while !frontier.is_empty() {
            all.extend_from_slice(&frontier);
            frontier = self.children(&frontier)?;
        }
        Ok(all)
    }

    /// Returns whether a grant is one of `places` or a descendant of one.
    pub fn is_in_tree(&self, id: Uuid, places: &[Uuid]) -> Result<bool, StoreError> {
        let mut next = Some(id);
        while let Some(id) = next {
            if places.contains(&id) {
                return Ok(true);
            }
            next = self.find::<AccessToken>(id)?.and_then(|grant| grant.parent_id);
        }
        Ok(false)
    }

    pub(crate) fn children(&self, parents: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
        let mut children = Vec::new();
        for some in parents.chunks(BATCH_SIZE) {
            let of_parents = Expr::col(AccessToken::Parent.0).is_in(some.iter().copied());
            let mut statement = Query::select();
            statement.column(Attribute::ID_COLUMN).from(GRANTS).and_where(of_parents);
            for cell in self.query_dynamic(&statement)?.into_iter().flatten() {
                children.push(cell.uuid()?);
            }
        }
        Ok(children)
    }
}

impl Tx<'_> {
    /// Revokes a grant and its descendants, generation by generation. Each grant is marked before its
    /// children are listed, so that concurrently inserted children are not missed. Returns the grants that
    /// were not revoked before.
    pub fn revoke_tree(
        &mut self,
        id: Uuid,
        reason: RevocationReason,
        now: Timestamp,
    ) -> Result<Vec<RevokedGrant>, StoreError> {
        let mut revoked = Vec::new();
        let mut frontier = vec![id];
        while !frontier.is_empty() {
            for some in frontier.chunks(BATCH_SIZE) {
                revoked.append(&mut self.revoke(some, reason, now)?);
            }
            frontier = self.children(&frontier)?;
        }
        for grant in &revoked {
            self.mark_changed(GRANTS, grant.id);
        }
        Ok(revoked)
    }

    fn revoke(
        &mut self,
        ids: &[Uuid],
        reason: RevocationReason,
        now: Timestamp,
    ) -> Result<Vec<RevokedGrant>, StoreError> {
        let mut statement = Query::update();
        statement
            .table(GRANTS)
            .value(AccessToken::RevocationReason.0, reason.code())
            .value(AccessToken::RevokedTimestamp.0, now.micros())
            .value(Attribute::UPDATED_COLUMN, now.micros())
            .value(Attribute::VERSION_COLUMN, Expr::col(Attribute::VERSION_COLUMN).add(1_i64))
            .and_where(Expr::col(Attribute::ID_COLUMN).is_in(ids.iter().copied()))
            .and_where(Expr::col(AccessToken::RevokedTimestamp.0).is_null())
            .returning(Query::returning().columns([
                Attribute::ID_COLUMN,
                AccessToken::AccessTokenKey.0,
                AccessToken::Kind.0,
            ]));
        let rows = self.query_dynamic(&statement)?;
        rows.into_iter().map(revoked_grant).collect()
    }

    /// Removes all scopes except `keep` from a grant and its descendants. Each grant is changed before its
    /// children are listed, so that concurrently inserted children are not missed. Returns the number of
    /// changed grants.
    pub fn narrow_tree(&mut self, id: Uuid, keep: &[String], now: Timestamp) -> Result<usize, StoreError> {
        let mut changed = 0;
        let mut frontier = vec![id];
        while !frontier.is_empty() {
            for grant in &frontier {
                changed += usize::from(self.narrow(*grant, keep, now)?);
            }
            frontier = self.children(&frontier)?;
        }
        Ok(changed)
    }

    fn narrow(&mut self, id: Uuid, keep: &[String], now: Timestamp) -> Result<bool, StoreError> {
        let Some(grant) = self.find::<AccessToken>(id)? else { return Ok(false) };
        let before = grant.scopes.as_deref().unwrap_or_default();
        let kept: Vec<_> = before.split(' ').filter(|scope| keep.iter().any(|own| own == scope)).collect();
        let kept = kept.join(" ");
        if kept == before {
            return Ok(false);
        }
        let mut statement = Query::delete();
        statement
            .from_table(AccessTokenScope::entity().table)
            .and_where(Expr::col(AccessTokenScope::AccessToken.0).eq(id))
            .and_where(Expr::col(AccessTokenScope::Scope.0).is_not_in(keep.iter().map(String::as_str)));
        self.execute(&statement)?;
        self.change(Change::new::<AccessToken>(id, now).set(AccessToken::Scopes, &Some(kept)))
    }

    /// Limits the expiry of a grant's descendants to `end`. Each grant is changed before its children are
    /// listed, so that concurrently inserted children are not missed.
    pub fn shorten_tree(&mut self, id: Uuid, end: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        let mut frontier = self.children(&[id])?;
        while !frontier.is_empty() {
            for grant in &frontier {
                self.change(
                    Change::new::<AccessToken>(*grant, now)
                        .if_null(AccessToken::RevokedTimestamp)
                        .if_after(AccessToken::ExpireTimestamp, end)
                        .set(AccessToken::ExpireTimestamp, &Some(end)),
                )?;
            }
            frontier = self.children(&frontier)?;
        }
        Ok(())
    }

    /// Moves the children of a grant to the grant that replaces it.
    pub fn move_children(&mut self, from: Uuid, to: Uuid, now: Timestamp) -> Result<(), StoreError> {
        for child in self.children(&[from])? {
            self.change(
                Change::new::<AccessToken>(child, now)
                    .if_equal(AccessToken::Parent, &Some(from))
                    .set(AccessToken::Parent, &Some(to)),
            )?;
        }
        Ok(())
    }
}

fn revoked_grant(row: Vec<Cell>) -> Result<RevokedGrant, StoreError> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    let (id, key, kind) = (next().uuid()?, next().text()?, next().text()?);
    let kind =
        GrantKind::from_code(&kind).ok_or_else(|| StoreError::Engine(format!("a grant of kind {kind}")))?;
    Ok(RevokedGrant { id, key, kind })
}
