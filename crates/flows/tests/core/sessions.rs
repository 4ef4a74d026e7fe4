use authority::sign_in::session::find_session;
use authority::{Caller, Fault, Reason};

use crate::engines::on_both_engines;
use crate::world::refused;

/// An unused session ends; each use puts the end off.
#[test]
fn an_idle_session_ends() {
    on_both_engines(
        |settings| settings.lifetimes.session_idle_timeout = 600,
        async |world| {
            let secret = world.sign_in(&world.at(0), &world.ben).await.secret;
            for seconds in [500, 1000, 1500] {
                assert!(find_session(&world.at(seconds), secret.expose()).await.is_ok(), "{seconds}");
                world.authority.write_last_uses().await.unwrap();
            }
            assert!(find_session(&world.at(2099), secret.expose()).await.is_ok());
            // This use was not written: what is lost of last uses shortens a session, and never prolongs it.
            let late = refused(find_session(&world.at(2101), secret.expose()).await);
            assert!(matches!(late, Fault::Unauthenticated(Reason::Unknown)), "{late:?}");
        },
    );
}

/// A session ends after its lifetime, however often it is used, and the caller of a stream with it.
#[test]
fn a_session_ends_after_its_lifetime() {
    on_both_engines(
        |settings| settings.lifetimes.session_lifetime = 1000,
        async |world| {
            let secret = world.sign_in(&world.at(0), &world.ben).await.secret;
            let caller: Caller = find_session(&world.at(999), secret.expose()).await.unwrap();
            assert!(caller.renewed(&world.at(999)).await.is_ok());
            assert!(find_session(&world.at(1000), secret.expose()).await.is_err());
            assert!(caller.renewed(&world.at(1000)).await.is_err());
            world.authority.maintain(world.at(1000).now).await.unwrap();
            let secret = world.sign_in(&world.at(1001), &world.ben).await.secret;
            assert!(find_session(&world.at(1001), secret.expose()).await.is_ok());
        },
    );
}
