//! How many subscriptions one user may have open at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use model::Uuid;

/// The open subscriptions of each user.
#[derive(Clone, Default)]
pub(super) struct Places(Arc<Mutex<HashMap<Uuid, u64>>>);

/// A place that is taken until this is dropped.
pub(super) struct Place {
    places: Places,
    user: Uuid,
}

impl Places {
    /// How many places are taken.
    pub(super) fn taken(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }

    /// Takes a place; nothing where a user has taken all of theirs.
    pub(super) fn take(&self, user: Uuid, most: u64) -> Option<Place> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.entry(user).or_default();
        if *own >= most {
            return None;
        }
        *own += 1;
        Some(Place { places: self.clone(), user })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.user) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_given_back() {
        let (places, user) = (Places::default(), Uuid::from_u128(1));
        let first = places.take(user, 2).unwrap();
        let _second = places.take(user, 2).unwrap();
        assert!(places.take(user, 2).is_none());
        assert!(places.take(Uuid::from_u128(2), 2).is_some());
        assert_eq!(places.taken(), 2);
        drop(first);
        assert!(places.take(user, 2).is_some());
    }
}
