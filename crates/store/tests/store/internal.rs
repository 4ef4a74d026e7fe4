//! Internal tables.

use model::Timestamp;
use store::{
    DeliveryState, LogoutRow, Outbox, PasskeyRow, PushedRequest, SessionRow, SigningKeyRow, StoreError,
};

use crate::sample::*;

fn key(name: &str, algorithm: &str, seconds: i64) -> SigningKeyRow {
    SigningKeyRow {
        id: name.to_owned(),
        algorithm: algorithm.to_owned(),
        sealed: format!("sealed {name}"),
        created_at: at(seconds),
        retired_at: None,
    }
}

fn session(number: u128, expires: i64) -> SessionRow {
    SessionRow {
        id: id(number),
        secret_hash: format!("hash {number}"),
        user_id: id(1),
        address: "192.0.2.1".to_owned(),
        browser: "Firefox".to_owned(),
        created_at: START,
        authenticated_at: START,
        methods: "pwd".to_owned(),
        provider: None,
        expires_at: at(expires),
        last_seen_at: START,
    }
}

/// Before all other times in these tests.
const BEFORE: Timestamp = Timestamp::from_seconds(0);

both_engines! {
    async fn a_fact_is_added_and_removed_once(engine: TestEngine) {
        let store = engine.open().await;
        let race = (0..20).map(|number: u32| {
            let store = store.clone();
            tokio::spawn(async move {
                let stated: Result<bool, StoreError> = store.write(move |tx| tx.add_fact("prefix", &number.to_string())).await;
                stated.unwrap()
            })
        });
        let mut stated = 0;
        for racer in race.collect::<Vec<_>>() {
            stated += u32::from(racer.await.unwrap());
        }
        assert_eq!(stated, 1);
        store.write(|tx| {
            let value = tx.find_fact("prefix")?.unwrap();
            assert!(!tx.remove_fact("prefix", "another")?);
            assert!(tx.remove_fact("prefix", &value)?);
            assert!(!tx.remove_fact("prefix", &value)?);
            assert_eq!(tx.find_fact("prefix")?, None);
            Ok::<_, StoreError>(())
        }).await.unwrap();
    }

    async fn signing_keys_retire_and_leave(engine: TestEngine) {
        let store = engine.open().await;
        store.write(|tx| {
            for key in [key("a", "ES256", 1), key("b", "ES256", 2), key("c", "RS256", 3)] {
                tx.insert_signing_key(&key)?;
            }
            assert_eq!(tx.retire_signing_keys("ES256", "b", at(10))?, 1);
            assert_eq!(tx.retire_signing_keys("ES256", "b", at(20))?, 0, "it retired already");
            let b = key("b", "ES256", 2);
            let a = SigningKeyRow { retired_at: Some(at(10)), ..key("a", "ES256", 1) };
            assert_eq!(tx.list_signing_keys()?, [key("c", "RS256", 3), b.clone(), a]);
            assert_eq!(tx.remove_signing_keys(at(10))?, 0);
            assert_eq!(tx.remove_signing_keys(at(11))?, 1);
            assert_eq!(tx.list_signing_keys()?, [key("c", "RS256", 3), b]);
            Ok::<_, StoreError>(())
        }).await.unwrap();
        let again: Result<(), StoreError> = store.write(|tx| tx.insert_signing_key(&key("b", "ES256", 4))).await;
        assert!(matches!(again, Err(StoreError::Duplicate)), "{again:?}");
    }

    async fn a_session_goes_on_under_a_new_secret(engine: TestEngine) {
        let store = engine.open().await;
        store.write(|tx| {
            tx.insert(&user(1))?;
            assert!(!tx.renew_session(&session(5, 100))?, "there is none yet");
            tx.insert_session(&session(5, 100))?;
            let renewed = SessionRow {
                secret_hash: "another".to_owned(),
                authenticated_at: at(50),
                methods: "pwd otp mfa".to_owned(),
                expires_at: at(200),
                ..session(5, 100)
            };
            assert!(tx.renew_session(&renewed)?);
            assert!(tx.find_session("hash 5", at(60), BEFORE)?.is_none());
            assert!(tx.find_session("another", at(150), BEFORE)? == Some(renewed));
            Ok::<_, StoreError>(())
        }).await.unwrap();
    }

    async fn a_pushed_request_is_used_once(engine: TestEngine) {
        let store = engine.open().await;
        let request = PushedRequest {
            secret_hash: "hash".to_owned(),
            client_id: "board".to_owned(),
            sealed: "sealed".to_owned(),
            expires_at: at(60),
        };
        store.write(move |tx| {
            tx.insert_pushed_request(&request)?;
            assert_eq!(tx.find_pushed_request("hash", at(60))?, None, "it has expired");
            assert_eq!(tx.find_pushed_request("hash", at(59))?.as_ref(), Some(&request));
            assert!(tx.remove_pushed_request("hash")?);
            assert!(!tx.remove_pushed_request("hash")?);
            tx.insert_pushed_request(&request)?;
            tx.remove_expired_rows(at(61), 100)?;
            assert!(!tx.remove_pushed_request("hash")?, "it was removed");
            Ok::<_, StoreError>(())
        }).await.unwrap();
    }

    async fn a_logout_is_claimed_by_one(engine: TestEngine) {
        let store = engine.open().await;
        let row = |number: u128, due: i64| LogoutRow {
            state: DeliveryState { id: id(number), due_at: at(due), expires_at: at(1000), attempts: 0 },
            application_id: id(1),
            user_id: id(1),
            session: "session".to_owned(),
        };
        let (first, second) = (row(5, 10), row(6, 20));
        store.write(move |tx| {
            tx.insert(&user(1))?;
            tx.insert(&application(1))?;
            tx.insert_logout(&row(6, 20))?;
            tx.insert_logout(&row(5, 10))?;
            assert_eq!(tx.find_due_logout(at(9), &[])?, None);
            assert_eq!(tx.find_due_logout(at(30), &[])?, Some(row(5, 10)), "what is due longest");
            assert_eq!(tx.find_due_logout(at(30), &[id(1)])?, None, "excluding those");
            Ok::<_, StoreError>(())
        }).await.unwrap();
        let race = (0..10).map(|_| {
            let (store, seen) = (store.clone(), first.state);
            tokio::spawn(async move {
                let claimed: Result<Option<DeliveryState>, StoreError> =
                    store.write(move |tx| tx.claim_delivery(Outbox::Logouts, &seen, at(90))).await;
                claimed.unwrap()
            })
        });
        let mut claims = Vec::new();
        for racer in race.collect::<Vec<_>>() {
            claims.extend(racer.await.unwrap());
        }
        let [claimed] = claims[..] else { panic!("one of them: {claims:?}") };
        assert_eq!(claimed, DeliveryState { due_at: at(90), attempts: 1, ..first.state });
        store.write(move |tx| {
            let postpone = |tx: &mut store::Tx<'_>, claimed| tx.postpone_delivery(Outbox::Logouts, claimed, at(15));
            let remove = |tx: &mut store::Tx<'_>| tx.remove_delivery(Outbox::Logouts, id(5));
            assert_eq!(tx.find_due_logout(at(30), &[])?.as_ref(), Some(&second), "the other is claimed");
            assert!(!postpone(tx, &first.state)?, "that was not claimed");
            assert!(postpone(tx, &claimed)?);
            assert_eq!(tx.find_due_logout(at(30), &[])?.map(|row| row.state.attempts), Some(1));
            assert!(remove(tx)? && !remove(tx)?);
            tx.remove_expired_rows(at(1001), 100)?;
            assert_eq!(tx.find_due_logout(at(2000), &[])?, None, "it was abandoned");
            Ok::<_, StoreError>(())
        }).await.unwrap();
    }

    async fn an_answer_to_a_refresh_is_kept_and_replaced(engine: TestEngine) {
        let store = engine.open().await;
        store.write(|tx| {
            tx.insert(&grant(2))?;
            assert_eq!(tx.find_refresh_answer(id(2))?, None);
            tx.keep_refresh_answer(id(2), "first", at(60))?;
            tx.keep_refresh_answer(id(2), "second", at(70))?;
            tx.remove_expired_rows(at(65), 100)?;
            assert_eq!(tx.find_refresh_answer(id(2))?.as_deref(), Some("second"));
            tx.remove_refresh_answer(id(2))?;
            assert_eq!(tx.find_refresh_answer(id(2))?, None);
            Ok::<_, StoreError>(())
        }).await.unwrap();
    }

    async fn an_answer_to_a_refresh_is_repeated_a_few_times(engine: TestEngine) {
        let store = engine.open().await;
        store.write(|tx| {
            tx.insert(&grant(2))?;
            assert_eq!(tx.repeat_refresh_answer(id(2), at(1), 2)?, None, "there is none");
            tx.keep_refresh_answer(id(2), "answer", at(60))?;
            assert_eq!(tx.repeat_refresh_answer(id(2), at(60), 2)?, None, "it has expired");
            assert_eq!(tx.repeat_refresh_answer(id(2), at(59), 2)?, Some(1));
            tx.keep_refresh_answer(id(2), "answer", at(60))?;
            assert_eq!(tx.repeat_refresh_answer(id(2), at(59), 2)?, Some(2), "the count goes on");
            assert_eq!(tx.repeat_refresh_answer(id(2), at(59), 2)?, None);
            Ok::<_, StoreError>(())
        }).await.unwrap();
    }

    async fn sessions_and_codes_end(engine: TestEngine) {
        let store = engine.open().await;
        store.write(|tx| {
            tx.insert(&user(1))?;
            tx.insert(&grant(2))?;
            tx.insert_session(&session(3, 100))?;
            tx.insert_session(&session(4, 50))?;
            tx.insert_user_code("code", id(2), at(100))?;
            assert!(tx.find_session("hash 3", at(99), BEFORE)?.is_some_and(|found| found == session(3, 100)));
            assert!(tx.find_session("hash 3", at(100), BEFORE)?.is_none());
            assert!(tx.find_session("hash", at(1), BEFORE)?.is_none());
            assert_eq!(tx.find_user_code("code", at(99))?, Some(id(2)));
            assert_eq!(tx.find_user_code("code", at(100))?, None);
            assert!(tx.take_expired_sessions(at(49), 10)?.is_empty());
            assert!(tx.take_expired_sessions(at(50), 10)? == [session(4, 50)]);
            assert!(tx.take_session(id(3))? == Some(session(3, 100)));
            assert!(tx.take_session(id(3))?.is_none());
            tx.remove_user_code(id(2))?;
            assert_eq!(tx.find_user_code("code", at(99))?, None);
            tx.insert_user_code("code", id(2), at(100))?;
            assert_eq!(tx.remove_expired_rows(at(101), 100)?, 1);
            Ok::<_, StoreError>(())
        }).await.unwrap();
        store.write(|tx| tx.insert_user_code("code", id(2), at(1))).await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        let again: Result<(), StoreError> = store.write(|tx| tx.insert_user_code("code", id(2), at(2))).await;
        assert!(matches!(again, Err(StoreError::Duplicate)), "{again:?}");
    }

    async fn a_session_that_is_not_used_ends(engine: TestEngine) {
        let store = engine.open().await;
        store.write(|tx| {
            tx.insert(&user(1))?;
            tx.insert_session(&session(3, 100))?;
            tx.insert_session(&session(4, 100))?;
            tx.note_sessions_seen(&[(id(3), at(20))])?;
            tx.note_sessions_seen(&[(id(3), at(10))])?;
            assert!(tx.find_session("hash 3", at(30), at(19))?.is_some_and(|found| found.last_seen_at == at(20)));
            assert!(tx.find_session("hash 3", at(30), at(20))?.is_none());
            let found: Vec<_> = tx.list_sessions(id(1), at(30), BEFORE)?.iter().map(|session| session.id).collect();
            assert_eq!(found, [id(3), id(4)], "most recently used first");
            assert!(tx.list_sessions(id(2), at(30), BEFORE)?.is_empty());
            assert_eq!(tx.list_sessions(id(1), at(30), at(10))?.len(), 1);
            assert_eq!(tx.take_sessions_of(id(1), Some(id(4)))?.len(), 1);
            assert!(tx.take_sessions_of(id(1), None)? == [session(4, 100)], "used or not");
            Ok::<_, StoreError>(())
        }).await.unwrap();
    }

    async fn one_time_identifiers_are_consumed_once(engine: TestEngine) {
        let store = engine.open().await;
        store.write(|tx| {
            tx.insert(&user(1))?;
            tx.begin_totp(id(1), "first", START)?;
            tx.begin_totp(id(1), "second", START)?;
            assert!(!tx.consume_totp_step(id(1), 7)?, "it is not confirmed");
            assert!(!tx.confirm_totp(id(1), "first", 7, START)?, "it was replaced");
            assert!(tx.confirm_totp(id(1), "second", 7, START)?);
            assert!(!tx.confirm_totp(id(1), "second", 8, START)?);
            assert!(!tx.consume_totp_step(id(1), 7)? && tx.consume_totp_step(id(1), 9)? && !tx.consume_totp_step(id(1), 8)?);
            tx.replace_recovery_codes(id(1), &["a".to_owned(), "b".to_owned()])?;
            assert!(tx.consume_recovery_code(id(1), "a")? && !tx.consume_recovery_code(id(1), "a")?);
            assert!(!tx.consume_recovery_code(id(2), "b")?, "it belongs to another user");
            let factors = tx.factors_of(id(1))?;
            assert_eq!((factors.totp, factors.passkeys, factors.recovery_codes), (true, 0, 1));
            assert!(tx.find_totp(id(1))?.is_some() && tx.remove_totp(id(1))? && !tx.remove_totp(id(1))?);
            Ok::<_, StoreError>(())
        }).await.unwrap();
        let twice: Result<(), StoreError> = store.write(|tx| {
            tx.begin_totp(id(1), "first", START)?;
            tx.confirm_totp(id(1), "first", 1, START)?;
            tx.begin_totp(id(1), "second", START)
        }).await;
        assert!(matches!(twice, Err(StoreError::Duplicate)), "{twice:?}");
    }

    async fn passkeys_are_found_and_counted(engine: TestEngine) {
        let store = engine.open().await;
        let passkey = PasskeyRow {
            id: id(5),
            user_id: id(1),
            credential_id: "credential".to_owned(),
            public_key: "key".to_owned(),
            sign_count: 3,
            name: "Phone".to_owned(),
            created_at: START,
            last_used_at: None,
        };
        let row = passkey.clone();
        store.write(move |tx| {
            tx.insert(&user(1))?;
            tx.insert_passkey(&row)?;
            assert_eq!(tx.find_passkey("credential")?, Some(row.clone()));
            assert!(tx.note_passkey_use(id(5), 3, 4, at(9))? && !tx.note_passkey_use(id(5), 3, 4, at(9))?);
            let used = PasskeyRow { sign_count: 4, last_used_at: Some(at(9)), ..row.clone() };
            assert_eq!(tx.list_passkeys(id(1))?, [used]);
            Ok::<_, StoreError>(())
        }).await.unwrap();
        let again: Result<(), StoreError> =
            store.write(move |tx| tx.insert_passkey(&PasskeyRow { id: id(6), ..passkey.clone() })).await;
        assert!(matches!(again, Err(StoreError::Duplicate)), "{again:?}");
        store.write(|tx| {
            assert!(!tx.remove_passkey(id(2), id(5))? && tx.remove_passkey(id(1), id(5))?);
            Ok::<_, StoreError>(())
        }).await.unwrap();
    }
}
