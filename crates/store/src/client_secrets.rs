//! The secrets of applications that prove with them what they signed. No API shows them.

use model::Uuid;
use sea_query::{Expr, ExprTrait, Query};

use crate::cell::Cell;
use crate::{Read, StoreError, Tx};

const SECRETS: &str = "grantor_client_secrets";
const APPLICATION: &str = "trusted_application_id";

impl Read<'_> {
    /// Finds the sealed secret of an application.
    pub fn find_client_secret(&self, application: Uuid) -> Result<Option<String>, StoreError> {
        let mut statement = Query::select();
        statement.column("sealed").from(SECRETS).and_where(Expr::col(APPLICATION).eq(application));
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map(Cell::text).transpose()?)
    }

    /// Lists the applications whose secret is kept, each with the sealed secret.
    pub fn list_client_secrets(&self) -> Result<Vec<(Uuid, String)>, StoreError> {
        let mut statement = Query::select();
        statement.columns([APPLICATION, "sealed"]).from(SECRETS);
        let pair = |row: Vec<Cell>| {
            let mut cells = row.into_iter();
            let mut next = || cells.next().unwrap_or(Cell::Null);
            Ok((next().uuid()?, next().text()?))
        };
        self.query(&statement)?.into_iter().map(pair).collect()
    }
}

impl Tx<'_> {
    /// Adds the sealed secret of an application.
    pub fn insert_client_secret(&mut self, application: Uuid, sealed: &str) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(SECRETS).columns([APPLICATION, "sealed"]);
        let row: [Expr; 2] = [application.into(), sealed.into()];
        statement.values(row).map_err(|error| StoreError::Engine(error.to_string()))?;
        self.execute(&statement).map(|_| ())
    }

    /// Forgets the secret of an application.
    pub fn remove_client_secret(&mut self, application: Uuid) -> Result<(), StoreError> {
        let mut statement = Query::delete();
        statement.from_table(SECRETS).and_where(Expr::col(APPLICATION).eq(application));
        self.execute(&statement).map(|_| ())
    }

    /// Seals a secret anew, if it is still sealed as it was.
    pub fn reseal_client_secret(
        &mut self,
        application: Uuid,
        was: &str,
        sealed: &str,
    ) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement.table(SECRETS).value("sealed", sealed).and_where(Expr::col(APPLICATION).eq(application));
        statement.and_where(Expr::col("sealed").eq(was));
        Ok(self.execute(&statement)? == 1)
    }
}
