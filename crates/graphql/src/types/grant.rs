//! Grants of every kind: one row each, of which a kind shows what it has.

mod grant_type;
mod kinds;
mod row;

pub(crate) use kinds::{
    ApiAccessToken, ApiAuthorizationCode, ApiBackchannelRequest, ApiConsent, ApiDeviceCode, ApiRefreshToken,
    Grant,
};
