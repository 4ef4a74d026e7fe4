use authority::sign_in::session::find_session;
use authority::tokens::narrow::narrow;
use authority::tokens::{
    CreateToken, GrantState, RotateToken, UpdateToken, create_token, hand_over, revoke, rotate_token,
    update_token,
};
use authority::{AllowedAddresses, Caller, Ctx, Fault, Issued, Reason, Scopes};

use crate::engines::on_both_engines;
use crate::world::{World, refused};

async fn create(world: &World, ctx: &Ctx, expires_in: Option<i64>) -> (Caller, Issued) {
    let caller = world.at_page(ctx, &world.ben).await;
    let asked = CreateToken {
        service: false,
        client_id: "web".to_owned(),
        description: Some("A test".to_owned()),
        scopes: Scopes::parse("read update").unwrap(),
        expires: expires_in.map(|seconds| ctx.now.plus_seconds(seconds)),
        allowed: AllowedAddresses::default(),
    };
    let issued = create_token(ctx, &caller, asked).await.unwrap();
    (caller, issued)
}

/// Expiry is to the second, whether the grant is in the cache or read again.
#[test]
fn a_token_expires() {
    on_both_engines(
        |settings| settings.lifetimes.access_token_lifetime = 2,
        async |world| {
            let service = world.client_credentials(&world.at(0)).await;
            let (_, personal) = create(world, &world.at(0), Some(2)).await;
            for token in [service.as_str(), personal.secret.expose()] {
                assert!(Caller::from_token(&world.at(1), token).await.is_ok());
                let late = refused(Caller::from_token(&world.at(2), token).await);
                assert!(matches!(late, Fault::Unauthenticated(Reason::Expired)), "{late:?}");
            }
            let caller = Caller::from_token(&world.at(1), personal.secret.expose()).await.unwrap();
            assert_eq!(caller.token().unwrap().state(world.at(1).now), GrantState::Live);
            assert_eq!(caller.token().unwrap().state(world.at(2).now), GrantState::Expired);
            assert!(refused(caller.renewed(&world.at(2)).await).to_string().contains("valid token"));
        },
    );
}

/// What ended is not changed, by one rule for every verb: what expired is treated as what was revoked.
#[test]
fn a_token_that_ended_is_not_changed() {
    on_both_engines(
        |_| (),
        async |world| {
            let ctx = world.at(0);
            let (caller, expired) = create(world, &ctx, Some(100)).await;
            let (_, revoked) = create(world, &ctx, None).await;
            let (_, valid) = create(world, &ctx, Some(1000)).await;
            revoke(&ctx, &caller, revoked.grant.id).await.unwrap();
            let ctx = world.at(100);
            for (id, has_ended) in
                [(expired.grant.id, true), (revoked.grant.id, true), (valid.grant.id, false)]
            {
                let described =
                    UpdateToken { description: Some("Other".to_owned()), ..UpdateToken::default() };
                let results = [
                    ("update", update_token(&ctx, &caller, id, described).await.map(drop)),
                    (
                        "narrow",
                        narrow(&ctx, &caller, id, Some(Scopes::parse("read").unwrap())).await.map(drop),
                    ),
                    ("rotate", rotate_token(&ctx, &caller, id, RotateToken::default()).await.map(drop)),
                ];
                for (verb, result) in results {
                    match result {
                        Err(Fault::Conflict(_)) => assert!(has_ended, "{verb} of a valid token"),
                        Ok(()) => assert!(!has_ended, "{verb} of a token that ended"),
                        Err(fault) => panic!("{verb}: {fault:?}"),
                    }
                }
            }
        },
    );
}

/// A service access token outlives the token with which it was made, and names its maker.
#[test]
fn a_service_token_outlives_the_token_that_made_it() {
    on_both_engines(
        |_| (),
        async |world| {
            let ctx = world.at(0);
            let ada = world.device_token(&ctx, &world.ada, "read update sec").await;
            let maker = Caller::from_token(&ctx, &ada).await.unwrap();
            let asked = CreateToken {
                service: true,
                client_id: "service".to_owned(),
                description: None,
                scopes: Scopes::parse("read").unwrap(),
                expires: None,
                allowed: AllowedAddresses::default(),
            };
            let service = create_token(&ctx, &maker, asked).await.unwrap();
            assert_eq!(service.grant.created_by_id, Some(maker.user.id));
            let later = world.at(2 * 3600);
            assert!(Caller::from_token(&later, &ada).await.is_err(), "it has expired");
            assert!(Caller::from_token(&later, service.secret.expose()).await.is_ok());
            let page = world.at_page(&later, &world.ada).await;
            let unknown = refused(hand_over(&later, &page, service.grant.id, "ben").await);
            assert!(matches!(unknown, Fault::BadField { field: "login", .. }), "{unknown:?}");
        },
    );
}

/// A session is no token, and a token is no session.
#[test]
fn a_session_is_no_token() {
    on_both_engines(
        |_| (),
        async |world| {
            let ctx = world.at(0);
            let signed_in = world.sign_in(&ctx, &world.ben).await;
            let token = world.client_credentials(&ctx).await;
            assert!(Caller::from_token(&ctx, signed_in.secret.expose()).await.is_err());
            assert!(find_session(&ctx, &token).await.is_err());
        },
    );
}
