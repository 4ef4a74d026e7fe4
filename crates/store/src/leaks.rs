//! Reports of leaked secrets.

use model::entities::{AccessToken, GrantKind};
use model::{Attribute, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::cell::Cell;
use crate::sql::values;
use crate::{Read, StoreError, Tx};

const REPORTS: &str = "grantor_leak_reports";

const COLUMNS: [&str; 8] =
    ["id", "reported_at", "finder_address", "url", "source", "kind", "name", "revoked"];
const GRANT: &str = "access_token_id";

/// A report of a leaked secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeakReport {
    /// Identifier.
    pub id: Uuid,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// Address from which it was reported.
    pub finder_address: String,
    /// Location of the secret according to the reporter; empty if not stated.
    pub url: String,
    /// Reporter according to the report; empty if not stated.
    pub source: String,
    /// Kind of secret: the type of the grant, or [`CLIENT_SECRET`].
    pub kind: String,
    /// Display name: the description of the grant, or the name of the application.
    pub name: String,
    /// Number of revoked grants.
    pub revoked: i64,
    /// Identifier of the grant, if it was one and still exists.
    pub grant: Option<Uuid>,
}

/// The kind of a report about the secret of an application.
pub const CLIENT_SECRET: &str = "client_secret";

/// A leaked secret.
#[derive(Clone, Copy, Debug)]
pub enum Leaked {
    /// The secret of a grant.
    Grant(Uuid),
    /// The secret of an application.
    ClientSecret(Uuid),
}

impl Read<'_> {
    /// Lists the reports since a time, newest first: those about secrets of the user and, with
    /// `include_unowned`, those without a user.
    pub fn list_leak_reports(
        &self,
        user: Uuid,
        include_unowned: bool,
        since: Timestamp,
        limit: u64,
    ) -> Result<Vec<LeakReport>, StoreError> {
        let own = Expr::col("user_id").eq(user);
        let whose = if include_unowned { own.or(Expr::col("user_id").is_null()) } else { own };
        let mut statement = Query::select();
        statement.columns(COLUMNS).column(GRANT).from(REPORTS).and_where(whose);
        statement.and_where(Expr::col("reported_at").gte(since.micros()));
        statement.order_by("reported_at", Order::Desc).order_by("id", Order::Desc).limit(limit);
        self.query(&statement)?.into_iter().map(report).collect()
    }

    /// Lists at most `limit` access tokens that an application obtained for itself and that may still be
    /// valid.
    pub fn list_client_tokens(
        &self,
        application: Uuid,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<Uuid>, StoreError> {
        let expires = Expr::col(AccessToken::ExpireTimestamp.0);
        let mut statement = Query::select();
        statement
            .column(Attribute::ID_COLUMN)
            .from("Sec_Access_Tokens")
            .and_where(Expr::col(AccessToken::TrustedApplication.0).eq(application))
            .and_where(Expr::col(AccessToken::Kind.0).eq(GrantKind::ReferenceToken.code()))
            .and_where(Expr::col(AccessToken::Parent.0).is_null())
            .and_where(Expr::col(AccessToken::RevokedTimestamp.0).is_null())
            .and_where(expires.clone().is_null().or(expires.gt(now.micros())))
            .limit(limit);
        let cells = self.query(&statement)?.into_iter().flatten();
        cells.map(|cell| Ok(cell.uuid()?)).collect()
    }
}

impl Tx<'_> {
    /// Inserts a report. `user` is the owner of the secret, if it has one.
    pub fn insert_leak_report(
        &mut self,
        report: &LeakReport,
        leaked: Leaked,
        user: Option<Uuid>,
    ) -> Result<(), StoreError> {
        let (grant, application) = match leaked {
            Leaked::Grant(id) => (Some(id), None),
            Leaked::ClientSecret(id) => (None, Some(id)),
        };
        let mut statement = Query::insert();
        let references = [GRANT, "trusted_application_id", "user_id"];
        statement.into_table(REPORTS).columns(COLUMNS.into_iter().chain(references));
        let texts = [&report.finder_address, &report.url, &report.source, &report.kind, &report.name];
        let row = [Expr::val(report.id), report.reported_at.micros().into()]
            .into_iter()
            .chain(texts.map(|text| Expr::from(text.as_str())))
            .chain([report.revoked.into()])
            .chain([grant, application, user].map(Expr::val));
        values(&mut statement, row)?;
        self.execute(&statement).map(|_| ())
    }
}

fn report(row: Vec<Cell>) -> Result<LeakReport, StoreError> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    Ok(LeakReport {
        id: next().uuid()?,
        reported_at: next().time()?,
        finder_address: next().text()?,
        url: next().text()?,
        source: next().text()?,
        kind: next().text()?,
        name: next().text()?,
        revoked: next().int()?,
        grant: match next() {
            Cell::Null => None,
            grant => Some(grant.uuid()?),
        },
    })
}
