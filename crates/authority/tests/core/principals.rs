use authority::sign_in::own_sessions::end_others;
use authority::tokens::{CreateToken, UpdateToken, create_token, update_token};
use authority::{AllowedAddresses, Caller, Fault, Needed, Scopes};

use crate::world::{on_both_engines, refused};

/// How many try at once.
const TRIES: usize = 8;

fn asked() -> CreateToken {
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
