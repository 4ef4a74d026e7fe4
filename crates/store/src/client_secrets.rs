//! Sealed secrets of clients that authenticate with `client_secret_jwt`. No API exposes them.

use model::Uuid;
use sea_query::{Expr, ExprTrait, Query};

use crate::cell::Cell;
use crate::{Read, StoreError, Tx};

const SECRETS: &str = "grantor_client_secrets";
const APPLICATION: &str = "trusted_application_id";

/// The sealed secrets of a client.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSecret {
    /// Current secret.
    pub sealed: String,
    /// Previous secret, during a rotation.
    pub former: Option<String>,
}

fn pair(cells: &mut impl Iterator<Item = Cell>) -> Result<SealedSecret, StoreError> {
    let mut next = || cells.next().unwrap_or(Cell::Null);
    let sealed = next().text()?;
    let former = match next() {
        Cell::Null => None,
        cell => Some(cell.text()?),
    };
    Ok(SealedSecret { sealed, former })
}

fn optional(text: Option<&str>) -> Expr {
    Expr::val(sea_query::Value::String(text.map(str::to_owned)))
}

impl Read<'_> {
    /// Finds the sealed secret of an application.
    pub fn find_client_secret(&self, application: Uuid) -> Result<Option<SealedSecret>, StoreError> {
        let mut statement = Query::select();
        statement.columns(["sealed", "former_sealed"]).from(SECRETS);
        statement.and_where(Expr::col(APPLICATION).eq(application));
        let first = self.query(&statement)?.into_iter().next();
        first.map(|row| pair(&mut row.into_iter())).transpose()
    }
}

impl Tx<'_> {
    /// Inserts the sealed secret of an application.
    pub fn insert_client_secret(&mut self, application: Uuid, sealed: &str) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(SECRETS).columns([APPLICATION, "sealed"]);
        let row: [Expr; 2] = [application.into(), sealed.into()];
        statement.values(row).map_err(|error| StoreError::Engine(error.to_string()))?;
        self.execute(&statement).map(|_| ())
    }

    /// Removes the secret of an application.
    pub fn remove_client_secret(&mut self, application: Uuid) -> Result<(), StoreError> {
        let mut statement = Query::delete();
        statement.from_table(SECRETS).and_where(Expr::col(APPLICATION).eq(application));
        self.execute(&statement).map(|_| ())
    }

    /// Replaces the sealed secret of an application if it still equals `was`. Returns whether it was
    /// replaced.
    pub fn change_client_secret(
        &mut self,
        application: Uuid,
        was: &str,
        new: &SealedSecret,
    ) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement
            .table(SECRETS)
            .value("sealed", new.sealed.as_str())
            .value("former_sealed", optional(new.former.as_deref()))
            .and_where(Expr::col(APPLICATION).eq(application))
            .and_where(Expr::col("sealed").eq(was));
        Ok(self.execute(&statement)? == 1)
    }
}
