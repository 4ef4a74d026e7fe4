//! The catalogue of scopes and resource servers, and its version, by which programs detect changes.

use model::entities::{AccessTokenScope, Resource, Scope, TrustedApplication};
use model::{Record, Uuid};
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::cell::{Cell, bound_as_is};
use crate::records::{columns, decode, select};
use crate::{Read, StoreError, Tx};

const CATALOGUE: &str = "grantor_catalogue";
const VERSION: &str = "version";

/// The stored catalogue.
#[derive(Clone, Debug, Default)]
pub struct CatalogueRows {
    /// Version of the catalogue.
    pub version: i64,
    /// Scopes, sorted by name.
    pub scopes: Vec<Scope>,
    /// Resource servers, sorted by identifier.
    pub resources: Vec<Resource>,
}

/// Returns the catalogue's version as a column for other statements, so that reading a row also reads the
/// version.
pub(crate) fn version() -> Expr {
    let mut statement = Query::select();
    statement.column((CATALOGUE, VERSION)).from(CATALOGUE).and_where(Expr::col((CATALOGUE, "id")).eq(1_i64));
    statement.into()
}

impl Read<'_> {
    /// Reads the catalogue. The version is read first, so that a concurrent change results in a newer
    /// version.
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

    /// Finds an application by its client_id, with the catalogue's version, in one statement.
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

    /// Lists the names of all scopes that any grant ever had.
    pub fn list_granted_scopes(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = Query::select();
        statement.distinct().column(AccessTokenScope::Scope.0).from(AccessTokenScope::entity().table);
        self.query(&statement)?.into_iter().flatten().map(|cell| Ok(cell.text()?)).collect()
    }
}

impl Tx<'_> {
    /// Increments the catalogue's version. Every transaction that changes the catalogue must call it.
    pub fn note_catalogue_changed(&mut self) -> Result<(), StoreError> {
        let mut statement = Query::update();
        statement.table(CATALOGUE).value(VERSION, Expr::col(VERSION).add(1_i64));
        statement.and_where(Expr::col("id").eq(1_i64));
        self.execute(&statement)?;
        // Invalidates caches of the catalogue even if no row of it was reported as changed.
        self.mark_changed(Scope::entity().table, Uuid::nil());
        Ok(())
    }
}
