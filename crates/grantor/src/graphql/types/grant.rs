//! Grants of every kind: one row each, of which a kind shows what it has.

mod kinds;
mod row;

pub(in crate::graphql) use kinds::{
    ApiAccessToken, ApiAuthorizationCode, ApiBackchannelRequest, ApiConsent, ApiDeviceCode, ApiRefreshToken,
    Grant,
};
