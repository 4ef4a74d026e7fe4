//! The slots of connections, and the choice of the connection that is closed for another.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;

use super::progress::Progress;

/// The number of further slots for health checks and metrics.
const RESERVED: usize = 32;

/// All slots.
pub(super) struct Slots {
    most: usize,
    most_of_one: usize,
    unlimited: Vec<IpNet>,
    taken: Mutex<Taken>,
    open: Arc<AtomicU64>,
}

#[derive(Default)]
struct Taken {
    next: u64,
    /// The connections that are not closing.
    all: HashMap<u64, Entry>,
}

struct Entry {
    /// The network of the connection, if the connections of its network are limited.
    network: Option<IpAddr>,
    is_reserved: bool,
    progress: Arc<Progress>,
}

/// The slot of a connection, until it is dropped.
pub(super) struct Slot {
    slots: Arc<Slots>,
    id: u64,
    is_reserved: bool,
    progress: Arc<Progress>,
}

impl Slots {
    /// Returns `most` slots, of which an address outside the unlimited networks can have `most_of_one`.
    pub(super) fn new(most: usize, most_of_one: usize, unlimited: Vec<IpNet>) -> Self {
        Self { most, most_of_one, unlimited, taken: Mutex::default(), open: Arc::default() }
    }

    /// Returns the number of open connections.
    pub(super) fn open(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.open)
    }

    /// Returns a slot for a connection of an address. If there is none, the oldest idle connection is closed; if the address has
    /// its maximum, the oldest one of the address. If no connection is idle, the slot is a reserved one, or `None` if those are
    /// in use as well.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr) -> Option<Slot> {
        let network = self.limited_network(peer);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = network.is_none_or(|network| {
            taken.has_room(self.most_of_one, |entry| !entry.is_reserved && entry.network == Some(network))
        }) && taken.has_room(self.most, |entry| !entry.is_reserved);
        if !has_room && !taken.has_room(RESERVED, |entry| entry.is_reserved) {
            return None;
        }
        let (id, progress, is_reserved) = (taken.next, Progress::new(), !has_room);
        taken.next += 1;
        taken.all.insert(id, Entry { network, is_reserved, progress: Arc::clone(&progress) });
        self.open.fetch_add(1, Ordering::Relaxed);
        Some(Slot { slots: Arc::clone(self), id, is_reserved, progress })
    }

    /// Returns the network whose connections are limited: an IPv4 address itself, an IPv6 address with its /64, which is the usual
    /// allocation of a customer.
    fn limited_network(&self, peer: IpAddr) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        let is_limited = !self.unlimited.iter().any(|network| network.contains(&peer));
        is_limited.then_some(match peer {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
            address @ IpAddr::V4(_) => address,
        })
    }
}

impl Taken {
    /// Returns whether there are fewer than `most` connections of a kind, after closing an idle one if necessary.
    fn has_room(&mut self, most: usize, is_of_kind: impl Fn(&Entry) -> bool) -> bool {
        let of_kind = || self.all.iter().filter(|(_, entry)| is_of_kind(entry));
        if of_kind().count() < most {
            return true;
        }
        // A connection without any request is closed before one that may send its next request.
        let idle = of_kind().filter(|(_, entry)| entry.progress.is_idle());
        let oldest = idle.min_by_key(|(_, entry)| (entry.progress.has_begun(), entry.progress.idle_since()));
        let Some(id) = oldest.map(|(id, _)| *id) else { return false };
        if let Some(entry) = self.all.remove(&id) {
            entry.progress.close();
        }
        true
    }
}

impl Slot {
    /// Returns whether this is a slot for health checks and metrics.
    pub(super) const fn is_reserved(&self) -> bool {
        self.is_reserved
    }

    /// Returns the progress of the connection.
    pub(super) const fn progress(&self) -> &Arc<Progress> {
        &self.progress
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.slots.taken.lock().unwrap_or_else(PoisonError::into_inner).all.remove(&self.id);
        self.slots.open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(most: usize, most_of_one: usize) -> Arc<Slots> {
        Arc::new(Slots::new(most, most_of_one, vec!["10.0.0.0/8".parse().unwrap()]))
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// Returns whether a slot was given to another connection.
    fn is_lost(slot: &Slot) -> bool {
        !slot.slots.taken.lock().unwrap().all.contains_key(&slot.id)
    }

    #[test]
    fn the_oldest_idle_connection_makes_room() {
        let slots = slots(3, 3);
        let take = |text: &str| slots.take(address(text)).unwrap();
        let (first, second, third) = (take("192.0.2.1"), take("192.0.2.2"), take("192.0.2.3"));
        let busy = Progress::begin(first.progress());
        // It has sent a request, so it is closed after those that have not.
        drop(Progress::begin(second.progress()));
        let fourth = take("192.0.2.4");
        assert!(!is_lost(&first) && !is_lost(&second) && is_lost(&third) && !fourth.is_reserved());
        let under_way = Progress::begin(fourth.progress());
        let fifth = take("192.0.2.5");
        assert!(is_lost(&second) && !fifth.is_reserved());
        let more = Progress::begin(fifth.progress());
        let reserved = take("192.0.2.6");
        assert!(reserved.is_reserved() && !is_lost(&first), "no busy connection is closed");
        drop((busy, under_way, more));
        assert!(!take("192.0.2.7").is_reserved() && is_lost(&first));
    }

    #[test]
    fn an_address_has_its_share_and_a_proxy_has_all() {
        let slots = slots(10, 2);
        let busy = |text: &str| {
            let slot = slots.take(address(text)).unwrap();
            let under_way = Progress::begin(slot.progress());
            (slot, under_way)
        };
        let own: Vec<_> = ["2001:db8::1", "2001:db8::2", "2001:db8::3"].map(busy).into();
        assert_eq!(own.iter().filter(|(slot, _)| slot.is_reserved()).count(), 1, "a /64 is one address");
        assert!(!busy("2001:db8:0:1::1").0.is_reserved());
        assert!(["10.0.0.1"; 5].map(busy).iter().all(|(slot, _)| !slot.is_reserved()));
    }

    #[test]
    fn the_reserve_is_limited_too() {
        let slots = slots(0, 0);
        let taken: Vec<_> = (0..RESERVED).map(|_| slots.take(address("192.0.2.1")).unwrap()).collect();
        let busy: Vec<_> = taken.iter().map(|slot| Progress::begin(slot.progress())).collect();
        assert!(slots.take(address("192.0.2.2")).is_none());
        drop(busy);
        assert!(slots.take(address("192.0.2.2")).is_some_and(|slot| slot.is_reserved()));
        drop(taken);
        assert_eq!(slots.open().load(Ordering::Relaxed), 0);
    }
}
