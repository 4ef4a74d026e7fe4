use authority::revocations::{confirm, prepare};
use authority::tokens::create_token;
use authority::{Caller, Fault};
use model::entities::GrantKind;
use model::query::{Comparison, Condition, Literal};

use crate::engines::on_both_engines;
use crate::principals::asked;
use crate::world::{World, access, refresh_token};

/// Maximum number of refreshes of one client.
const MOST: usize = 40;

/// A client that goes on refreshing during a revocation has no valid token afterwards.
#[test]
fn nothing_is_refreshed_past_a_revocation() {
    on_both_engines(
        |_| (),
        async |world: &World| {
            let ctx = &world.at(1);
            let mut families = Vec::new();
            for _ in 0..3 {
                let caller = world.at_page(ctx, &world.ben).await;
                let code = world.code(ctx, &caller, "read offline_access").await;
                families.push(refresh_token(&world.exchange(ctx, &code).await.unwrap()).to_owned());
            }
            let admin = &world.at_page(ctx, &world.ada).await;
            let owner = Literal::Text("ben".to_owned());
            let of_ben = Condition::Compare(vec!["Actor".to_owned()], Comparison::Eq, owner);
            let preview = prepare(ctx, admin, &of_ben, "ben".to_owned(), None).await.unwrap();
            assert!(preview.matching >= 3);
            let refreshing = async {
                let mut last = Vec::new();
                for (number, mut refresh) in families.into_iter().enumerate() {
                    let mut tokens = Vec::new();
                    for round in 0..MOST {
                        match world.refresh(ctx, &refresh).await {
                            Ok(next) => {
                                tokens.push(access(&next).to_owned());
                                refresh = refresh_token(&next).to_owned();
                            }
                            Err(Fault::InvalidGrant(_)) => break,
                            Err(fault) => panic!("{number} {round}: {fault:?}"),
                        }
                        tokio::task::yield_now().await;
                    }
                    last.extend(tokens);
                    last.push(refresh);
                }
                last
            };
            let confirming = async {
                tokio::task::yield_now().await;
                confirm(ctx, admin, preview.revocation.id, &of_ben, "ben").await.unwrap()
            };
            let (tokens, done) = tokio::join!(refreshing, confirming);
            assert!(done.total >= 3);
            for token in &tokens {
                assert!(Caller::from_token(ctx, token).await.is_err(), "a token outlived the revocation");
                assert!(world.refresh(ctx, token).await.is_err());
            }
        },
    );
}

/// A token that the access token of a sign-in created ends with it, although its parent is the authorization code.
#[test]
fn what_an_access_token_created_ends_with_it() {
    on_both_engines(
        |_| (),
        async |world: &World| {
            let ctx = &world.at(1);
            let ben = world.at_page(ctx, &world.ben).await;
            let code = world.code(ctx, &ben, "read update").await;
            let maker = access(&world.exchange(ctx, &code).await.unwrap()).to_owned();
            let maker = Caller::from_token(ctx, &maker).await.unwrap();
            let made = create_token(ctx, &maker, asked()).await.unwrap();
            let kind = Literal::Member(GrantKind::ReferenceToken.name().to_owned());
            let of_kind = Condition::Compare(vec!["Kind".to_owned()], Comparison::Eq, kind);
            let admin = &world.at_page(ctx, &world.ada).await;
            let preview = prepare(ctx, admin, &of_kind, "kind".to_owned(), None).await.unwrap();
            assert_eq!((preview.matching, preview.revocation.total), (1, 2));
            assert!(Caller::from_token(ctx, made.secret.expose()).await.is_ok());
            confirm(ctx, admin, preview.revocation.id, &of_kind, "kind").await.unwrap();
            assert!(Caller::from_token(ctx, made.secret.expose()).await.is_err());
        },
    );
}
