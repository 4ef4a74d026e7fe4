use super::*;
use crate::testing::{People, World, asked, row};
use crate::tokens::create_token;

/// A disabled user loses everything that acts for the user, exactly what the preview showed; enabling brings nothing back.
#[test]
fn nothing_comes_back() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let admin = &world.administrator(ctx).await;
        let (owner, cookie) = people.session(ctx).await;
        let (_, id) = people.token(ctx, &owner).await;
        create_token(ctx, &owner, asked()).await.unwrap();
        let preview = preview_disable(ctx, admin, "ada").await.unwrap();
        assert_eq!(
            (preview.sessions, preview.grants.clone()),
            (1, vec![(GrantKind::PersonalAccessToken, 2)])
        );
        let ended = disable(ctx, admin, "ADA").await.unwrap();
        assert_eq!((ended.sessions, &ended.grants), (1, &preview.grants), "a login is found in any case");
        assert!(!ended.user.active);
        let again = disable(ctx, admin, "ada").await.unwrap();
        assert_eq!((again.sessions, again.grants.len()), (0, 0), "it was done before");
        assert!(enable(&world.at(2), admin, "ada").await.unwrap().active);
        assert!(crate::sign_in::session::find_session(&world.at(3), &cookie).await.is_err());
        let token: AccessToken = row(ctx, id).await;
        assert_eq!(token.revocation_reason, Some(model::entities::RevocationReason::UserDisabled));
        people.session(&world.at(3)).await;
    });
}

/// Only administrators disable users, and not themselves.
#[test]
fn refusals() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let admin = &world.administrator(ctx).await;
        let (owner, _) = people.session(ctx).await;
        assert!(matches!(disable(ctx, &owner, "ada").await, Err(Fault::Forbidden(_))));
        assert!(matches!(preview_disable(ctx, &owner, "ada").await, Err(Fault::Forbidden(_))));
        assert!(matches!(disable(ctx, admin, &admin.user.login).await, Err(Fault::Conflict(_))));
        assert!(matches!(disable(ctx, admin, "nobody").await, Err(Fault::NotFound(_))));
    });
}
