use authority::registry::query;
use authority::{Caller, Ctx};
use grant_state::state::state;
use model::entities::{AccessToken, GrantKind, GrantState, TrustedApplication, User};
use model::query::{Comparison, Condition, Literal, Query};
use model::{Record as _, Timestamp, Uuid};
use store::Change;

use crate::engines::on_both_engines;
use crate::world::World;

/// A grant for each combination of what its state depends on.
async fn add_all(ctx: &Ctx, clients: &[Uuid], users: &[Uuid]) -> Vec<Uuid> {
    let (past, future) = (ctx.now.plus_seconds(-60), ctx.now.plus_seconds(60));
    let ends = [None, Some(past), Some(ctx.now), Some(future)];
    let owners: Vec<_> = users.iter().copied().map(Some).chain([None]).collect();
    let mut ids = Vec::new();
    for (revoked, used) in [(None, None), (Some(past), None), (None, Some(past)), (Some(past), Some(past))] {
        for end in ends {
            for client in clients {
                for (user, parent) in owners.iter().flat_map(|user| [(*user, None), (*user, Some(*client))]) {
                    ids.push(add(ctx, (revoked, used, end), *client, user, parent).await);
                }
            }
        }
    }
    ids
}

/// Adds a grant; with `parent`, below a grant of another client.
async fn add(
    ctx: &Ctx,
    (revoked, used, end): (Option<Timestamp>, Option<Timestamp>, Option<Timestamp>),
    client: Uuid,
    user: Option<Uuid>,
    parent: Option<Uuid>,
) -> Uuid {
    let id = ctx.new_id().unwrap();
    let above = ctx.new_id().unwrap();
    let other = clients(ctx).await.into_iter().find(|other| Some(*other) != parent).unwrap();
    let grant = move |id: Uuid| AccessToken {
        access_token_key: id.to_string(),
        kind: GrantKind::ReferenceToken,
        user_id: user,
        ..AccessToken::new(id, Timestamp::from_seconds(0))
    };
    let mut own = grant(id);
    own.trusted_application_id = Some(client);
    own.consumed_timestamp = used;
    own.expire_timestamp = end;
    let mut maker = grant(above);
    maker.trusted_application_id = Some(other);
    own.parent_id = parent.map(|_| above);
    ctx.store()
        .write(move |tx| {
            if parent.is_some() {
                tx.insert_grant(&maker, &[])?;
            }
            tx.insert_grant(&own, &[])?;
            let change = Change::new::<AccessToken>(id, Timestamp::from_seconds(0));
            tx.change(change.set(AccessToken::RevokedTimestamp, &revoked)).map(drop)
        })
        .await
        .unwrap_or_else(|error: store::StoreError| panic!("{error}"));
    id
}

async fn clients(ctx: &Ctx) -> Vec<Uuid> {
    let all: Vec<TrustedApplication> = authority::seed::list(ctx, 100).await.unwrap();
    all.iter().map(|client| client.id).collect()
}

/// The identifiers of the grants that a filter finds, each with the state that the query shows.
async fn found(ctx: &Ctx, caller: &Caller, filter: Condition) -> Vec<(Uuid, GrantState)> {
    let select = vec!["Id".to_owned(), "State".to_owned()];
    let query = Query { select, filter: Some(filter), ..Query::default() };
    let bound = query::bind(ctx, caller, AccessToken::entity(), &query).unwrap();
    let page = query::fetch(ctx, &bound).await.unwrap();
    let state = |text: &str| GrantState::from_name(text).unwrap();
    page.objects.iter().map(|object| (object.id, state(&object.text("State").unwrap()))).collect()
}

/// The state that queries show and filter by is that of the look-up, for every combination.
#[test]
fn queries_know_the_state() {
    on_both_engines(
        |_| (),
        async |world: &World| {
            let ctx = &world.at(100);
            let caller = &world.at_page(ctx, &world.ada).await;
            let all = clients(ctx).await;
            let users: Vec<User> = authority::seed::list(ctx, 100).await.unwrap();
            let (active, left) = (users[0].id, users.iter().find(|user| user.login == "ben").unwrap().id);
            let ids = add_all(ctx, &all[..2], &[active, left]).await;
            let disabled = all[0];
            ctx.store()
                .write(move |tx| {
                    let client = Change::new::<TrustedApplication>(disabled, Timestamp::from_seconds(0));
                    tx.change(client.set(TrustedApplication::IsEnabled, &false))?;
                    let user = Change::new::<User>(left, Timestamp::from_seconds(0));
                    tx.change(user.set(User::Active, &false)).map(drop)
                })
                .await
                .unwrap_or_else(|error: store::StoreError| panic!("{error}"));
            let mut seen = std::collections::BTreeSet::new();
            for wanted in GrantState::ALL {
                let literal = Literal::Text(wanted.name().to_owned());
                let path = vec!["State".to_owned()];
                let equal = Condition::Compare(path.clone(), Comparison::Eq, literal.clone());
                let is_in = Condition::In(path.clone(), vec![literal.clone()]);
                let unequal = Condition::Compare(path, Comparison::Ne, literal);
                let with = found(ctx, caller, equal).await;
                assert_eq!(with, found(ctx, caller, is_in).await);
                let without = found(ctx, caller, unequal).await;
                assert!(with.iter().all(|(_, shown)| shown == wanted));
                assert!(without.iter().all(|(_, shown)| shown != wanted));
                for id in &ids {
                    let id = *id;
                    let grant = ctx.store().read(move |read| read.find_grant_by_id(id)).await;
                    let grant = grant.unwrap_or_else(|error: store::StoreError| panic!("{error}")).unwrap();
                    let own = GrantState::from(state(&grant, ctx.now));
                    assert_eq!(with.iter().any(|(found, _)| found == &id), own == *wanted, "{grant:?}");
                    assert_eq!(without.iter().any(|(found, _)| found == &id), own != *wanted);
                    seen.insert(own.name());
                }
            }
            assert_eq!(seen.len(), GrantState::ALL.len(), "every state occurs: {seen:?}");
        },
    );
}
