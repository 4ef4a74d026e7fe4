use authority::sign_in::own_sessions::end_others;
use authority::tokens::{CreateToken, UpdateToken, create_token, update_token};
use authority::{AllowedAddresses, Caller, Fault, Needed, Reason, Scopes, seed};
use model::entities::AccessToken;

use crate::engines::{on_both_engines, set_active};
use crate::world::refused;

/// How many try at once.
const TRIES: usize = 8;

pub(crate) fn asked() -> CreateToken {
    CreateToken {
        service: false,
        client_id: "web".to_owned(),
        description: None,
        scopes: Scopes::parse("read update").unwrap(),
        expires: None,
        allowed: AllowedAddresses::default(),
    }
}

/// A request whose session ended after it was authenticated makes nothing.
#[test]
fn a_session_that_has_ended_makes_nothing() {
    on_both_engines(
        |_| (),
        async |world| {
            let ctx = world.at(0);
            let (owner, other) =
                (world.at_page(&ctx, &world.ben).await, world.at_page(&ctx, &world.ben).await);
            end_others(&ctx, &owner).await.unwrap();
            let fault = refused(create_token(&ctx, &other, asked()).await);
            assert!(matches!(fault, Fault::InteractionNeeded(Needed::Login)), "{fault:?}");
            assert!(create_token(&ctx, &owner, asked()).await.is_ok());
        },
    );
}

/// What a token makes while its end is shortened does not outlive it: either the shortening finds it, or it is refused.
#[test]
fn nothing_outlives_a_token_that_is_shortened_at_the_same_time() {
    on_both_engines(
        |_| (),
        async |world| {
            let ctx = world.at(0);
            let owner = world.at_page(&ctx, &world.ben).await;
            for _ in 0..5 {
                let maker = create_token(&ctx, &owner, asked()).await.unwrap();
                let caller = Caller::from_token(&ctx, maker.secret.expose()).await.unwrap();
                let mut tries = tokio::task::JoinSet::new();
                for _ in 0..TRIES {
                    let (ctx, caller) = (ctx.clone(), caller.clone());
                    tries.spawn(async move { create_token(&ctx, &caller, asked()).await });
                }
                tokio::task::yield_now().await;
                let expires = Some(ctx.now.plus_seconds(60));
                let shorter = UpdateToken { expires, ..UpdateToken::default() };
                update_token(&ctx, &owner, maker.grant.id, shorter).await.unwrap();
                for made in tries.join_all().await.into_iter().flatten() {
                    assert!(Caller::from_token(&world.at(61), made.secret.expose()).await.is_err());
                }
            }
        },
    );
}

fn is_of_disabled_user(fault: &Fault) -> bool {
    matches!(fault, Fault::Unauthenticated(Reason::UserInactive))
}

/// A request of a user who was disabled after it was authenticated makes nothing, at a page and with a token.
#[test]
fn a_user_who_was_disabled_meanwhile_makes_nothing() {
    on_both_engines(
        |_| (),
        async |world| {
            let ctx = world.at(0);
            let owner = world.at_page(&ctx, &world.ben).await;
            let token = create_token(&ctx, &owner, asked()).await.unwrap();
            let with_token = Caller::from_token(&ctx, token.secret.expose()).await.unwrap();
            for caller in [&owner, &with_token] {
                set_active(world, &world.ben, false).await;
                let fault = refused(create_token(&ctx, caller, asked()).await);
                assert!(is_of_disabled_user(&fault), "{fault:?}");
                let update = UpdateToken::default();
                let fault = refused(update_token(&ctx, caller, token.grant.id, update).await);
                assert!(is_of_disabled_user(&fault), "{fault:?}");
                set_active(world, &world.ben, true).await;
                assert!(create_token(&ctx, caller, asked()).await.is_ok());
            }
        },
    );
}

/// Of requests that run while their user is disabled, each is complete or refused, and none succeeds afterwards.
#[test]
fn requests_that_run_while_the_user_is_disabled_are_complete_or_refused() {
    on_both_engines(
        |_| (),
        async |world| {
            let ctx = world.at(0);
            let owner = world.at_page(&ctx, &world.ben).await;
            let token = create_token(&ctx, &owner, asked()).await.unwrap();
            let caller = Caller::from_token(&ctx, token.secret.expose()).await.unwrap();
            let mut tries = tokio::task::JoinSet::new();
            for _ in 0..TRIES {
                let (ctx, caller) = (ctx.clone(), caller.clone());
                tries.spawn(async move { create_token(&ctx, &caller, asked()).await });
            }
            tokio::task::yield_now().await;
            set_active(world, &world.ben, false).await;
            let (done, faults): (Vec<_>, Vec<_>) =
                tries.join_all().await.into_iter().partition(Result::is_ok);
            for fault in faults.into_iter().filter_map(Result::err) {
                assert!(is_of_disabled_user(&fault), "{fault:?}");
            }
            for _ in 0..TRIES {
                let fault = refused(create_token(&ctx, &caller, asked()).await);
                assert!(is_of_disabled_user(&fault), "{fault:?}");
            }
            let rows: Vec<AccessToken> = seed::list(&ctx, 1000).await.unwrap();
            let below = rows.iter().filter(|row| row.parent_id == Some(token.grant.id));
            assert_eq!(below.count(), done.len());
        },
    );
}
