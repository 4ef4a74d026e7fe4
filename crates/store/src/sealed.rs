//! The columns with sealed values. Key rotation and its tests use this list.

use model::Uuid;
use model::entities::AccessToken;
use model::{Attribute, Record};
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::cell::Cell;
use crate::{Read, StoreError, Tx};

/// A column with sealed values.
///
/// ```
/// use store::Sealed;
///
/// assert_eq!((Sealed::GrantData.table(), Sealed::GrantData.column()), ("Sec_Access_Tokens", "data"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// Sealed facts of the registry.
    Fact,
    /// Private signing keys.
    SigningKey,
    /// Client secrets for `client_secret_jwt`.
    ClientSecret,
    /// Previous client secrets during a rotation.
    FormerClientSecret,
    /// Secrets of authenticator apps.
    Authenticator,
    /// Queued mail.
    Mail,
    /// Pushed authorization requests.
    PushedRequest,
    /// Repeatable refresh responses.
    RefreshAnswer,
    /// Payloads of grants.
    GrantData,
}

/// The key of a row with a sealed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SealedKey {
    /// A UUID.
    Id(Uuid),
    /// Text.
    Text(String),
}

/// Pattern that matches all sealed values.
const SEALED: &str = "v1.%";

impl Sealed {
    /// All columns with sealed values.
    pub const ALL: [Self; 9] = [
        Self::Fact,
        Self::SigningKey,
        Self::ClientSecret,
        Self::FormerClientSecret,
        Self::Authenticator,
        Self::Mail,
        Self::PushedRequest,
        Self::RefreshAnswer,
        Self::GrantData,
    ];

    /// Returns the table.
    pub fn table(self) -> &'static str {
        match self {
            Self::Fact => "grantor_facts",
            Self::SigningKey => "grantor_signing_keys",
            Self::ClientSecret | Self::FormerClientSecret => "grantor_client_secrets",
            Self::Authenticator => "grantor_totp",
            Self::Mail => "grantor_mail",
            Self::PushedRequest => "grantor_pushed_requests",
            Self::RefreshAnswer => "grantor_refresh_answers",
            Self::GrantData => AccessToken::entity().table,
        }
    }

    /// Returns the column.
    pub const fn column(self) -> &'static str {
        match self {
            Self::Fact => "value",
            Self::FormerClientSecret => "former_sealed",
            Self::GrantData => AccessToken::Data.0,
            Self::SigningKey
            | Self::ClientSecret
            | Self::Authenticator
            | Self::Mail
            | Self::PushedRequest
            | Self::RefreshAnswer => "sealed",
        }
    }

    /// Returns the key column of the table.
    const fn key(self) -> &'static str {
        match self {
            Self::Fact => "name",
            Self::SigningKey | Self::Mail => "id",
            Self::ClientSecret | Self::FormerClientSecret => "trusted_application_id",
            Self::Authenticator => "user_id",
            Self::PushedRequest => "secret_hash",
            Self::RefreshAnswer => "access_token_id",
            Self::GrantData => Attribute::ID_COLUMN,
        }
    }

    const fn has_text_key(self) -> bool {
        matches!(self, Self::Fact | Self::SigningKey | Self::PushedRequest)
    }
}

impl From<SealedKey> for Expr {
    fn from(key: SealedKey) -> Self {
        match key {
            SealedKey::Id(id) => id.into(),
            SealedKey::Text(text) => text.into(),
        }
    }
}

impl Read<'_> {
    /// Lists at most `limit` sealed values of a column with the keys of their rows, in the order of the
    /// keys, after `after`.
    pub fn list_sealed(
        &self,
        sealed: Sealed,
        after: Option<&SealedKey>,
        limit: u64,
    ) -> Result<Vec<(SealedKey, String)>, StoreError> {
        let mut statement = Query::select();
        statement.columns([sealed.key(), sealed.column()]).from(sealed.table());
        statement.and_where(Expr::col(sealed.column()).like(SEALED));
        if let Some(after) = after {
            statement.and_where(Expr::col(sealed.key()).gt(Expr::from(after.clone())));
        }
        statement.order_by(sealed.key(), Order::Asc).limit(limit);
        let row = |row: Vec<Cell>| {
            let mut cells = row.into_iter();
            let key = cells.next().unwrap_or(Cell::Null);
            let key =
                if sealed.has_text_key() { SealedKey::Text(key.text()?) } else { SealedKey::Id(key.uuid()?) };
            Ok((key, cells.next().unwrap_or(Cell::Null).text()?))
        };
        self.query(&statement)?.into_iter().map(row).collect()
    }
}

impl Tx<'_> {
    /// Replaces a sealed value by the same value under another key, if it is still `was`. Returns whether
    /// it was. This is not a change of the row, and its version remains.
    pub fn reseal(
        &mut self,
        sealed: Sealed,
        key: &SealedKey,
        was: &str,
        new: &str,
    ) -> Result<bool, StoreError> {
        let mut statement = Query::update();
        statement
            .table(sealed.table())
            .value(sealed.column(), new)
            .and_where(Expr::col(sealed.key()).eq(Expr::from(key.clone())))
            .and_where(Expr::col(sealed.column()).eq(was));
        Ok(self.execute(&statement)? == 1)
    }
}
