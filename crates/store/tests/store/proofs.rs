//! The shared replay cache of DPoP proofs.

use std::sync::Arc;

use crate::sample::*;

both_engines! {
    /// Of many programs that record a proof concurrently, exactly one learns that it is new, until it is
    /// removed.
    async fn a_proof_is_noted_once(engine: TestEngine) {
        let store = Arc::new(engine.open().await);
        let other = Arc::new(engine.open().await);
        if !engine.is_postgres() {
            assert!(store.shared_proofs().is_none(), "the only program shares nothing");
            return;
        }
        let race = (0..32).map(|number| {
            let store = if number % 2 == 0 { Arc::clone(&store) } else { Arc::clone(&other) };
            tokio::spawn(async move { store.shared_proofs().unwrap().insert_proof([7; 32], at(100)).await.unwrap() })
        });
        let mut noted = 0;
        for racer in race.collect::<Vec<_>>() {
            noted += u32::from(racer.await.unwrap());
        }
        assert_eq!(noted, 1);
        let shared = store.shared_proofs().unwrap();
        assert!(shared.insert_proof([8; 32], at(100)).await.unwrap());
        shared.remove_expired_proofs(at(100)).await.unwrap();
        assert!(!shared.insert_proof([7; 32], at(100)).await.unwrap(), "it may still be shown");
        shared.remove_expired_proofs(at(101)).await.unwrap();
        assert!(shared.insert_proof([7; 32], at(100)).await.unwrap());
        let kept = engine.texts("SELECT relpersistence::text FROM pg_class WHERE relname = 'grantor_seen_proofs'").await;
        assert_eq!(kept, [["u"]], "no request waits for the disk");
    }
}
