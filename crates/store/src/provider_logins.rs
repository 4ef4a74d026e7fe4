//! Accounts at other providers with which users sign in.

use model::entities::UserProviderLogin;
use model::{Attribute, Record, Timestamp, Uuid};
use sea_query::{Expr, ExprTrait, Query};

use crate::records::{decode, select};
use crate::{Read, StoreError, Tx};

impl Read<'_> {
    /// Finds an account by its issuer and subject, which together are unique.
    pub fn find_provider_login(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<UserProviderLogin>, StoreError> {
        let statement = select::<UserProviderLogin>()
            .and_where(Expr::col(UserProviderLogin::Issuer.0).eq(issuer))
            .and_where(Expr::col(UserProviderLogin::Subject.0).eq(subject))
            .to_owned();
        let first = self.query(&statement)?.into_iter().next();
        first.map(|row| decode(&mut row.into_iter())).transpose()
    }
}

impl Tx<'_> {
    /// Records a sign-in with an account. Returns whether it is still linked to the same user.
    pub fn note_provider_login(&mut self, id: Uuid, user: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement
            .table(UserProviderLogin::entity().table)
            .value(UserProviderLogin::LastUsedTimestamp.0, now.micros())
            .and_where(Expr::col(Attribute::ID_COLUMN).eq(id))
            .and_where(Expr::col(UserProviderLogin::User.0).eq(user));
        Ok(self.execute(&statement)? == 1)
    }

    /// Unlinks an account of a user.
    pub fn remove_provider_login(&mut self, id: Uuid, user: Uuid) -> Result<bool, StoreError> {
        let mut statement = Query::delete();
        statement
            .from_table(UserProviderLogin::entity().table)
            .and_where(Expr::col(Attribute::ID_COLUMN).eq(id))
            .and_where(Expr::col(UserProviderLogin::User.0).eq(user));
        Ok(self.execute(&statement)? == 1)
    }
}
