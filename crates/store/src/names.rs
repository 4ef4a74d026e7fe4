//! Unique names and their owners.

use model::entities::{TrustedApplication, User};
use model::{Attribute, Record, Uuid};
use sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement};

use crate::cell::Cell;
use crate::records::{decode, select};
use crate::sql::values;
use crate::{Read, StoreError, Tx};

const NAMES: &str = "grantor_names";

/// Kind of a unique name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// Canonical form of a login.
    Login,
    /// Look-alike form of a login.
    LoginLook,
    /// Confirmed e-mail address of a user.
    Address,
    /// Look-alike form of a client_id.
    ClientLook,
}

impl NameKind {
    const fn code(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::LoginLook => "login_look",
            Self::Address => "address",
            Self::ClientLook => "client_look",
        }
    }
}

/// Selects the rows of a table without a name of this kind, with identifiers after `after`, in the order of
/// identifiers.
fn without_name<R: Record>(kind: NameKind, after: Option<Uuid>, limit: u64) -> SelectStatement {
    let table = R::entity().table;
    let named = Query::select()
        .expr(Expr::val(1_i64))
        .from(NAMES)
        .and_where(Expr::col((NAMES, "owner_id")).equals((table, Attribute::ID_COLUMN)))
        .and_where(Expr::col((NAMES, "kind")).eq(kind.code()))
        .to_owned();
    let behind = after.map(|after| Expr::col((table, Attribute::ID_COLUMN)).gt(after));
    select::<R>()
        .and_where(Expr::exists(named).not())
        .and_where_option(behind)
        .order_by((table, Attribute::ID_COLUMN), Order::Asc)
        .limit(limit)
        .to_owned()
}

impl Read<'_> {
    /// Finds the owner of a name.
    pub fn find_name(&self, kind: NameKind, name: &str) -> Result<Option<Uuid>, StoreError> {
        let mut statement = Query::select();
        statement.column("owner_id").from(NAMES).and_where(Expr::col("kind").eq(kind.code()));
        statement.and_where(Expr::col("name").eq(name));
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(first.map(Cell::uuid).transpose()?)
    }

    /// Lists users without a name of this kind, with identifiers after `after`; for [`NameKind::Address`],
    /// only those with a confirmed address.
    pub fn list_users_without_name(
        &self,
        kind: NameKind,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<User>, StoreError> {
        let confirmed =
            Expr::col(User::EmailConfirmed.0).eq(true).and(Expr::col(User::Email.0).is_not_null());
        let mut statement = without_name::<User>(kind, after, limit);
        statement.and_where_option((kind == NameKind::Address).then_some(confirmed));
        self.records(&statement)
    }

    /// Lists applications whose client_id has no look-alike form yet, with identifiers after `after`.
    pub fn list_applications_without_name(
        &self,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<TrustedApplication>, StoreError> {
        self.records(&without_name::<TrustedApplication>(NameKind::ClientLook, after, limit))
    }

    fn records<R: Record>(&self, statement: &SelectStatement) -> Result<Vec<R>, StoreError> {
        self.query(statement)?.into_iter().map(|row| decode(&mut row.into_iter())).collect()
    }
}

impl Tx<'_> {
    /// Assigns a name to an owner, unless it belongs to another one. Returns whether the owner has it. If
    /// called concurrently for different owners, exactly one gets it.
    pub fn claim_name(&mut self, kind: NameKind, name: &str, owner: Uuid) -> Result<bool, StoreError> {
        let mut statement = Query::insert();
        statement.into_table(NAMES).columns(["kind", "name", "owner_id"]);
        values(&mut statement, [kind.code().into(), name.into(), Expr::val(owner)])?;
        statement.on_conflict(OnConflict::columns(["kind", "name"]).do_nothing().to_owned());
        Ok(self.execute(&statement)? == 1 || self.find_name(kind, name)? == Some(owner))
    }

    /// Removes the names of a kind that an owner has.
    pub fn release_names(&mut self, kind: NameKind, owner: Uuid) -> Result<(), StoreError> {
        let own = Expr::col("owner_id").eq(owner);
        let mut statement = Query::delete();
        statement.from_table(NAMES).and_where(own).and_where(Expr::col("kind").eq(kind.code()));
        self.execute(&statement).map(drop)
    }
}

pub(crate) const APPLICATION_NAMES: &str = "grantor_application_names";

impl Read<'_> {
    /// Finds an application that did not register itself and whose name has this look-alike form.
    pub fn find_known_application(&self, look: &str) -> Result<Option<TrustedApplication>, StoreError> {
        let mut known = Query::select();
        known.column("application_id").from(APPLICATION_NAMES).and_where(Expr::col("look").eq(look));
        let id = Expr::col((TrustedApplication::entity().table, Attribute::ID_COLUMN));
        let statement = select::<TrustedApplication>().and_where(id.in_subquery(known)).limit(1).to_owned();
        Ok(self.records(&statement)?.pop())
    }
}

impl Tx<'_> {
    /// Stores the look-alike form of the name of an application that did not register itself.
    pub fn note_application_look(&mut self, application: Uuid, look: &str) -> Result<(), StoreError> {
        let mut statement = Query::insert();
        statement.into_table(APPLICATION_NAMES).columns(["application_id", "look"]);
        values(&mut statement, [Expr::val(application), look.into()])?;
        statement.on_conflict(OnConflict::column("application_id").update_column("look").to_owned());
        self.execute(&statement).map(drop)
    }
}
