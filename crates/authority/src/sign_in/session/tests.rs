use super::*;
use crate::testing::{BROWSER, People, World};
use crate::users::change_password;

/// A sign-in whose password is being verified while it is changed gives no session.
#[test]
fn a_sign_in_under_way_ends_with_the_password() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let (owner, _) = people.session(ctx).await;
        let slot = Asking::Stranger;
        let running = ctx.authority().password_slots.slot_for(slot).running.clone();
        let held = running.acquire_owned().await.unwrap();
        let (thief, former) = (ctx.clone(), people.password.clone());
        let waiting = &ctx.authority().password_slots.slot_for(slot).waiting;
        let free = waiting.available_permits();
        let under_way = tokio::spawn(async move { sign_in(&thief, BROWSER, "ada", &former).await });
        while waiting.available_permits() == free {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        let place = BrowserContext { before: Some(&owner), ..BROWSER };
        change_password(ctx, place, &owner, &people.password, &"a quite different sentence".into())
            .await
            .unwrap();
        drop(held);
        let refused = under_way.await.unwrap();
        assert!(matches!(refused, Err(Fault::Unauthenticated(Reason::WrongProof))), "a session was made");
        let (id, now) = (people.user.id, ctx.now);
        let sessions = ctx.store().read(move |read| read.list_sessions(id, now, now.plus_seconds(-1))).await;
        assert_eq!(sessions.unwrap().len(), 1);
    });
}
