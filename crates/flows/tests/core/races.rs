use authority::{Caller, Fault, Reason};

use crate::engines::on_both_engines;
use crate::world::{access, params, refresh_token};

/// How many try at once.
const TRIES: usize = 8;

/// Of several that exchange one device code at once, one gets a token.
#[test]
fn a_device_code_is_consumed_once() {
    on_both_engines(
        |_| (),
        async |world| {
            let ctx = world.at(0);
            let started = world.start_device(&ctx, "read").await;
            world.approve(&ctx, &started, &world.ben).await.unwrap();
            let mut tries = tokio::task::JoinSet::new();
            for _ in 0..TRIES {
                let kind = "urn:ietf:params:oauth:grant-type:device_code";
                let params = params(&[("grant_type", kind), ("device_code", started.device_code.expose())]);
                let (ctx, credentials) = (ctx.clone(), world.cli.credentials());
                tries.spawn(async move { flows::grants::redeem(&ctx, &credentials, params).await });
            }
            let (won, lost): (Vec<_>, Vec<_>) = tries.join_all().await.into_iter().partition(Result::is_ok);
            assert_eq!((won.len(), lost.len()), (1, TRIES - 1));
            let consumed = |fault: &Fault| matches!(fault, Fault::InvalidGrant(Reason::Consumed));
            assert!(lost.into_iter().all(|lost| lost.err().is_some_and(|fault| consumed(&fault))));
            let token = won.into_iter().next().unwrap().ok().unwrap();
            assert!(
                Caller::from_token(&ctx, access(&token)).await.is_ok(),
                "the others do not harm the first"
            );
        },
    );
}

/// Several refreshes with one token at once give the same tokens: one consumes it, the others repeat its answer.
#[test]
fn concurrent_refreshes_give_one_answer() {
    on_both_engines(
        |_| (),
        async |world| {
            let ctx = world.at(0);
            let caller = world.at_page(&ctx, &world.ben).await;
            let code = world.code(&ctx, &caller, "openid read offline_access").await;
            let first = world.exchange(&ctx, &code).await.unwrap();
            let mut tries = tokio::task::JoinSet::new();
            // At most three answers are repeated.
            for _ in 0..3 {
                let params =
                    params(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token(&first))]);
                let (ctx, credentials) = (ctx.clone(), world.web.credentials());
                tries.spawn(async move { flows::grants::redeem(&ctx, &credentials, params).await });
            }
            let answers: Vec<_> =
                tries.join_all().await.into_iter().map(|answer| answer.ok().unwrap()).collect();
            assert!(answers.windows(2).all(|pair| refresh_token(&pair[0]) == refresh_token(&pair[1])));
        },
    );
}
