//! The links that people are sent by mail. Each works once; a newer one of the same purpose replaces it.

use model::{Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, OnConflict, Query, UpdateStatement};

use crate::cell::Cell;
use crate::internal::values;
use crate::{Read, StoreError, Tx};

/// A link that somebody is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailLink {
    /// Whom it is for.
    pub user_id: Uuid,
    /// What it is for.
    pub purpose: &'static str,
    /// The hash of its secret.
    pub secret_hash: String,
    /// The address to which it goes.
    pub address: String,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// How often somebody may be sent a link of one purpose.
#[derive(Clone, Copy, Debug)]
pub struct Often {
    /// How many.
    pub most: i64,
    /// Within how many seconds.
    pub within: i64,
}

const LINKS: &str = "grantor_mail_links";

/// Until when a link works that was used: not "now", for of two requests the one that came first may be the later one here.
const ENDED: i64 = 0;

impl Read<'_> {
    /// Finds for whom and for which address a link is, while it works.
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
    /// Keeps a link in the place of the former one of its purpose, unless its user was sent too many lately. Gives
    /// whether it is kept.
    pub fn keep_mail_link(
        &mut self,
        link: &MailLink,
        now: Timestamp,
        often: Often,
    ) -> Result<bool, StoreError> {
        let since = now.plus_seconds(-often.within).micros();
        let anew = own(link)
            .value("asked", 1_i64)
            .value("asked_since", now.micros())
            .and_where(Expr::col("asked_since").lte(since))
            .to_owned();
        let again = own(link)
            .value("asked", Expr::col("asked").add(1_i64))
            .and_where(Expr::col("asked_since").gt(since))
            .and_where(Expr::col("asked").lt(often.most))
            .to_owned();
        Ok(self.execute(&anew)? == 1 || self.execute(&again)? == 1 || self.add_mail_link(link, now)?)
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

    /// Uses a link up. Gives whether it worked: of several who try, one is told so.
    pub fn use_mail_link(&mut self, link: &MailLink, now: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement.table(LINKS).value("expires_at", ENDED);
        statement.and_where(Expr::col("secret_hash").eq(link.secret_hash.as_str()));
        statement.and_where(Expr::col("purpose").eq(link.purpose));
        statement.and_where(Expr::col("expires_at").gt(now.micros()));
        Ok(self.execute(&statement)? == 1)
    }

    /// Ends the link of a purpose that a user was sent: what it was for is another now.
    pub fn end_mail_link(&mut self, user: Uuid, purpose: &'static str) -> Result<u64, StoreError> {
        let mut statement = Query::update();
        statement.table(LINKS).value("expires_at", ENDED).and_where(Expr::col("user_id").eq(user));
        statement.and_where(Expr::col("purpose").eq(purpose));
        self.execute(&statement)
    }

    /// Removes the links that ended before a moment, and were asked for before it.
    pub fn remove_mail_links(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let mut statement = Query::delete();
        statement.and_where(Expr::col("asked_since").lt(before.micros()));
        statement.from_table(LINKS).and_where(Expr::col("expires_at").lt(before.micros()));
        self.execute(&statement)
    }
}

/// A change of the link that a user was sent for the same purpose, into this one.
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
