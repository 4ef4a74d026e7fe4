//! User codes of device grants (RFC 8628).

use model::{Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Query};

use crate::cell::Cell;
use crate::sql::values;
use crate::{Read, StoreError, Tx};

pub(crate) const CODES: &str = "grantor_user_codes";

impl Read<'_> {
    /// Finds the grant of a user code, unless the code has expired.
    pub fn find_user_code(&self, code_hash: &str, now: Timestamp) -> Result<Option<Uuid>, StoreError> {
        let mut statement = Query::select();
        statement.column("access_token_id").from(CODES).and_where(Expr::col("code_hash").eq(code_hash));
        statement.and_where(Expr::col("expires_at").gt(now.micros()));
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map(Cell::uuid).transpose()?)
    }
}

impl Tx<'_> {
    /// Inserts a user code for a grant.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the same code is in use.
    pub fn insert_user_code(
        &mut self,
        code_hash: &str,
        grant: Uuid,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(CODES).columns(["code_hash", "access_token_id", "expires_at"]);
        let row: [Expr; 3] = [code_hash.into(), grant.into(), expires_at.micros().into()];
        values(&mut statement, row)?;
        self.execute(&statement).map(|_| ())
    }

    /// Removes the user code of a grant, so that it cannot be entered again.
    pub fn remove_user_code(&mut self, grant: Uuid) -> Result<(), StoreError> {
        let mut statement = Query::delete();
        statement.from_table(CODES).and_where(Expr::col("access_token_id").eq(grant));
        self.execute(&statement).map(|_| ())
    }
}
