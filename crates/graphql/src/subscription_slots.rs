//! How many subscriptions one user may have open at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use model::Uuid;

/// The open subscriptions of each user.
#[derive(Clone, Default)]
pub(super) struct SubscriptionSlots(Arc<Mutex<HashMap<Uuid, u64>>>);

/// A slot that is taken until this is dropped.
pub(super) struct SlotGuard {
    slots: SubscriptionSlots,
    user: Uuid,
}

impl SubscriptionSlots {
    /// How many slots are taken.
    pub(super) fn count(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }

    /// Takes a slot; nothing where a user has taken all of theirs.
    pub(super) fn acquire(&self, user: Uuid, most: u64) -> Option<SlotGuard> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.entry(user).or_default();
        if *own >= most {
            return None;
        }
        *own += 1;
        Some(SlotGuard { slots: self.clone(), user })
    }
}

impl Drop for SlotGuard {
    fn drop(&mut self) {
        let mut taken = self.slots.0.lock().unwrap_or_else(PoisonError::into_inner);
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
        let (slots, user) = (SubscriptionSlots::default(), Uuid::from_u128(1));
        let first = slots.acquire(user, 2).unwrap();
        let _second = slots.acquire(user, 2).unwrap();
        assert!(slots.acquire(user, 2).is_none());
        assert!(slots.acquire(Uuid::from_u128(2), 2).is_some());
        assert_eq!(slots.count(), 2);
        drop(first);
        assert!(slots.acquire(user, 2).is_some());
    }
}
