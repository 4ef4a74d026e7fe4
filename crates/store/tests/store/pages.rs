//! Contents of pages: requested rows and properties, total count, and expansions.

use model::entities::{AccessToken, AccessTokenScope, TrustedApplication};
use model::query::{Actor, Expand, Expanded, Literal, Object, Query};
use model::{Record, Value};
use store::{Store, StoreError};

use crate::engine::TestEngine;
use crate::question::*;
use crate::sample::*;
use crate::world::Rows;

async fn small_world(engine: &TestEngine) -> (Store, Rows) {
    let store = engine.open().await;
    let rows = Rows::new(17);
    rows.write_to(&store).await;
    (store, rows)
}

fn many<'a>(object: &'a Object, name: &str) -> (&'a [Object], Option<u64>) {
    let found = object.expanded.iter().find(|(expanded, _)| *expanded == name);
    let Some((_, Expanded::Many(rows, count))) = found else { panic!("{name} of {object:?}") };
    (rows, *count)
}

fn one<'a>(object: &'a Object, name: &str) -> Option<&'a Object> {
    let found = object.expanded.iter().find(|(expanded, _)| *expanded == name);
    let Some((_, Expanded::One(row))) = found else { panic!("{name} of {object:?}") };
    row.as_deref()
}

both_engines! {
    async fn a_page_has_the_rows_and_properties_that_were_asked_for(engine: TestEngine) {
        let (store, rows) = small_world(&engine).await;
        let all: Vec<_> = AccessToken::entity().columns().map(|(_, property)| property.name()).collect();
        let query = Query { select: vec!["*".to_owned()], ..Query::default() };
        let whole = page::<AccessToken>(&store, &query, Actor::SYSTEM).await;
        assert_eq!((whole.objects.len(), whole.count, whole.next.is_some()), (rows.grants.len(), None, false));
        for (object, grant) in whole.objects.iter().zip(&rows.grants) {
            assert_eq!((object.id, object.version), (grant.id, i64::from(grant.object_version)));
            for (name, value) in all.iter().zip(grant.to_values()) {
                assert_eq!(object.value(name), Some(&value), "{name}");
            }
        }
        let query = Query { select: vec!["Actor".to_owned()], ..Query::default() };
        let narrow = page::<AccessToken>(&store, &query, Actor::SYSTEM).await;
        assert_eq!(narrow.objects[0].value("Actor"), whole.objects[0].value("Actor"));
        assert_eq!(narrow.objects[0].value("Client"), None);
    }

    async fn top_skip_and_count_go_together(engine: TestEngine) {
        let (store, rows) = small_world(&engine).await;
        let total = rows.grants.len();
        let filter = Some(ne("Id", Literal::Guid(rows.grants[0].id)));
        for (top, skip) in [(Some(0), 0), (Some(1), 0), (Some(7), 5), (Some(39), 0), (Some(40), 0), (None, 30), (Some(u64::MAX), u64::MAX)] {
            let query = Query { top, skip, count: true, filter: filter.clone(), ..Query::default() };
            let page = page::<AccessToken>(&store, &query, Actor::SYSTEM).await;
            assert_eq!(page.count, Some(total as u64 - 1));
            let limit = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
            let wanted = rows.grants[1..].iter().skip(limit(skip)).take(top.map_or(usize::MAX, limit));
            let wanted: Vec<_> = wanted.map(|grant| grant.id).collect();
            assert_eq!(page.objects.iter().map(|object| object.id).collect::<Vec<_>>(), wanted, "{top:?} {skip}");
            let more = top.is_some_and(|top| top > 0 && limit(skip).saturating_add(limit(top)) < total - 1);
            assert_eq!(page.next.is_some(), more, "{top:?} {skip}");
        }
    }

    async fn one_row_is_asked_for_by_its_identifier(engine: TestEngine) {
        let (store, rows) = small_world(&engine).await;
        for (wanted, there) in [(rows.grants[3].id, true), (id(4242), false)] {
            let bound = bind(AccessToken::entity(), &Query::default(), Actor::SYSTEM).with_id(wanted);
            let page: Result<_, StoreError> = store.read(move |read| read.page(&bound)).await;
            assert_eq!(page.unwrap().objects.iter().map(|object| object.id).collect::<Vec<_>>(), if there { vec![wanted] } else { vec![] });
        }
    }

    async fn references_and_collections_are_expanded(engine: TestEngine) {
        let (store, rows) = small_world(&engine).await;
        let expand = |name: &str, query: Query| Expand::rows(name, query);
        let parent = expanding("GrantedScopes", Query::default());
        let query = Query {
            expand: vec![expand("Parent", parent), expand("User", Query::default()), expand("GrantedScopes", Query::default())],
            select: vec!["Actor".to_owned()],
            ..Query::default()
        };
        let page = page::<AccessToken>(&store, &query, Actor::SYSTEM).await;
        let scopes_of = |grant: model::Uuid| {
            let own = rows.scopes.iter().filter(move |scope| scope.access_token_id == grant);
            own.map(|scope| scope.id).collect::<Vec<_>>()
        };
        let ids = |objects: &[Object]| objects.iter().map(|object| object.id).collect::<Vec<_>>();
        for (object, grant) in page.objects.iter().zip(&rows.grants) {
            assert_eq!(one(object, "User").map(|user| user.id), grant.user_id);
            assert_eq!(ids(many(object, "GrantedScopes").0), scopes_of(grant.id));
            let parent = one(object, "Parent");
            assert_eq!(parent.map(|parent| parent.id), grant.parent_id);
            if let Some(parent) = parent {
                assert_eq!(ids(many(parent, "GrantedScopes").0), scopes_of(parent.id));
            }
        }
    }

    async fn an_expanded_collection_has_its_own_filter_order_top_skip_and_count(engine: TestEngine) {
        let (store, rows) = small_world(&engine).await;
        let inner = Query { top: Some(2), skip: 1, count: true, filter: Some(ne("Scope", text("sec"))), ..ordered("Id", true) };
        let page = page::<AccessToken>(&store, &expanding("GrantedScopes", inner), Actor::SYSTEM).await;
        for object in &page.objects {
            let own = |scope: &&AccessTokenScope| scope.access_token_id == object.id && scope.scope != "sec";
            let own: Vec<_> = rows.scopes.iter().filter(own).rev().map(|scope| scope.id).collect();
            let (found, count) = many(object, "GrantedScopes");
            assert_eq!(count, Some(own.len() as u64));
            let wanted: Vec<_> = own.into_iter().skip(1).take(2).collect();
            assert_eq!(found.iter().map(|scope| scope.id).collect::<Vec<_>>(), wanted);
        }
    }

    async fn a_referenced_row_that_the_filter_leaves_out_is_not_expanded(engine: TestEngine) {
        let (store, rows) = small_world(&engine).await;
        let query = expanding("TrustedApplication", filtered(eq("IsEnabled", Literal::Bool(true))));
        let page = page::<AccessToken>(&store, &query, Actor::SYSTEM).await;
        let enabled = found::<TrustedApplication>(&store, eq("IsEnabled", Literal::Bool(true)), Actor::SYSTEM).await;
        for (object, grant) in page.objects.iter().zip(&rows.grants) {
            let wanted = grant.trusted_application_id.filter(|id| enabled.contains(id));
            assert_eq!(one(object, "TrustedApplication").map(|application| application.id), wanted);
            assert_eq!(object.value("TrustedApplication"), Some(&grant.trusted_application_id.map_or(Value::Null, Value::Guid)));
        }
    }

    async fn rows_without_references_are_expanded_to_none(engine: TestEngine) {
        let store = engine.open().await;
        let written: Result<(), StoreError> = store.write(|tx| tx.insert(&grant(1))).await;
        written.unwrap();
        let query = Query { top: Some(0), ..expanding("User", Query::default()) };
        assert!(page::<AccessToken>(&store, &query, Actor::SYSTEM).await.objects.is_empty());
        let page = page::<AccessToken>(&store, &expanding("User", Query::default()), Actor::SYSTEM).await;
        assert!(one(&page.objects[0], "User").is_none());
    }
}
