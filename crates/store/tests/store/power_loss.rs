//! Acknowledged means on disk: a grant that was acknowledged is there after a loss of power at any moment.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use model::entities::AccessToken;
use power_loss::{Chance, Files, Flushing};
use store::{Location, Store, StoreError};

use crate::sample::*;

const WRITERS: u128 = 4;
const GRANTS: u128 = 400;

/// How many changes of the files lie between two losses of power, on average.
const CHANGES: u64 = 600;

/// A loss of power: the folder with the files that were left, and the grants that were acknowledged by then.
struct Loss {
    folder: PathBuf,
    acknowledged: Vec<u128>,
}

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("grantor_{name}_{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn open(folder: &Path) -> Result<Store, StoreError> {
    Store::open(&Location::Sqlite(folder.join("registry.db")), Arc::new(|_| {})).await
}

/// Lets several writers add grants, while power is lost now and then. Returns the losses, and how often a file was flushed.
async fn lose_power(folder: &Path, flushing: Flushing, seed: u64) -> (Vec<Loss>, u64) {
    let working = folder.join("working");
    std::fs::create_dir(&working).unwrap();
    let acknowledged: Arc<Mutex<Vec<u128>>> = Arc::default();
    let losses: Arc<Mutex<(Vec<Loss>, u64)>> = Arc::default();
    let mut chance = Chance::new(seed);
    let observer = {
        let (acknowledged, losses, folder) =
            (Arc::clone(&acknowledged), Arc::clone(&losses), folder.to_owned());
        move |files: &Files| {
            let mut losses = losses.lock().unwrap();
            losses.1 = files.flushes();
            if chance.one_in(CHANGES) {
                let acknowledged = acknowledged.lock().unwrap().clone();
                let folder = folder.join(format!("loss-{}", losses.0.len()));
                std::fs::create_dir(&folder).unwrap();
                for (name, contents) in files.after_power_loss(&mut chance) {
                    std::fs::write(folder.join(name), contents).unwrap();
                }
                losses.0.push(Loss { folder, acknowledged });
            }
        }
    };
    power_loss::record(&working, flushing, observer).unwrap();
    let store = open(&working).await.unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (store, acknowledged) = (store.clone(), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                for number in (writer..GRANTS).step_by(WRITERS as usize) {
                    let written: Result<(), StoreError> =
                        store.write(move |tx| tx.insert(&grant(number))).await;
                    written.unwrap();
                    acknowledged.lock().unwrap().push(number);
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    store.close().await;
    std::mem::take(&mut *losses.lock().unwrap())
}

/// Returns why a loss of power lost a grant that was acknowledged, if it did.
async fn lost(loss: Loss) -> Option<String> {
    let store = match open(&loss.folder).await {
        Ok(store) => store,
        Err(error) => return Some(error.to_string()),
    };
    let lost: Result<Option<u128>, StoreError> = store
        .read(move |read| {
            for number in loss.acknowledged {
                if read.find::<AccessToken>(id(number))?.is_none() {
                    return Ok(Some(number));
                }
            }
            Ok(None)
        })
        .await;
    store.close().await;
    match lost {
        Ok(number) => number.map(|number| format!("grant {number} is not there")),
        Err(error) => Some(error.to_string()),
    }
}

#[test]
fn what_was_acknowledged_survives_a_loss_of_power() {
    crate::engine::block_on(async {
        for seed in 1..=2 {
            let folder = Folder::new(&format!("power_{seed}"));
            let (losses, flushes) = lose_power(&folder.0, Flushing::AsSet, seed).await;
            let with_grants = losses.iter().filter(|loss| !loss.acknowledged.is_empty()).count();
            assert!(with_grants >= 5 && flushes >= 50, "{with_grants} losses, {flushes} flushes");
            for (number, loss) in losses.into_iter().enumerate() {
                assert_eq!(lost(loss).await, None, "seed {seed}, loss {number}");
            }
        }
    });
}

/// The test above can fail: without flushes, it does.
#[test]
fn without_flushes_what_was_acknowledged_is_lost() {
    crate::engine::block_on(async {
        let folder = Folder::new("power_off");
        let (losses, flushes) = lose_power(&folder.0, Flushing::Off, 1).await;
        let mut failed = 0;
        for loss in losses {
            failed += u32::from(lost(loss).await.is_some());
        }
        assert!(failed >= 5, "{failed} losses of power lost grants, after {flushes} flushes");
    });
}
