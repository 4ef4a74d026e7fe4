//! Callers see only the rows that a naive oracle allows; hidden rows are treated as missing.
//!
//! The oracle has its own implementation of the visibility rules. It removes all hidden rows and runs the
//! query on the remaining ones as a caller who sees all rows.

use model::entities::{
    AccessToken, AccessTokenScope, TrustedApplication, TrustedApplicationAuthorization, User,
};
use model::query::{Actor, Condition, Expand, ExpandShape, Expanded, Expansion, Object, Query, Search};
use model::{Entity, Record, Uuid, Value};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use store::StoreError;

use crate::engine::TestEngine;
use crate::evaluate::World;
use crate::question::bind;
use crate::random::{condition, search};
use crate::sample::id;
use crate::world::{Rows, USERS};

const CASES: u32 = 150;

/// Returns the rows that a user may see.
fn seen_by(rows: &Rows, user: Uuid) -> World {
    let mut world = World::default();
    let is_own = |grant: &&AccessToken| grant.user_id == Some(user);
    let grants: Vec<_> = rows.grants.iter().filter(is_own).collect();
    grants.iter().for_each(|grant| world.add(*grant));
    let of_own = |scope: &&AccessTokenScope| grants.iter().any(|grant| grant.id == scope.access_token_id);
    rows.scopes.iter().filter(of_own).for_each(|scope| world.add(scope));
    rows.users.iter().filter(|row| row.id == user).for_each(|row| world.add(row));
    let used = |application: &&TrustedApplication| {
        application.system_user_id == Some(user)
            || grants.iter().any(|grant| grant.trusted_application_id == Some(application.id))
    };
    rows.applications.iter().filter(used).for_each(|row| world.add(row));
    let involved =
        |row: &&TrustedApplicationAuthorization| row.context_user_id == user || row.granting_user_id == user;
    rows.authorizations.iter().filter(involved).for_each(|row| world.add(row));
    world
}

/// A query with a filter, a search and one expansion with its own filter and search.
fn questions(entity: &'static Entity) -> BoxedStrategy<Query> {
    let asked =
        |entity, depth| (prop::option::of(condition(entity, depth)), prop::option::weighted(0.2, search()));
    let targets: Vec<_> = entity
        .references()
        .iter()
        .map(Expansion::Reference)
        .chain(entity.collections().iter().map(Expansion::Collection))
        .collect();
    let expansions: Vec<_> = targets
        .into_iter()
        .map(|expansion| {
            let is_collection = matches!(expansion, Expansion::Collection(_));
            let shapes = if is_collection {
                vec![ExpandShape::Rows, ExpandShape::Count, ExpandShape::References]
            } else {
                vec![ExpandShape::Rows, ExpandShape::References]
            };
            let inner = (asked(expansion.target(), 1), select(shapes), prop::option::of(0..3_u64), 0..2_u64);
            inner
                .prop_map(move |(asked, shape, top, skip)| {
                    // The position of a referenced row has no meaning.
                    let (top, skip) = if is_collection { (top, skip) } else { (None, 0) };
                    let query = Query { top, skip, count: is_collection, ..question(asked) };
                    Expand { name: expansion.name().to_owned(), shape, query }
                })
                .boxed()
        })
        .collect();
    let expand = if expansions.is_empty() {
        Just(Vec::new()).boxed()
    } else {
        prop::strategy::Union::new(expansions).prop_map(|expand| vec![expand]).boxed()
    };
    (asked(entity, 2), expand)
        .prop_map(|(asked, expand)| Query { expand, count: true, ..question(asked) })
        .boxed()
}

fn question((filter, search): (Option<Condition>, Option<Search>)) -> Query {
    Query { filter, search, ..Query::default() }
}

/// Returns the expected content of an expansion of a row.
fn wanted(world: &World, object: &Object, expand: &Expand, expansion: Expansion) -> Vec<Uuid> {
    let all = bind(expansion.target(), &expand.query, Actor::SYSTEM);
    let rows = world.rows(expansion.target(), all.filter());
    match expansion {
        Expansion::Reference(reference) => {
            rows.into_iter().filter(|row| object.guid(reference.name) == Some(*row)).collect()
        }
        Expansion::Collection(collection) => {
            let owner = |row: &Uuid| world.value(collection.target(), *row, collection.via_column());
            rows.into_iter().filter(|row| owner(row) == Value::Guid(object.id)).collect()
        }
    }
}

fn check_expanded(world: &World, object: &Object, query: &Query) -> Result<(), TestCaseError> {
    for (expand, (name, expanded)) in query.expand.iter().zip(&object.expanded) {
        prop_assert_eq!(&expand.name, name);
        let entity = object.entity;
        let reference = entity.reference(name).map(Expansion::Reference);
        let expansion = reference.or_else(|| entity.collection(name).map(Expansion::Collection)).unwrap();
        let wanted = wanted(world, object, expand, expansion);
        match expanded {
            Expanded::One(one) => {
                let found: Vec<_> = one.iter().map(|row| row.id).collect();
                prop_assert_eq!(found, wanted);
            }
            Expanded::Count(count) => prop_assert_eq!(*count, wanted.len() as u64),
            Expanded::Many(rows, count) => {
                prop_assert_eq!(*count, Some(wanted.len() as u64));
                let limit = |number: u64| usize::try_from(number).unwrap();
                let taken = wanted.into_iter().skip(limit(expand.query.skip));
                let taken: Vec<_> = taken.take(expand.query.top.map_or(usize::MAX, limit)).collect();
                prop_assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), taken);
            }
        }
    }
    Ok(())
}

async fn check<R: Record>(engine: &TestEngine, seed: u64) {
    let store = engine.open().await;
    let rows = Rows::new(seed);
    rows.write_to(&store).await;
    let runtime = tokio::runtime::Handle::current();
    let worlds: Vec<_> = (0..USERS).map(|user| seen_by(&rows, id(user))).collect();
    let checking = move || {
        let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
        TestRunner::new(config)
            .run(&(questions(R::entity()), 0..worlds.len()), |(query, user)| {
                let world = &worlds[user];
                let actor = Actor::user(id(user as u128));
                let wanted = world.rows(R::entity(), bind(R::entity(), &query, Actor::SYSTEM).filter());
                let bound = bind(R::entity(), &query, actor);
                let page: Result<_, StoreError> = runtime.block_on(store.read(move |read| read.page(&bound)));
                let page = page.map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!(page.count, Some(wanted.len() as u64));
                prop_assert_eq!(page.objects.iter().map(|object| object.id).collect::<Vec<_>>(), wanted);
                page.objects.iter().try_for_each(|object| check_expanded(world, object, &query))
            })
            .unwrap_or_else(|failure| panic!("{failure}"));
    };
    tokio::task::spawn_blocking(checking).await.unwrap();
}

both_engines! {
    async fn of_grants(engine: TestEngine) {
        check::<AccessToken>(&engine, 11).await;
    }

    async fn of_scopes(engine: TestEngine) {
        check::<AccessTokenScope>(&engine, 12).await;
    }

    async fn of_applications(engine: TestEngine) {
        check::<TrustedApplication>(&engine, 13).await;
    }

    async fn of_authorizations(engine: TestEngine) {
        check::<TrustedApplicationAuthorization>(&engine, 14).await;
    }

    async fn of_users(engine: TestEngine) {
        check::<User>(&engine, 15).await;
    }
}
