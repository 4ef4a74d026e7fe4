use model::Record as _;
use model::entities::AuditEvent;
use model::query::{Actor, Query};

use super::*;
use crate::testing::{People, World};

fn rights(is_admin: bool) -> UpdateUser {
    UpdateUser { is_admin: Some(is_admin), ..UpdateUser::default() }
}

async fn events(ctx: &Ctx) -> u64 {
    let now = ctx.now;
    let count = ctx
        .store()
        .read(move |read| read.count(&Query::default().bind(AuditEvent::entity(), Actor::SYSTEM.at(now))?));
    count.await.unwrap()
}

/// An administrator gives and takes the rights of another user; the same change again has no event and no new version.
#[test]
fn rights_are_given_and_taken() {
    World::with(|_| ()).run(async |world| {
        let (ctx, _people) = (&world.at(1), People::new(world).await);
        let admin = &world.administrator(ctx).await;
        let made = update(ctx, admin, "ADA", rights(true)).await.unwrap();
        assert!(made.is_admin);
        let before = events(ctx).await;
        let again = update(ctx, admin, "ada", rights(true)).await.unwrap();
        assert_eq!((again.object_version, events(ctx).await), (made.object_version, before));
        assert!(!update(ctx, admin, "ada", rights(false)).await.unwrap().is_admin);
        assert!(events(ctx).await > before);
    });
}

/// Only administrators change users; they keep their own rights, and an address must be one.
#[test]
fn refusals() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let admin = &world.administrator(ctx).await;
        let (owner, _) = people.session(ctx).await;
        assert!(matches!(update(ctx, &owner, "ada", rights(true)).await, Err(Fault::Forbidden(_))));
        let own = update(ctx, admin, &admin.user.login, rights(false)).await;
        assert!(matches!(own, Err(Fault::Conflict(_))));
        assert!(matches!(update(ctx, admin, "unknown", rights(true)).await, Err(Fault::NotFound(_))));
        let address = UpdateUser { email: Some(Some("no address".to_owned())), ..UpdateUser::default() };
        assert!(update(ctx, admin, "ada", address).await.is_err());
        assert!(!update(ctx, admin, "ada", UpdateUser::default()).await.unwrap().is_admin);
    });
}
