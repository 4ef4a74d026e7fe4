//! The catalogue of permissions and services, and the number by which programs see that it changed.

use model::entities::{AccessTokenScope, Resource, Scope, TrustedApplication};
use model::{Record, Uuid};
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::cell::{Cell, bound_as_is};
use crate::records::{columns, decode, select};
use crate::{Read, StoreError, Tx};

const CATALOGUE: &str = "grantor_catalogue";
const VERSION: &str = "version";

/// Everything that can be granted, as it is stored.
#[derive(Clone, Debug, Default)]
pub struct CatalogueRows {
    /// The number of the state that this is.
    pub version: i64,
    /// The permissions, by name.
    pub scopes: Vec<Scope>,
    /// The services, by identifier.
    pub resources: Vec<Resource>,
}

/// The number of the catalogue's state, as a column of any other statement: whoever reads a row learns it on the way.
pub(crate) fn version() -> Expr {
    let mut statement = Query::select();
    statement.column((CATALOGUE, VERSION)).from(CATALOGUE).and_where(Expr::col((CATALOGUE, "id")).eq(1_i64));
    statement.into()
}

impl Read<'_> {
    /// Reads the catalogue. Its number is read first: what changes in between is seen by the next number.
    pub fn catalogue(&self) -> Result<CatalogueRows, StoreError> {
        let number = Query::select().expr(version()).to_owned();
        let version = self.query(&number)?.into_iter().flatten().next().map_or(Ok(0), Cell::int)?;
        let mut scopes = select::<Scope>();
        scopes.order_by(Scope::Name.0, Order::Asc);
        let mut resources = select::<Resource>();
        resources.order_by(Resource::Identifier.0, Order::Asc);
        let scopes = self.query(&scopes)?.into_iter().map(|row| decode(&mut row.into_iter()));
        let scopes = scopes.collect::<Result<_, _>>()?;
        let resources = self.query(&resources)?.into_iter().map(|row| decode(&mut row.into_iter()));
        Ok(CatalogueRows { version, scopes, resources: resources.collect::<Result<_, _>>()? })
    }

    /// Finds an application by its client_id, with the number of the catalogue's state: one statement.
    pub fn find_application(&self, client_id: &str) -> Result<Option<(TrustedApplication, i64)>, StoreError> {
        let mut statement = Query::select();
        statement
            .columns(columns::<TrustedApplication>())
            .expr(version())
            .from(TrustedApplication::entity().table)
            .and_where(
                Expr::col(TrustedApplication::ApplicationUri.0)
                    .eq(bound_as_is(&model::Value::Text(client_id.to_owned()))),
            )
            .limit(1);
        let Some(row) = self.query(&statement)?.into_iter().next() else { return Ok(None) };
        let mut cells = row.into_iter();
        let width = TrustedApplication::entity().columns().count();
        let application = decode(&mut cells.by_ref().take(width))?;
        Ok(Some((application, cells.next().map_or(Ok(0), Cell::int)?)))
    }

    /// Lists the names of all permissions that any grant ever had.
    pub fn list_granted_scopes(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = Query::select();
        statement.distinct().column(AccessTokenScope::Scope.0).from(AccessTokenScope::entity().table);
        self.query(&statement)?.into_iter().flatten().map(|cell| Ok(cell.text()?)).collect()
    }
}

impl Tx<'_> {
    /// Counts the catalogue's number up. Every transaction that changes the catalogue ends with it.
    pub fn note_catalogue_changed(&mut self) -> Result<(), StoreError> {
        let mut statement = Query::update();
        statement.table(CATALOGUE).value(VERSION, Expr::col(VERSION).add(1_i64));
        statement.and_where(Expr::col("id").eq(1_i64));
        self.execute(&statement)?;
        // Even where no row of the catalogue changed its identity, whoever remembers one asks anew.
        self.touch(Scope::entity().table, Uuid::nil());
        Ok(())
    }
}
