//! Consecutive pages return each row once, in order, while other rows are inserted and removed.

use std::collections::HashSet;

use model::entities::{AccessToken, GrantKind};
use model::query::{Actor, Query};
use model::{Attribute, Record, Uuid, Value};
use store::{Store, StoreError};

use crate::engine::TestEngine;
use crate::question::*;
use crate::sample::*;
use crate::world::TestRng;

const ROWS: u128 = 60;
const PAGE: u64 = 7;

/// Returns a grant whose values often equal another one's or are null. Grants with even numbers stay, odd
/// ones may be removed.
fn tied(number: u128, rng: &mut TestRng) -> AccessToken {
    let tie = |rng: &mut TestRng| i64::try_from(rng.below(4)).unwrap();
    AccessToken {
        external_id: (rng.below(3) > 0)
            .then(|| ["a", "B", "é", "a"][usize::try_from(tie(rng)).unwrap()].to_owned()),
        external_system: Some(number.to_string()),
        updated_at: (rng.below(3) > 0).then(|| at(tie(rng))),
        creation_timestamp: at(tie(rng)),
        access_token_key: format!("{}-{number}", rng.below(1000)),
        kind: GrantKind::ALL[usize::try_from(rng.below(3)).unwrap()],
        ..grant(number)
    }
}

/// Reads all pages; between them, a row is inserted and one is removed. Returns the rows in the order of
/// the pages.
async fn walk(
    engine: &TestEngine,
    store: &Store,
    query: Query,
    rng: &mut TestRng,
    new: &mut u128,
) -> Vec<(Uuid, Value)> {
    let key = query.order_by[0].name.clone();
    let mut query = Query { top: Some(PAGE), select: vec![key.clone()], ..query };
    let mut met = Vec::new();
    loop {
        let page = page::<AccessToken>(store, &query, Actor::SYSTEM).await;
        assert!(page.objects.len() <= usize::try_from(PAGE).unwrap());
        met.extend(page.objects.iter().map(|object| (object.id, object.value(&key).unwrap().clone())));
        let Some(next) = page.next else { break met };
        query.after = Some(next);
        *new += 2;
        let added = tied(*new + 1, rng);
        let written: Result<(), StoreError> = store.write(move |tx| tx.insert(&added)).await;
        written.unwrap();
        let gone = engine.literal(id(u128::from(rng.below(30)) * 2 + 1));
        engine.execute(&format!("DELETE FROM \"Sec_Access_Tokens\" WHERE id = {gone}")).await;
    }
}

fn rank(value: &Value) -> (bool, i64, Vec<u8>) {
    match value {
        Value::Null => (false, 0, Vec::new()),
        Value::Time(time) => (true, time.micros(), Vec::new()),
        Value::Text(text) => (true, 0, text.clone().into_bytes()),
        Value::Guid(id) => (true, 0, id.as_bytes().to_vec()),
        other => panic!("{other:?} is not ordered by"),
    }
}

both_engines! {
    async fn each_row_is_met_once_in_every_order(engine: TestEngine) {
        let store = engine.open().await;
        let rng = &mut TestRng(5);
        let rows: Vec<_> = (0..ROWS).map(|number| tied(number, rng)).collect();
        let added = rows.clone();
        let written: Result<(), StoreError> =
            store.write(move |tx| added.iter().try_for_each(|row| tx.insert(row))).await;
        written.unwrap();
        let staying: HashSet<Uuid> = (0..ROWS).step_by(2).map(id).collect();
        let mut new = 1000;
        let orderable = |attribute: &&Attribute| attribute.is_sortable();
        for attribute in AccessToken::entity().attributes().filter(orderable) {
            for descending in [false, true] {
                let query = ordered(attribute.name, descending);
                let met = walk(&engine, &store, query, rng, &mut new).await;
                let what = format!("{} descending {descending}", attribute.name);
                let distinct: HashSet<Uuid> = met.iter().map(|(id, _)| *id).collect();
                assert_eq!(distinct.len(), met.len(), "{what}: a row was met twice");
                let missed: Vec<_> = staying.difference(&distinct).collect();
                assert!(missed.is_empty(), "{what}: missed {missed:?}");
                let order: Vec<_> = met.iter().map(|(id, value)| (rank(value), *id)).collect();
                let in_order = |pair: &[_]| if descending { pair[0] > pair[1] } else { pair[0] < pair[1] };
                assert!(order.windows(2).all(in_order), "{what}: out of order");
            }
        }
    }

    async fn several_keys_with_a_filter_give_the_same_rows_as_one_page(engine: TestEngine) {
        let store = engine.open().await;
        let rng = &mut TestRng(6);
        let rows: Vec<_> = (0..ROWS).map(|number| tied(number, rng)).collect();
        let written: Result<(), StoreError> =
            store.write(move |tx| rows.iter().try_for_each(|row| tx.insert(row))).await;
        written.unwrap();
        let key = |name: &str, descending| model::query::OrderBy { name: name.to_owned(), descending };
        for (first, second) in [(false, false), (false, true), (true, false), (true, true)] {
            let whole = Query {
                order_by: vec![key("ExternalId", first), key("AggregateLastUpdateTimeUtc", second)],
                filter: Some(ne("Kind", text("RefreshToken"))),
                ..Query::default()
            };
            let ids = |page: &model::query::Page| page.objects.iter().map(|object| object.id).collect::<Vec<_>>();
            let wanted = ids(&page::<AccessToken>(&store, &whole, Actor::SYSTEM).await);
            let mut query = Query { top: Some(3), ..whole };
            let mut met = Vec::new();
            loop {
                let page = page::<AccessToken>(&store, &query, Actor::SYSTEM).await;
                met.extend(ids(&page));
                let Some(next) = page.next else { break };
                query.after = Some(next);
            }
            assert_eq!(met, wanted, "descending {first} {second}");
        }
    }
}

#[test]
fn a_position_of_another_order_is_refused() {
    let entity = AccessToken::entity();
    let null = || Value::Null;
    for (name, after) in [
        ("CreationTimestamp", vec![Value::Guid(id(1))]),
        ("CreationTimestamp", vec![Value::Text("1".to_owned()), Value::Guid(id(1))]),
        ("CreationTimestamp", vec![null(), Value::Guid(id(1))]),
        ("AccessTokenKey", vec![Value::Time(at(1)), Value::Guid(id(1))]),
        ("AccessTokenKey", vec![Value::Text("a\0".to_owned()), Value::Guid(id(1))]),
        ("ExternalId", vec![null(), null()]),
    ] {
        let query = Query { after: Some(after), ..ordered(name, false) };
        let refused = query.bind(entity, Actor::SYSTEM);
        assert!(matches!(refused, Err(model::query::QueryError::BadPosition)), "{query:?}: {refused:?}");
    }
}
