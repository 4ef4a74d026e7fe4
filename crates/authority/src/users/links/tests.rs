use model::entities::UserType;

use super::*;
use crate::Secret;
use crate::sign_in::session::{SignIn, sign_in};
use crate::testing::{BROWSER, Opened, People, World};
use crate::users::reset_password::{find, reset};

const NEW: &str = "a river runs through the valley";

fn guest() -> CreateUser {
    CreateUser {
        login: "guest".to_owned(),
        name: "A guest".to_owned(),
        email: None,
        password: None,
        is_admin: false,
        user_type: UserType::InternalUser,
    }
}

async fn signs_in(world: &Opened, login: &str) -> bool {
    let outcome = sign_in(&world.at(50), BROWSER, login, &Secret::from(NEW)).await;
    matches!(outcome, Ok(SignIn::Complete(_)))
}

/// An invitation sets the first password, once; a later link replaces it.
#[test]
fn an_invitation_is_used_once() {
    World::with(|_| ()).run(async |world| {
        let (ctx, _) = (&world.at(1), People::new(world).await);
        let admin = &world.administrator(ctx).await;
        let (user, first) = invite(ctx, admin, guest()).await.unwrap();
        assert!(user.password.is_none());
        let (_, second) = give_link(ctx, admin, "GUEST").await.unwrap();
        let secret = |link: &GivenLink| Secret::from(link.expose());
        assert!(matches!(find(ctx, &secret(&first)).await, Err(Fault::NotFound(_))), "it was replaced");
        assert_eq!(find(ctx, &secret(&second)).await.unwrap().id, user.id);
        let late = &world.at(1 + 3 * 24 * 3600);
        assert!(matches!(find(late, &secret(&second)).await, Err(Fault::NotFound(_))), "it has expired");
        let (link, new) = (secret(&second), Secret::from(NEW));
        let (one, other) = tokio::join!(reset(ctx, &link, &new), reset(ctx, &link, &new));
        assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|ok| **ok).count(), 1, "one of two succeeds");
        assert!(signs_in(world, "guest").await);
    });
}

/// A link ends with the user's access, and is refused to those who never sign in.
#[test]
fn a_disabled_user_has_no_link() {
    World::with(|_| ()).run(async |world| {
        let (ctx, _) = (&world.at(1), People::new(world).await);
        let admin = &world.administrator(ctx).await;
        let (_, link) = give_link(ctx, admin, "ada").await.unwrap();
        crate::users::disable(ctx, admin, "ada").await.unwrap();
        let secret = Secret::from(link.expose());
        assert!(matches!(reset(ctx, &secret, &NEW.into()).await, Err(Fault::NotFound(_))));
        assert!(matches!(give_link(ctx, admin, "ada").await, Err(Fault::Conflict(_))));
        assert!(matches!(give_link(ctx, admin, "unknown").await, Err(Fault::NotFound(_))));
        crate::users::enable(ctx, admin, "ada").await.unwrap();
        assert!(matches!(reset(ctx, &secret, &NEW.into()).await, Err(Fault::NotFound(_))), "it ended");
    });
}

/// The operator of the machine gets an administrator back, and no other user.
#[test]
fn administrators_are_recovered() {
    World::with(|_| ()).run(async |world| {
        let (ctx, _) = (&world.at(1), People::new(world).await);
        let admin = &world.administrator(ctx).await;
        assert!(matches!(recover(ctx, "ada", false).await, Err(Fault::NotFound(_))), "she is none");
        let link = recover(ctx, &admin.user.login, true).await.unwrap();
        reset(ctx, &link.expose().into(), &NEW.into()).await.unwrap();
        assert!(signs_in(world, "root").await);
    });
}
