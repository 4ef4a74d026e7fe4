//! One-time links in mails. A newer link of the same purpose replaces the previous one.

use model::{Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, OnConflict, Query, UpdateStatement};

use crate::cell::Cell;
use crate::sql::values;
use crate::{Read, StoreError, Tx};

/// A link in a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailLink {
    /// User.
    pub user_id: Uuid,
    /// Purpose.
    pub purpose: &'static str,
    /// Hash of its secret.
    pub secret_hash: String,
    /// Mail address.
    pub address: String,
    /// Expiry.
    pub expires_at: Timestamp,
}

/// Rate limit of links of one purpose for one user.
#[derive(Clone, Copy, Debug)]
pub struct LinkLimit {
    /// Maximum number of links.
    pub max: i64,
    /// Period in seconds.
    pub period: i64,
}

const LINKS: &str = "grantor_mail_links";

/// Expiry of a consumed link. Not the current time: of two requests, the one that was sent first may arrive
/// later.
const ENDED: i64 = 0;

impl Read<'_> {
    /// Finds a link that has not expired, with its user and address.
    pub fn find_mail_link(
        &self,
        purpose: &'static str,
        secret_hash: &str,
        now: Timestamp,
    ) -> Result<Option<MailLink>, StoreError> {
        let mut statement = Query::select();
        statement.columns(["user_id", "address", "expires_at"]).from(LINKS);
        statement.and_where(Expr::col("secret_hash").eq(secret_hash));
        statement.and_where(Expr::col("purpose").eq(purpose));
        statement.and_where(Expr::col("expires_at").gt(now.micros()));
        let Some(row) = self.query(&statement)?.into_iter().next() else { return Ok(None) };
        let mut cells = row.into_iter();
        let mut next = || cells.next().unwrap_or(Cell::Null);
        Ok(Some(MailLink {
            user_id: next().uuid()?,
            purpose,
            secret_hash: secret_hash.to_owned(),
            address: next().text()?,
            expires_at: next().time()?,
        }))
    }
}

impl Tx<'_> {
    /// Stores a link and replaces the previous one of its purpose, unless the rate limit is exceeded.
    /// Returns whether it was stored.
    pub fn store_mail_link(
        &mut self,
        link: &MailLink,
        now: Timestamp,
        limit: LinkLimit,
    ) -> Result<bool, StoreError> {
        let since = now.plus_seconds(-limit.period).micros();
        let new_period = own(link)
            .value("asked", 1_i64)
            .value("asked_since", now.micros())
            .and_where(Expr::col("asked_since").lte(since))
            .to_owned();
        let same_period = own(link)
            .value("asked", Expr::col("asked").add(1_i64))
            .and_where(Expr::col("asked_since").gt(since))
            .and_where(Expr::col("asked").lt(limit.max))
            .to_owned();
        Ok(self.execute(&new_period)? == 1
            || self.execute(&same_period)? == 1
            || self.add_mail_link(link, now)?)
    }

    fn add_mail_link(&mut self, link: &MailLink, now: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Query::insert();
        let columns = ["user_id", "purpose", "secret_hash", "address", "expires_at", "asked", "asked_since"];
        statement.into_table(LINKS).columns(columns);
        let row: [Expr; 7] = [
            link.user_id.into(),
            link.purpose.into(),
            link.secret_hash.as_str().into(),
            link.address.as_str().into(),
            link.expires_at.micros().into(),
            1_i64.into(),
            now.micros().into(),
        ];
        values(&mut statement, row)?;
        statement.on_conflict(OnConflict::columns(["user_id", "purpose"]).do_nothing().to_owned());
        Ok(self.execute(&statement)? == 1)
    }

    /// Consumes a link. Returns whether it was valid. If called concurrently, exactly one call returns
    /// true.
    pub fn consume_mail_link(&mut self, link: &MailLink, now: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement.table(LINKS).value("expires_at", ENDED);
        statement.and_where(Expr::col("secret_hash").eq(link.secret_hash.as_str()));
        statement.and_where(Expr::col("purpose").eq(link.purpose));
        statement.and_where(Expr::col("expires_at").gt(now.micros()));
        Ok(self.execute(&statement)? == 1)
    }

    /// Expires the link of a purpose of a user, because its subject has changed.
    pub fn expire_mail_link(&mut self, user: Uuid, purpose: &'static str) -> Result<u64, StoreError> {
        let mut statement = Query::update();
        statement.table(LINKS).value("expires_at", ENDED).and_where(Expr::col("user_id").eq(user));
        statement.and_where(Expr::col("purpose").eq(purpose));
        self.execute(&statement)
    }

    /// Removes the links that expired, and were last requested, before a time.
    pub fn remove_mail_links(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let mut statement = Query::delete();
        statement.and_where(Expr::col("asked_since").lt(before.micros()));
        statement.from_table(LINKS).and_where(Expr::col("expires_at").lt(before.micros()));
        self.execute(&statement)
    }
}

/// Updates the user's link of the same purpose to this one.
fn own(link: &MailLink) -> UpdateStatement {
    Query::update()
        .table(LINKS)
        .value("secret_hash", link.secret_hash.as_str())
        .value("address", link.address.as_str())
        .value("expires_at", link.expires_at.micros())
        .and_where(Expr::col("user_id").eq(link.user_id))
        .and_where(Expr::col("purpose").eq(link.purpose))
        .to_owned()
}
