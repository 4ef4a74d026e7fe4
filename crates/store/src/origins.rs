//! Other applications from whose tokens a grant was derived. While one of them is disabled, the grant is
//! refused.

use std::collections::BTreeSet;

use model::entities::{AccessToken, TrustedApplication};
use model::{Attribute, DataType, Field as _, Record, Uuid};
use sea_query::{Alias, Expr, ExprTrait, JoinType, LockType, Query};

use crate::cell::{Cell, bound};
use crate::sql::values;
use crate::{StoreError, Tx, revocations};

const ORIGINS: &str = "grantor_grant_origins";
const GRANTS: &str = "Sec_Access_Tokens";
const ALIAS: &str = "origin_applications";

/// The properties that a grant inherits from its parent.
pub(crate) struct Parent {
    id: Uuid,
    application: Option<Uuid>,
    has_origins: bool,
}

/// Returns a condition: whether an application from whose tokens the grant was derived is disabled or was
/// removed.
pub(crate) fn has_disabled() -> Expr {
    has_disabled_in(GRANTS)
}

/// Returns the condition for a statement that calls the table of grants by another name.
pub(crate) fn has_disabled_in(grants: &str) -> Expr {
    let column = |name: &'static str| Expr::col((ALIAS, name));
    let enabled = TrustedApplication::IsEnabled.0;
    let disabled = Query::select()
        .expr(Expr::val(1_i64))
        .from(ORIGINS)
        .join_as(
            JoinType::LeftJoin,
            TrustedApplication::entity().table,
            ALIAS,
            column(Attribute::ID_COLUMN).equals((ORIGINS, "application_id")),
        )
        .and_where(of_grant(grants))
        .and_where(column(enabled).is_null().or(column(enabled).eq(bound(&false.to_value(), DataType::Bool))))
        .to_owned();
    Expr::exists(disabled)
}

fn of_grant(grants: &str) -> Expr {
    Expr::col((ORIGINS, "access_token_id")).equals((Alias::new(grants), Alias::new(Attribute::ID_COLUMN)))
}

impl Tx<'_> {
    /// Locks a grant against revocation until this transaction ends.
    ///
    /// A revocation locks a grant before its descendants. A transaction that changes a grant and adds a
    /// child to its parent must therefore lock the parent first; otherwise the two deadlock.
    ///
    /// # Errors
    /// [`StoreError::ParentGone`] if the grant was revoked.
    pub fn lock_for_share(&mut self, id: Uuid) -> Result<(), StoreError> {
        self.lock_parent(id).map(drop)
    }

    pub(crate) fn lock_parent(&mut self, id: Uuid) -> Result<Parent, StoreError> {
        let origins =
            Query::select().expr(Expr::val(1_i64)).from(ORIGINS).and_where(of_grant(GRANTS)).to_owned();
        let mut statement = Query::select();
        statement
            .column(AccessToken::TrustedApplication.0)
            .expr(Expr::exists(origins))
            .from(GRANTS)
            .and_where(Expr::col(Attribute::ID_COLUMN).eq(id))
            .and_where(Expr::col(AccessToken::RevokedTimestamp.0).is_null())
            .and_where(revocations::is_open(GRANTS).not())
            .lock(LockType::Share);
        let row = self.query(&statement)?.into_iter().next().ok_or(StoreError::ParentGone)?;
        let mut cells = row.into_iter();
        let application = match cells.next() {
            None | Some(Cell::Null) => None,
            Some(cell) => Some(cell.uuid()?),
        };
        let has_origins = cells.next().is_some_and(|cell| is_true(&cell));
        Ok(Parent { id, application, has_origins })
    }

    /// Records from which other applications' tokens a grant was derived. A grant without a user has none
    /// of the rights of its parent, so it does not depend on the parent's application.
    pub(crate) fn inherit_origins(&mut self, grant: &AccessToken, parent: &Parent) -> Result<(), StoreError> {
        let other = parent.application.filter(|id| grant.trusted_application_id != Some(*id));
        if grant.user_id.is_none() || (other.is_none() && !parent.has_origins) {
            return Ok(());
        }
        let mut origins: BTreeSet<Uuid> = other.into_iter().collect();
        let mut statement = Query::select();
        statement.column("application_id").from(ORIGINS);
        statement.and_where(Expr::col("access_token_id").eq(parent.id));
        for cell in self.query(&statement)?.into_iter().flatten() {
            origins.insert(cell.uuid()?);
        }
        for application in origins {
            let mut statement = Query::insert();
            statement.into_table(ORIGINS).columns(["access_token_id", "application_id"]);
            values(&mut statement, [grant.id.into(), application.into()])?;
            self.execute(&statement)?;
        }
        Ok(())
    }
}

/// Returns whether a cell is true, in the representation of either engine.
pub(crate) const fn is_true(cell: &Cell) -> bool {
    matches!(cell, Cell::Bool(true) | Cell::Int(1))
}
