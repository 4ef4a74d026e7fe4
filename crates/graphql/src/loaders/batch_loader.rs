//! Collects the keys that several fields of a response need, and reads them in one batch.
//!
//! There is no timer: the first field that loads a key leads the batch. It yields to the others until a turn adds no
//! key, then reads all keys. So the number of statements of a document depends on the document alone.

use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use authority::Fault;

/// The result of a batch, which all its fields get.
type Outcome<K, V> = Result<HashMap<K, V>, Arc<Fault>>;

/// Collects the keys of one type.
pub(super) struct BatchLoader<K, V>(Mutex<Option<Arc<Batch<K, V>>>>);

/// Keys that are read together.
struct Batch<K, V>(Mutex<State<K, V>>);

enum State<K, V> {
    /// Keys are collected; the fields are woken by their numbers.
    Waiting {
        keys: HashSet<K>,
        asked: usize,
        wakers: HashMap<usize, Waker>,
    },
    Read(Outcome<K, V>),
    /// The leader was dropped before it read.
    Abandoned,
}

impl<K, V> Default for BatchLoader<K, V> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<K: Clone + Eq + Hash, V: Clone> BatchLoader<K, V> {
    /// Returns the value of a key, if it is found. The leader of the batch calls `read` for all its keys.
    ///
    /// # Errors
    /// What `read` failed with.
    pub(super) async fn load<R>(&self, key: K, read: impl Fn(Vec<K>) -> R) -> Result<Option<V>, Arc<Fault>>
    where
        R: Future<Output = Result<HashMap<K, V>, Fault>>,
    {
        loop {
            let (batch, place) = self.join(&key);
            if place == 0 {
                let leader = Leader { loader: self, batch };
                leader.batch.wait_for_keys().await;
                let outcome = read(leader.close()).await.map_err(Arc::new);
                let own = find(&outcome, &key);
                leader.batch.end(State::Read(outcome));
                return own;
            }
            if let Some(found) = poll_fn(|context| batch.poll(context, place, &key)).await {
                return found;
            }
        }
    }

    /// Adds a key to the open batch; returns the number of earlier fields in it.
    fn join(&self, key: &K) -> (Arc<Batch<K, V>>, usize) {
        let mut open = lock(&self.0);
        if let Some(batch) = open.as_ref()
            && let State::Waiting { keys, asked, .. } = &mut *lock(&batch.0)
        {
            keys.insert(key.clone());
            *asked += 1;
            return (Arc::clone(batch), *asked - 1);
        }
        let state = State::Waiting { keys: HashSet::from([key.clone()]), asked: 1, wakers: HashMap::new() };
        let batch = Arc::new(Batch(Mutex::new(state)));
        *open = Some(Arc::clone(&batch));
        (batch, 0)
    }
}

impl<K: Eq + Hash, V: Clone> Batch<K, V> {
    /// Yields until a turn adds no key.
    async fn wait_for_keys(&self) {
        let mut known = 0;
        loop {
            let now = match &*lock(&self.0) {
                State::Waiting { asked, .. } => *asked,
                _ => known,
            };
            if now == known {
                return;
            }
            known = now;
            tokio::task::yield_now().await;
        }
    }

    /// Returns the value that the leader read; nothing if the leader was dropped.
    #[allow(clippy::type_complexity, reason = "the value of a key, if found, once it was read")]
    fn poll(
        &self,
        context: &Context<'_>,
        place: usize,
        key: &K,
    ) -> Poll<Option<Result<Option<V>, Arc<Fault>>>> {
        match &mut *lock(&self.0) {
            State::Waiting { wakers, .. } => {
                wakers.insert(place, context.waker().clone());
                Poll::Pending
            }
            State::Read(outcome) => Poll::Ready(Some(find(outcome, key))),
            State::Abandoned => Poll::Ready(None),
        }
    }
}

impl<K, V> Batch<K, V> {
    fn end(&self, state: State<K, V>) {
        let before = std::mem::replace(&mut *lock(&self.0), state);
        if let State::Waiting { wakers, .. } = before {
            wakers.into_values().for_each(Waker::wake);
        }
    }
}

fn find<K: Eq + Hash, V: Clone>(outcome: &Outcome<K, V>, key: &K) -> Result<Option<V>, Arc<Fault>> {
    outcome.as_ref().map(|found| found.get(key).cloned()).map_err(Arc::clone)
}

/// The field that reads the batch. If it is dropped before, the others start another batch.
struct Leader<'a, K, V> {
    loader: &'a BatchLoader<K, V>,
    batch: Arc<Batch<K, V>>,
}

impl<K, V> Leader<'_, K, V> {
    /// Closes the batch: later keys are for another batch.
    fn close(&self) -> Vec<K> {
        let mut open = lock(&self.loader.0);
        if open.as_ref().is_some_and(|open| Arc::ptr_eq(open, &self.batch)) {
            *open = None;
        }
        match &mut *lock(&self.batch.0) {
            State::Waiting { keys, .. } => std::mem::take(keys).into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

impl<K, V> Drop for Leader<'_, K, V> {
    fn drop(&mut self) {
        let _ = self.close();
        if matches!(&*lock(&self.batch.0), State::Waiting { .. }) {
            self.batch.end(State::Abandoned);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use futures_util::FutureExt as _;
    use futures_util::future::{join, join_all};

    use super::*;

    /// Reads twice the keys below 1000, and notes how many at once.
    async fn double(reads: &RefCell<Vec<usize>>, keys: Vec<u64>) -> Result<HashMap<u64, u64>, Fault> {
        reads.borrow_mut().push(keys.len());
        tokio::task::yield_now().await;
        Ok(keys.into_iter().filter(|key| *key < 1000).map(|key| (key, key * 2)).collect())
    }

    #[tokio::test]
    async fn keys_of_one_turn_are_read_in_one_batch() {
        let (loader, reads) = (BatchLoader::default(), RefCell::default());
        let (loader, reads) = (&loader, &reads);
        let load = |key| loader.load(key, |keys| double(reads, keys));
        // Like a response: every row loads two others, and each of these one more.
        let row = |row: u64| async move {
            let (left, right) = join(load(row), load(row % 7)).await;
            (left.unwrap(), right.unwrap(), load(row * 2).await.unwrap())
        };
        let rows = join_all((0..600).map(row)).await;
        for (number, found) in (0..600).zip(rows) {
            assert_eq!(found, (Some(number * 2), Some(number % 7 * 2), (number < 500).then_some(number * 4)));
        }
        assert_eq!(*reads.borrow(), [600, 600]);
    }

    #[tokio::test]
    async fn a_dropped_leader_is_replaced() {
        let (loader, reads) = (BatchLoader::default(), RefCell::default());
        let load = |key| loader.load(key, |keys| double(&reads, keys));
        // The first one reads for all; it is dropped once before and once while it reads.
        for polls in [1, 3] {
            let mut first = Box::pin(load(1));
            let mut others = Box::pin(join_all([2, 3].map(load)));
            for _ in 0..polls {
                assert!((&mut first).now_or_never().is_none());
                assert!((&mut others).now_or_never().is_none());
            }
            drop(first);
            let found: Vec<_> = others.await.into_iter().map(Result::unwrap).collect();
            assert_eq!(found, [Some(4), Some(6)]);
        }
        assert_eq!(*reads.borrow(), [2, 3, 2]);
    }

    #[tokio::test]
    async fn a_failure_reaches_every_field() {
        let loader: BatchLoader<u64, u64> = BatchLoader::default();
        let fail = |_| async { Err(Fault::Unavailable("gone".to_owned())) };
        for outcome in join_all((0..3).map(|key| loader.load(key, fail))).await {
            assert!(matches!(*outcome.unwrap_err(), Fault::Unavailable(_)));
        }
    }
}
