//! What of its permissions a grant has used, and taking the others away.

use model::entities::{AccessToken, AccessTokenScope};
use model::{Record, Timestamp, Uuid, Value};
use sea_query::{Expr, ExprTrait, Query};

use crate::{Change, Read, StoreError, Tx};

/// More permissions than any grant has.
const MOST_SCOPES: u64 = 1000;

impl Read<'_> {
    /// Lists the permissions of a grant, each with its last use.
    pub fn scopes_of(&self, grant: Uuid) -> Result<Vec<AccessTokenScope>, StoreError> {
        self.list_by(AccessTokenScope::AccessToken, &Value::Guid(grant), MOST_SCOPES)
    }
}

impl Read<'_> {
    /// Lists all that came from a grant, generation by generation.
    pub fn list_descendants(&self, id: Uuid) -> Result<Vec<Uuid>, StoreError> {
        let mut all = Vec::new();
        let mut frontier = self.children(&[id])?;
        while !frontier.is_empty() {
            all.extend_from_slice(&frontier);
            frontier = self.children(&frontier)?;
        }
        Ok(all)
    }
}

impl Tx<'_> {
    /// Takes from a grant, and from all that came from it, every permission but some. Each is changed before its children
    /// are looked for, so none that is added meanwhile is missed. Gives how many were changed.
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

    /// Lets all that came from a grant end at `end` at the latest. Each is changed before its children are looked for, so
    /// none that is added meanwhile is missed.
    pub fn shorten_tree(&mut self, id: Uuid, end: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        let mut frontier = self.children(&[id])?;
        while !frontier.is_empty() {
            for grant in &frontier {
                self.change(
                    Change::of::<AccessToken>(*grant, now)
                        .if_null(AccessToken::RevokedTimestamp)
                        .if_after(AccessToken::ExpireTimestamp, end)
                        .set(AccessToken::ExpireTimestamp, &Some(end)),
                )?;
            }
            frontier = self.children(&frontier)?;
        }
        Ok(())
    }

    /// Hangs the children of a grant on another one, which came in its place.
    pub fn move_children(&mut self, from: Uuid, to: Uuid, now: Timestamp) -> Result<(), StoreError> {
        for child in self.children(&[from])? {
            self.change(
                Change::of::<AccessToken>(child, now)
                    .if_equal(AccessToken::Parent, &Some(from))
                    .set(AccessToken::Parent, &Some(to)),
            )?;
        }
        Ok(())
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
        self.change(Change::of::<AccessToken>(id, now).set(AccessToken::Scopes, &Some(kept)))
    }
}
