//! Records are read as they were written.

use model::entities::{
    AccessToken, AccessTokenScope, TrustedApplication, TrustedApplicationAuthorization, User,
};
use model::{Column, Field, Record, Value};
use store::{Store, StoreError};

use crate::sample::*;

/// Inserts a record and finds it by each of its values.
async fn round_trip<R: Record + Clone + Sync + PartialEq + std::fmt::Debug>(store: &Store, record: R) {
    let added = record.clone();
    store
        .write(move |tx| tx.insert(&added))
        .await
        .unwrap_or_else(|error: StoreError| panic!("{record:?}: {error}"));
    store
        .read(move |read| {
            assert_eq!(read.find::<R>(record.id())?.as_ref(), Some(&record));
            for ((column, property), value) in R::entity().columns().zip(record.to_values()) {
                let found = read.list_by::<R>(Column(column), &value, 100)?;
                assert!(found.contains(&record), "{}: {value:?} was not found", property.name());
                for other in found {
                    let index = R::entity().columns().position(|(name, _)| name == column).unwrap();
                    assert_eq!(other.to_values()[index], value, "{} is another", property.name());
                }
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

both_engines! {
    async fn every_record_comes_back_as_it_was(engine: TestEngine) {
        let store = engine.open().await;
        round_trip(&store, user(1)).await;
        round_trip(&store, full_user(2)).await;
        round_trip(&store, application(11)).await;
        round_trip(&store, full_application(12, id(1))).await;
        round_trip(&store, authorization(21, id(1), id(11))).await;
        let full = TrustedApplicationAuthorization {
            external_id: Some("e".to_owned()),
            external_system: Some("s".to_owned()),
            updated_at: Some(at(9)),
            is_revoked: true,
            notes: Some("notes".to_owned()),
            valid_from_utc: Some(at(10)),
            valid_until_utc: Some(at(11)),
            granting_user_id: id(2),
            ..authorization(22, id(1), id(12))
        };
        round_trip(&store, full).await;
        round_trip(&store, grant(31)).await;
        round_trip(&store, full_grant(32, id(31), id(12), id(2))).await;
        round_trip(&store, scope(41, id(31), "read")).await;
        let full = AccessTokenScope {
            last_used_timestamp: Some(at(12)),
            updated_at: Some(at(13)),
            external_id: Some("e".to_owned()),
            external_system: Some("s".to_owned()),
            ..scope(42, id(32), "update")
        };
        round_trip(&store, full).await;
    }

    async fn what_is_not_there_is_not_found(engine: TestEngine) {
        let store = engine.open().await;
        store
            .write(|tx| {
                assert!(!tx.has_any::<User>()?);
                tx.insert(&user(1))?;
                assert!(tx.has_any::<User>()?);
                assert_eq!(tx.find::<User>(id(2))?, None);
                assert_eq!(tx.find_by::<User>(User::Login, &"user-2".to_owned().to_value())?, None);
                tx.insert(&user(2))?;
                assert_eq!(tx.list_by::<User>(User::Active, &Value::Bool(true), 1)?.len(), 1);
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }

    async fn a_unique_value_is_there_once(engine: TestEngine) {
        let store = engine.open().await;
        store
            .write(|tx| {
                tx.insert(&user(1))?;
                tx.insert(&application(1))?;
                tx.insert(&grant(1))
            })
            .await
            .unwrap_or_else(|error: StoreError| panic!("{error}"));
        let same_login = User { login: user(1).login, ..user(2) };
        let same_uri = TrustedApplication { application_uri: application(1).application_uri, ..application(2) };
        let same_key = AccessToken { access_token_key: grant(1).access_token_key, ..grant(2) };
        let refused: [Result<(), StoreError>; 4] = [
            store.write(|tx| tx.insert(&user(1))).await,
            store.write(move |tx| tx.insert(&same_login)).await,
            store.write(move |tx| tx.insert(&same_uri)).await,
            store.write(move |tx| tx.insert(&same_key)).await,
        ];
        for outcome in refused {
            assert!(matches!(outcome, Err(StoreError::Duplicate)), "{outcome:?}");
        }
        let other: Result<(), StoreError> = store.write(|tx| tx.insert(&child(3, 99))).await;
        assert!(matches!(other, Err(StoreError::Engine(_))), "a parent that is not there: {other:?}");
    }

    async fn a_grant_comes_with_its_parties(engine: TestEngine) {
        let store = engine.open().await;
        store
            .write(|tx| {
                tx.insert(&full_user(1))?;
                tx.insert(&full_application(2, id(1)))?;
                tx.insert(&grant(3))?;
                tx.insert(&full_grant(4, id(3), id(2), id(1)))?;
                let alone = tx.find_grant(&grant(3).access_token_key)?.unwrap();
                assert_eq!((alone.grant, alone.application, alone.user), (grant(3), None, None));
                let whole = tx.find_grant(&grant(4).access_token_key)?.unwrap();
                assert_eq!(whole.grant, full_grant(4, id(3), id(2), id(1)));
                assert_eq!(whole.application, Some(full_application(2, id(1))));
                assert_eq!(whole.user, Some(full_user(1)));
                assert_eq!(tx.find_grant_by_id(id(4))?.unwrap().grant, whole.grant);
                assert!(tx.find_grant("key")?.is_none());
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }

    async fn text_with_a_nul_is_refused_by_both_engines(engine: TestEngine) {
        let store = engine.open().await;
        let outcome: Result<(), StoreError> =
            store.write(|tx| tx.insert(&User { name: "a\0b".to_owned(), ..user(1) })).await;
        assert!(matches!(outcome, Err(StoreError::NulCharacter)), "{outcome:?}");
    }
}
