//! The addresses from which tokens were used, and the rotations that end by this evidence.

use std::net::IpAddr;

use model::entities::{AccessToken, AccessTokenAddress};
use model::{Attribute, Record as _, Timestamp, Uuid, Value};
use sea_query::{Expr, ExprTrait, Query};

use crate::cell::Cell;
use crate::records::{decode, select};
use crate::{Read, StoreError, Tx};

/// An address from which a token was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsedAddress {
    /// Identifier of its row, if it is new.
    pub id: Uuid,
    /// The address.
    pub address: IpAddr,
}

/// Maximum number of addresses of one token. Further ones are not recorded.
const MOST_ADDRESSES: u64 = 1_000;

impl Read<'_> {
    /// Lists the addresses from which a grant was used.
    pub fn addresses_of(&self, grant: Uuid) -> Result<Vec<AccessTokenAddress>, StoreError> {
        self.list_by(AccessTokenAddress::AccessToken, &Value::Guid(grant), MOST_ADDRESSES)
    }

    /// Lists at most `limit` rotated tokens after `after`, by identifier, that end when their successor is adopted and did
    /// not end yet.
    pub fn list_ending_when_adopted(
        &self,
        after: Option<Uuid>,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<AccessToken>, StoreError> {
        let mut statement = select::<AccessToken>();
        statement
            // Alone, as in the partial index.
            .and_where(Expr::col(AccessToken::EndsWhenAdopted.0))
            .and_where(Expr::col(AccessToken::RevokedTimestamp.0).is_null())
            .and_where(Expr::col(AccessToken::ExpireTimestamp.0).gt(now.micros()))
            .order_by(Attribute::ID_COLUMN, sea_query::Order::Asc)
            .limit(limit);
        if let Some(after) = after {
            statement.and_where(Expr::col(Attribute::ID_COLUMN).gt(after));
        }
        self.query(&statement)?.into_iter().map(|row| decode(&mut row.into_iter())).collect()
    }
}

impl Tx<'_> {
    /// Records that a grant was used from an address.
    pub(crate) fn note_address(
        &mut self,
        grant: Uuid,
        used: UsedAddress,
        time: Timestamp,
    ) -> Result<(), StoreError> {
        let address = used.address.to_string();
        let mut statement = Query::update();
        let (last, of) = (AccessTokenAddress::LastUsedTimestamp.0, AccessTokenAddress::AccessToken.0);
        let later = Expr::case(Expr::col(last).lt(time.micros()), time.micros()).finally(Expr::col(last));
        statement
            .table(AccessTokenAddress::entity().table)
            .value(last, later)
            .and_where(Expr::col(of).eq(grant))
            .and_where(Expr::col(AccessTokenAddress::Address.0).eq(address.as_str()));
        let is_known = self.execute(&statement)? > 0;
        // Locked, so that the token is not purged before its address is inserted.
        if is_known || self.find_shared::<AccessToken>(grant)?.is_none() || self.is_full(grant)? {
            return Ok(());
        }
        self.insert_untracked(&AccessTokenAddress {
            address,
            first_used_timestamp: time,
            last_used_timestamp: time,
            access_token_id: grant,
            ..AccessTokenAddress::new(used.id, time)
        })
    }

    fn is_full(&self, grant: Uuid) -> Result<bool, StoreError> {
        let statement = Query::select()
            .expr(Expr::val(1_i64).count())
            .from(AccessTokenAddress::entity().table)
            .and_where(Expr::col(AccessTokenAddress::AccessToken.0).eq(grant))
            .to_owned();
        let first = self.query(&statement)?.into_iter().flatten().next();
        Ok(u64::try_from(first.map_or(Ok(0), Cell::int)?).unwrap_or(u64::MAX) >= MOST_ADDRESSES)
    }
}
