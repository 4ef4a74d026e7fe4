use super::*;
use crate::engine::Session;
use crate::{Location, Store};

/// A database that must not grow.
async fn full(folder: &Path) -> Store {
    let store = Store::open(&Location::Sqlite(folder.join("registry.db")), Arc::new(|_| {})).await.unwrap();
    let limited: Result<(), StoreError> = store
        .write(|tx| {
            let Session::Sqlite(connection) = &tx.session else { unreachable!() };
            // The lowest possible limit is the present size.
            connection.query_row("PRAGMA max_page_count = 1", [], |_| Ok(())).map_err(engine_error)
        })
        .await;
    limited.unwrap();
    store
}

/// A write that does not fit is counted as unavailable, also where a smaller one fits.
#[test]
fn writes_that_find_no_space_are_counted() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(fill());
}

async fn fill() {
    let folder = std::env::temp_dir().join(format!("grantor-full-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let store = full(&folder).await;
    let write = |bytes: usize| {
        let text = "x".repeat(bytes);
        store.write(move |tx| -> Result<(), StoreError> { tx.replace_fact("probe", &text) })
    };
    let before = store.stats().unavailable();
    assert!(matches!(write(1 << 20).await, Err(StoreError::Unavailable(_))));
    assert!(store.stats().unavailable() > before);
    let before = store.stats().unavailable();
    write(1).await.unwrap();
    assert_eq!(store.stats().unavailable(), before);
    store.close().await;
    std::fs::remove_dir_all(&folder).unwrap();
}
