//! What is removed of users who are deleted.

use model::entities::{AccessToken, AuditEvent, User, UserProviderLogin};
use model::{Attribute, Record as _, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Query};

use crate::{StoreError, Tx};

impl Tx<'_> {
    /// Removes everything with which a user signs in, except the password: factors, and accounts at providers.
    pub fn remove_sign_in(&mut self, user: Uuid) -> Result<(), StoreError> {
        self.remove_totp(user)?;
        self.replace_recovery_codes(user, &[])?;
        self.remove_passkeys(user)?;
        let mut statement = Query::delete();
        statement
            .from_table(UserProviderLogin::entity().table)
            .and_where(Expr::col(UserProviderLogin::User.0).eq(user));
        self.execute(&statement).map(drop)
    }

    /// Replaces the text that names the user of the user's grants.
    pub fn replace_actor(&mut self, user: Uuid, actor: &str, now: Timestamp) -> Result<u64, StoreError> {
        let mut statement = Query::update();
        statement
            .table(AccessToken::entity().table)
            .value(AccessToken::Actor.0, actor)
            .value(Attribute::UPDATED_COLUMN, now.micros())
            .value(Attribute::VERSION_COLUMN, Expr::col(Attribute::VERSION_COLUMN).add(1_i64))
            .and_where(Expr::col(AccessToken::User.0).eq(user));
        let changed = self.execute(&statement)?;
        self.mark_changed(User::entity().table, user);
        Ok(changed)
    }

    /// Removes the login from the events about a user.
    pub fn forget_login(&mut self, user: Uuid) -> Result<u64, StoreError> {
        let mut statement = Query::update();
        statement
            .table(AuditEvent::entity().table)
            .value(AuditEvent::Data.0, Option::<String>::None)
            .and_where(Expr::col(AuditEvent::SubjectUser.0).eq(user))
            .and_where(Expr::col(AuditEvent::Data.0).like("%\"login\":%"));
        self.execute(&statement)
    }
}
