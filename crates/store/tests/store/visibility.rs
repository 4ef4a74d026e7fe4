//! Users without administrator rights see only their own rows: as rows and through paths, collections and
//! expansions.

use model::Record;
use model::entities::{
    AccessToken, AccessTokenScope, TrustedApplication, TrustedApplicationAuthorization, User,
};
use model::query::{Actor, Condition, Expanded, Literal, Query};
use store::{Store, StoreError};

use crate::engine::TestEngine;
use crate::question::*;
use crate::sample::*;

const ALICE: Actor = Actor::user(id_of(1));
const BOB: Actor = Actor::user(id_of(2));
const ANONYMOUS: Actor = Actor { sees_all: false, ..Actor::SYSTEM };

const fn id_of(number: u128) -> model::Uuid {
    model::Uuid::from_u128(number)
}

/// Alice (1) and Bob (2) with applications 11 (Alice's grants), 12 (Bob's), 13 (without grants), 14 (acts
/// as Bob).
async fn two_users(engine: &TestEngine) -> Store {
    let store = engine.open().await;
    let of = |user: u128, application: u128, grant: AccessToken| AccessToken {
        user_id: Some(id(user)),
        trusted_application_id: Some(id(application)),
        ..grant
    };
    let written: Result<(), StoreError> = store
        .write(move |tx| {
            (1..=2).try_for_each(|number| tx.insert(&user(number)))?;
            (11..=13).try_for_each(|number| tx.insert(&application(number)))?;
            tx.insert(&TrustedApplication { system_user_id: Some(id(2)), ..application(14) })?;
            tx.insert(&authorization(51, id(1), id(11)))?;
            tx.insert(&authorization(52, id(2), id(11)))?;
            tx.insert_grant(&of(1, 11, grant(21)), &[scope(31, id(21), "read")])?;
            tx.insert_grant(&of(2, 12, grant(22)), &[scope(32, id(22), "update")])?;
            // A grant of Alice with a parent of Bob's, and one without a user.
            tx.insert_grant(&of(1, 11, child(23, 22)), &[scope(33, id(23), "update")])?;
            tx.insert_grant(&grant(24), &[scope(34, id(24), "update")])
        })
        .await;
    written.unwrap();
    store
}

async fn sees<R: Record>(store: &Store, actor: Actor) -> Vec<u128> {
    sees_with::<R>(store, actor, Condition::Constant(true)).await
}

async fn sees_with<R: Record>(store: &Store, actor: Actor, filter: Condition) -> Vec<u128> {
    found::<R>(store, filter, actor).await.into_iter().map(|id| id.as_u128()).collect()
}

both_engines! {
    async fn everyone_sees_their_own_rows(engine: TestEngine) {
        let store = two_users(&engine).await;
        for (actor, users, applications, authorizations, grants, scopes) in [
            (ALICE, vec![1], vec![11], vec![51], vec![21, 23], vec![31, 33]),
            (BOB, vec![2], vec![12, 14], vec![52], vec![22], vec![32]),
            (ANONYMOUS, vec![], vec![], vec![], vec![], vec![]),
            (Actor::user(id(9)), vec![], vec![], vec![], vec![], vec![]),
            (Actor::SYSTEM, vec![1, 2], vec![11, 12, 13, 14], vec![51, 52], vec![21, 22, 23, 24], vec![31, 32, 33, 34]),
        ] {
            assert_eq!(sees::<User>(&store, actor).await, users, "{actor:?}");
            assert_eq!(sees::<TrustedApplication>(&store, actor).await, applications, "{actor:?}");
            assert_eq!(sees::<TrustedApplicationAuthorization>(&store, actor).await, authorizations, "{actor:?}");
            assert_eq!(sees::<AccessToken>(&store, actor).await, grants, "{actor:?}");
            assert_eq!(sees::<AccessTokenScope>(&store, actor).await, scopes, "{actor:?}");
        }
    }

    async fn a_filter_tells_nothing_of_rows_of_others(engine: TestEngine) {
        let store = two_users(&engine).await;
        let key = Literal::Text(grant(22).access_token_key);
        // By its own row, through a reference, and by the result of a negation.
        assert!(sees_with::<AccessToken>(&store, ALICE, eq("AccessTokenKey", key.clone())).await.is_empty());
        assert!(sees_with::<AccessToken>(&store, ALICE, eq("Parent/AccessTokenKey", key.clone())).await.is_empty());
        assert_eq!(sees_with::<AccessToken>(&store, ALICE, not(eq("Parent/AccessTokenKey", key))).await, [21, 23]);
        let updates = || eq("Scope", text("update"));
        assert!(sees_with::<AccessToken>(&store, ALICE, any("Parent/GrantedScopes", updates())).await.is_empty());
        assert_eq!(sees_with::<AccessToken>(&store, ALICE, any("GrantedScopes", updates())).await, [23]);
        // Alice sees application 11, but not Bob's authorization of it.
        let of_bob = || eq("ContextUser", Literal::Guid(id(2)));
        assert!(sees_with::<TrustedApplication>(&store, ALICE, any("Authorizations", of_bob())).await.is_empty());
        assert_eq!(sees_with::<TrustedApplication>(&store, Actor::SYSTEM, any("Authorizations", of_bob())).await, [11]);
        assert_eq!(sees_with::<TrustedApplication>(&store, ALICE, all("Authorizations", not(of_bob()))).await, [11]);
    }

    async fn an_expansion_leaves_out_rows_of_others(engine: TestEngine) {
        let store = two_users(&engine).await;
        let parents = page::<AccessToken>(&store, &expanding("Parent", Query::default()), ALICE).await;
        for object in &parents.objects {
            assert!(matches!(object.expanded[..], [("Parent", Expanded::One(None))]), "{object:?}");
        }
        let parents = page::<AccessToken>(&store, &expanding("Parent", Query::default()), Actor::SYSTEM).await;
        let expanded = parents.objects.iter().filter(|object| matches!(object.expanded[..], [(_, Expanded::One(Some(_)))]));
        assert_eq!(expanded.count(), 1);
        for (actor, wanted) in [(ALICE, vec![51]), (Actor::SYSTEM, vec![51, 52])] {
            let asked = Query { count: true, ..Query::default() };
            let page = page::<TrustedApplication>(&store, &expanding("Authorizations", asked), actor).await;
            let first = page.objects.iter().find(|object| object.id == id(11)).unwrap();
            let [(_, Expanded::Many(rows, count))] = &first.expanded[..] else { panic!("{first:?}") };
            assert_eq!(rows.iter().map(|row| row.id.as_u128()).collect::<Vec<_>>(), wanted);
            assert_eq!(*count, Some(wanted.len() as u64));
        }
    }
}
