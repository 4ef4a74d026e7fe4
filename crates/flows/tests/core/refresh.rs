use authority::tokens::introspect::introspect;
use authority::tokens::revoke_presented;
use authority::{Caller, Fault, Reason};
use flows::grants::Redeemed;

use crate::engines::on_both_engines;
use crate::world::{World, access, refresh_token, refused};

async fn family(world: &World, seconds: i64) -> Redeemed {
    let ctx = world.at(seconds);
    let caller = world.at_page(&ctx, &world.ben).await;
    let code = world.code(&ctx, &caller, "openid read offline_access").await;
    world.exchange(&ctx, &code).await.unwrap()
}

/// The answer to a refresh is repeated for a short time; after that, a second use ends the family.
#[test]
fn an_answer_is_repeated_for_a_short_time() {
    on_both_engines(
        |settings| settings.lifetimes.refresh_repeat_seconds = 60,
        async |world| {
            let first = family(world, 0).await;
            let second = world.refresh(&world.at(10), refresh_token(&first)).await.unwrap();
            let again = world.refresh(&world.at(69), refresh_token(&first)).await.unwrap();
            assert_eq!(access(&again), access(&second));
            assert_eq!(refresh_token(&again), refresh_token(&second));
            let reused = refused(world.refresh(&world.at(71), refresh_token(&first)).await);
            assert!(matches!(reused, Fault::InvalidGrant(Reason::Reused)), "{reused:?}");
            let ended = refused(world.refresh(&world.at(71), refresh_token(&second)).await);
            assert!(matches!(ended, Fault::InvalidGrant(Reason::Revoked)), "{ended:?}");
            assert!(Caller::from_token(&world.at(71), access(&second)).await.is_err());
        },
    );
}

/// An answer of which a token was used is not repeated, however early.
#[test]
fn an_answer_that_arrived_is_not_repeated() {
    on_both_engines(
        |_| (),
        async |world| {
            let first = family(world, 0).await;
            let second = world.refresh(&world.at(1), refresh_token(&first)).await.unwrap();
            assert!(Caller::from_token(&world.at(2), access(&second)).await.is_ok());
            let reused = refused(world.refresh(&world.at(3), refresh_token(&first)).await);
            assert!(matches!(reused, Fault::InvalidGrant(Reason::Reused)), "{reused:?}");
        },
    );
}

/// What arrived was also seen where its access token was revoked, or its refresh token was introspected.
#[test]
fn an_answer_that_was_seen_otherwise_is_not_repeated() {
    on_both_engines(
        |_| (),
        async |world| {
            for is_revoked in [true, false] {
                let first = family(world, 0).await;
                let second = world.refresh(&world.at(1), refresh_token(&first)).await.unwrap();
                let (ctx, web) = (world.at(2), world.web.credentials());
                if is_revoked {
                    revoke_presented(&ctx, &web, access(&second)).await.unwrap();
                } else {
                    assert!(introspect(&ctx, &web, refresh_token(&second)).await.unwrap().is_some());
                }
                let reused = refused(world.refresh(&world.at(3), refresh_token(&first)).await);
                assert!(matches!(reused, Fault::InvalidGrant(Reason::Reused)), "{is_revoked}: {reused:?}");
            }
        },
    );
}

/// A refresh token expires where it is not used, and the family at its absolute end, however often it is.
#[test]
fn refresh_tokens_expire() {
    on_both_engines(
        |settings| {
            settings.lifetimes.refresh_token_lifetime = 1000;
            settings.lifetimes.refresh_absolute_lifetime = 2500;
        },
        async |world| {
            let idle = family(world, 0).await;
            let late = refused(world.refresh(&world.at(1000), refresh_token(&idle)).await);
            assert!(matches!(late, Fault::InvalidGrant(Reason::Expired)), "{late:?}");
            let mut used = family(world, 0).await;
            for seconds in [900, 1800, 2400] {
                used = world.refresh(&world.at(seconds), refresh_token(&used)).await.unwrap();
            }
            let late = refused(world.refresh(&world.at(2500), refresh_token(&used)).await);
            assert!(matches!(late, Fault::InvalidGrant(Reason::Expired)), "{late:?}");
        },
    );
}

/// A code expires, and one that is used twice ends what it gave.
#[test]
fn a_code_is_exchanged_in_time_and_once() {
    on_both_engines(
        |settings| settings.lifetimes.authorization_code_lifetime = 60,
        async |world| {
            let ctx = world.at(0);
            let caller = world.at_page(&ctx, &world.ben).await;
            let late = world.code(&ctx, &caller, "openid read").await;
            let code = world.code(&ctx, &caller, "openid read").await;
            let expired = refused(world.exchange(&world.at(60), &late).await);
            assert!(matches!(expired, Fault::InvalidGrant(Reason::Expired)), "{expired:?}");
            let tokens = world.exchange(&world.at(59), &code).await.unwrap();
            assert!(Caller::from_token(&world.at(59), access(&tokens)).await.is_ok());
            let twice = refused(world.exchange(&world.at(60), &code).await);
            assert!(matches!(twice, Fault::InvalidGrant(Reason::Reused)), "{twice:?}");
            assert!(Caller::from_token(&world.at(60), access(&tokens)).await.is_err());
        },
    );
}
