//! Secrets cannot be serialized, and `Debug` does not show their text.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde::Serialize;
use token::client_secret::PlainSecret;
use token::random_id::RandomId;
use token::{PlainToken, Prefix, SystemRandom, TokenKind};

/// Does not compile if the type implements `Serialize`: then two implementations of `Marker` fit.
macro_rules! assert_not_serialize {
    ($($secret:ty),+) => {
        $(const _: fn() = || {
            struct Serializable;
            trait Marker<T> {
                fn mark() {}
            }
            impl<S: ?Sized> Marker<()> for S {}
            impl<S: ?Sized + Serialize> Marker<Serializable> for S {}
            <$secret as Marker<_>>::mark();
        };)+
    };
}

assert_not_serialize!(PlainToken, PlainSecret, RandomId);

#[test]
fn debug_does_not_show_secrets() {
    let token = PlainToken::generate(&Prefix::default(), TokenKind::ALL[0], &SystemRandom).unwrap();
    let secret = PlainSecret::generate(&SystemRandom).unwrap();
    let id = RandomId::generate(&SystemRandom).unwrap();
    for (shown, text) in [
        (format!("{token:?}"), token.expose()),
        (format!("{secret:?}"), secret.expose()),
        (format!("{id:?}"), id.expose()),
    ] {
        assert!(!text.is_empty() && !shown.contains(text), "{shown}");
    }
}
