use grant_state::state::is_revoked;
use model::entities::{AuditEvent, AuditEventType, Revocation, RevocationReason, RevocationState};
use model::query::Comparison;
use model::{Timestamp, Value};
use store::Change;

use super::*;
use crate::testing::{Opened, People, World, asked, row};
use crate::tokens::create_token;

/// The tokens with a description.
fn described(description: &str) -> Condition {
    let literal = Literal::Text(description.to_owned());
    Condition::Compare(vec!["Client".to_owned()], Comparison::Eq, literal)
}

const FILTER: &str = "{client: {eq: \"app\"}}";

async fn prepared(world: &Opened, seconds: i64, caller: &Caller) -> Prepared {
    prepare(&world.at(seconds), caller, &described("app"), FILTER.to_owned(), Some("left".to_owned()))
        .await
        .unwrap()
}

async fn confirmed(world: &Opened, seconds: i64, caller: &Caller, id: Uuid) -> Result<Revocation, Fault> {
    confirm(&world.at(seconds), caller, id, &described("app"), FILTER).await
}

/// What was shown ends, and what depends on it; what came since does not, and is counted.
#[test]
fn what_was_shown_ends() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let (owner, _) = people.session(ctx).await;
        let (first, id) = people.token(ctx, &owner).await;
        let child = create_token(ctx, &first, asked()).await.unwrap().grant.id;
        let (_, dropped) = people.token(ctx, &owner).await;
        let preview = prepared(world, 2, &owner).await;
        assert_eq!((preview.matching, preview.revocation.total), (3, 3));
        assert_eq!(preview.kinds, [Counted { value: "PersonalAccessToken".to_owned(), count: 3 }]);
        assert_eq!(preview.last_uses.iter().map(|counted| counted.count).sum::<u64>(), 3);
        assert!(Caller::from_token(ctx, "x").await.is_err());
        crate::tokens::revoke(ctx, &owner, dropped).await.unwrap();
        let (_, since) = people.token(ctx, &owner).await;

        let done = confirmed(world, 3, &owner, preview.revocation.id).await.unwrap();
        assert_eq!((done.state, done.total), (RevocationState::Done, 2));
        assert_eq!((done.dropped, done.came_since), (1, 1));
        for member in [id, child] {
            let token: AccessToken = row(ctx, member).await;
            assert_eq!(token.revocation_reason, Some(RevocationReason::Matched));
        }
        assert_eq!(
            row::<AccessToken>(ctx, dropped).await.revocation_reason,
            Some(RevocationReason::Requested)
        );
        assert!(!is_revoked(&row(ctx, since).await));
        let listed = members(ctx, &owner, done.id, None).await.unwrap();
        assert_eq!(listed.len(), 2);
        assert!(receipt(ctx, &owner, done.id).await.unwrap().split('.').count() == 3);
        let kind = Value::Text(AuditEventType::RevocationConfirmed.code().to_owned());
        let events =
            ctx.store().read(move |read| read.list_by::<AuditEvent>(AuditEvent::Type, &kind, 9)).await;
        let events = events.unwrap_or_else(|error: store::StoreError| panic!("{error}"));
        assert!(events.len() == 1 && events[0].data.as_ref().unwrap().contains(&done.id.to_string()));
    });
}

/// A confirmation is refused when time, filter, caller or state changed, and revokes nothing then.
#[test]
fn refusals() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let (owner, _) = people.session(ctx).await;
        let (token, id) = people.token(ctx, &owner).await;
        let admin = &world.administrator(ctx).await;
        let preview = prepared(world, 2, &owner).await.revocation.id;
        let conflict = |answer: Result<Revocation, Fault>| matches!(answer, Err(Fault::Conflict(_)));
        assert!(matches!(confirmed(world, 3, admin, preview).await, Err(Fault::NotFound(_))));
        assert!(conflict(confirmed(world, 3, &token, preview).await), "with a token");
        assert!(conflict(confirmed(world, 2 + CONFIRMABLE, &owner, preview).await), "too late");
        let other = confirm(&world.at(3), &owner, preview, &described("app"), "{}").await;
        assert!(conflict(other), "another filter");
        let reason = Some("x".repeat(MAX_REASON + 1));
        let long = prepare(&world.at(3), &owner, &described("app"), FILTER.to_owned(), reason).await;
        assert!(matches!(long, Err(Fault::BadField { field: "reason", .. })));
        assert!(!is_revoked(&row(ctx, id).await));
        assert!(receipt(ctx, &owner, preview).await.is_err(), "there is none before");
        let members_of = async |row: &Revocation| {
            let listed = members(ctx, &owner, row.id, None).await.unwrap();
            let lines: String = listed.iter().map(|id| format!("{id}\n")).collect();
            token::digest::base64url(&token::digest::sha256(lines.as_bytes()))
        };
        let twice = tokio::join!(confirmed(world, 4, &owner, preview), confirmed(world, 4, &owner, preview));
        assert_eq!([twice.0.is_ok(), twice.1.is_ok()].iter().filter(|ok| **ok).count(), 1);
        let won = twice.0.or(twice.1).unwrap();
        assert_eq!(won.members_hash, Some(members_of(&won).await), "the other one changed no member");
        assert!(conflict(confirmed(world, 5, &owner, preview).await), "it was confirmed before");
    });
}

/// A grant that has ended is neither shown nor counted, though what depends on it is revoked.
#[test]
fn ended_grants_are_not_counted() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let (owner, _) = people.session(ctx).await;
        let (first, id) = people.token(ctx, &owner).await;
        let ended = create_token(ctx, &first, asked()).await.unwrap().grant.id;
        crate::tokens::revoke(ctx, &owner, ended).await.unwrap();
        let later = create_token(ctx, &first, asked()).await.unwrap().grant.id;
        let preview = prepared(world, 2, &owner).await.revocation;
        assert_eq!(preview.total, 2);
        crate::tokens::revoke(ctx, &owner, later).await.unwrap();
        let done = confirmed(world, 3, &owner, preview.id).await.unwrap();
        assert_eq!((done.total, done.dropped), (1, 1));
        assert_eq!(members(ctx, &owner, done.id, None).await.unwrap(), [id]);
    });
}

/// A user has few previews: a further one replaces the oldest. Those that cannot be confirmed any more are removed.
#[test]
fn previews_are_limited() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let (owner, _) = people.session(ctx).await;
        people.token(ctx, &owner).await;
        let first = prepared(world, 2, &owner).await.revocation.id;
        for _ in 0..MOST_PREVIEWS {
            prepared(world, 3, &owner).await;
        }
        assert!(matches!(confirmed(world, 4, &owner, first).await, Err(Fault::NotFound(_))));
        let count = async || {
            let code = Value::Text(RevocationState::Prepared.code().to_owned());
            let found =
                ctx.store().read(move |read| read.list_by::<Revocation>(Revocation::State, &code, 99));
            found.await.unwrap_or_else(|error: store::StoreError| panic!("{error}")).len()
        };
        assert_eq!(count().await, MOST_PREVIEWS);
        world.maintain(5 + CONFIRMABLE).await;
        assert_eq!(count().await, 0);
    });
}

/// From the switch on, members are refused and make nothing, before their rows follow; maintenance ends what a crash left.
#[test]
fn an_open_revocation_is_continued() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let (owner, _) = people.session(ctx).await;
        let issued = create_token(ctx, &owner, asked()).await.unwrap();
        let id = issued.grant.id;
        let maker = Caller::from_token(ctx, issued.secret.expose()).await.unwrap();
        let preview = prepared(world, 2, &owner).await.revocation.id;
        let switched = ctx.store().write(move |tx| {
            let change = Change::new::<Revocation>(preview, Timestamp::from_seconds(0));
            tx.change(change.set(Revocation::State, &RevocationState::Open)).map(drop)
        });
        switched.await.unwrap_or_else(|error: store::StoreError| panic!("{error}"));
        assert!(!is_revoked(&row(ctx, id).await), "the row did not follow");
        assert!(Caller::from_token(ctx, issued.secret.expose()).await.is_err());
        assert!(create_token(ctx, &maker, asked()).await.is_err(), "it makes nothing");
        let changed = maker.transaction(ctx, |_, _| Ok(())).await;
        assert!(matches!(changed, Err(Fault::Unauthenticated(crate::Reason::Revoked))), "it changes nothing");
        let consumed = ctx.store().write(move |tx| {
            let consume = Change::new::<AccessToken>(id, Timestamp::from_seconds(0));
            tx.change(grant_state::state::if_not_ended(consume, Timestamp::from_seconds(0)))
        });
        assert!(
            !consumed.await.unwrap_or_else(|error: store::StoreError| panic!("{error}")),
            "nor is it used"
        );
        world.maintain(10).await;
        assert_eq!(row::<AccessToken>(ctx, id).await.revocation_reason, Some(RevocationReason::Matched));
        assert_eq!(row::<Revocation>(ctx, preview).await.state, RevocationState::Done);
        let forgotten = prepared(world, 20, &owner).await.revocation.id;
        world.maintain(21 + CONFIRMABLE).await;
        let left = ctx.store().read(move |read| read.find::<Revocation>(forgotten)).await;
        assert!(left.unwrap_or_else(|error: store::StoreError| panic!("{error}")).is_none());
    });
}
