use super::*;
use crate::testing::{People, World, asked};
use crate::tokens::{RotateToken, create_token, revoke, rotate_token};

/// A trace has the grant, what it made, the events that it caused and its addresses, and nothing of others.
#[test]
fn a_trace_has_what_a_token_made() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let (owner, _) = people.session(ctx).await;
        let (first, id) = people.token(ctx, &owner).await;
        let (_, other) = people.token(ctx, &owner).await;
        let child = create_token(ctx, &first, asked()).await.unwrap().grant.id;
        let sibling = create_token(ctx, &first, asked()).await.unwrap().grant.id;
        revoke(ctx, &first, sibling).await.unwrap();
        ctx.authority().write_last_uses().await.unwrap();

        let found = trace(ctx, &owner, Subject::Grant(id)).await.unwrap();
        let made: BTreeSet<_> =
            found.grants[1..].iter().map(|made| (made.grant.id, made.depth, made.made_by)).collect();
        assert_eq!((found.grants[0].grant.id, found.grants[0].depth), (id, 0));
        assert_eq!(made, BTreeSet::from([(child, 1, Some(id)), (sibling, 1, Some(id))]));
        assert!(found.events.iter().all(|event| event.actor_grant_id == Some(id)));
        assert_eq!(found.events.len(), 3, "two creations and a revocation");
        assert!(found.events.is_sorted_by(|one, next| one.time_utc >= next.time_utc));
        assert_eq!(found.addresses[0].address, "127.0.0.1");
        assert!(!found.is_truncated);

        let all = trace(ctx, &owner, Subject::User(owner.user.id)).await.unwrap();
        let ids: Vec<_> = all.grants.iter().map(|traced| traced.grant.id).collect();
        assert_eq!(ids.len(), 4, "each grant is traced once");
        assert!(ids.contains(&other));
        let stranger = trace(ctx, &first, Subject::Client(people.client.id)).await;
        assert!(matches!(stranger, Err(Fault::NotFound(_))), "only administrators trace clients");
        let missing = trace(ctx, &owner, Subject::Grant(Uuid::from_u128(1))).await;
        assert!(matches!(missing, Err(Fault::NotFound(_))));
    });
}

/// A rotation is an event; the successor takes over what the token made.
#[test]
fn a_successor_takes_over_the_trace() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let (owner, _) = people.session(ctx).await;
        let (first, id) = people.token(ctx, &owner).await;
        let child = create_token(ctx, &first, asked()).await.unwrap().grant.id;
        let asked = RotateToken { overlap: 60, ..RotateToken::default() };
        let successor = rotate_token(ctx, &owner, id, asked).await.unwrap().grant.id;
        let found = trace(ctx, &owner, Subject::Grant(successor)).await.unwrap();
        let ids: Vec<_> = found.grants.iter().map(|traced| traced.grant.id).collect();
        assert_eq!(ids, [successor, child]);
    });
}
