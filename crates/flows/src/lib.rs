//! The flows of OAuth: how a client obtains its tokens.
//!
//! [`authorization`] is the authorization endpoint, [`device`] the device login, [`ciba`] the backchannel request, and
//! [`grants`] what the token endpoint redeems. Each builds on the subjects of [`authority`].

pub mod authorization;
pub mod ciba;
pub mod device;
pub mod grants;
