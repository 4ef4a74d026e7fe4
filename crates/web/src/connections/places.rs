//! The places of connections: how many there are, and which connection is closed to make room for another.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;

use super::progress::Progress;

/// How many places there are besides, for health checks and metrics.
const RESERVED: usize = 32;

/// The places.
pub(super) struct Places {
    most: usize,
    most_of_one: usize,
    unlimited: Vec<IpNet>,
    taken: Mutex<Taken>,
    open: Arc<AtomicU64>,
}

#[derive(Default)]
struct Taken {
    next: u64,
    /// Those that were not told to close.
    all: HashMap<u64, Entry>,
}

struct Entry {
    /// The network from which the connection comes, where its connections are limited.
    network: Option<IpAddr>,
    is_reserved: bool,
    progress: Arc<Progress>,
}

/// The place of a connection, until this is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    id: u64,
    is_reserved: bool,
    progress: Arc<Progress>,
}

impl Places {
    /// So many places, and so many for one address that is not in one of these networks.
    pub(super) fn new(most: usize, most_of_one: usize, unlimited: Vec<IpNet>) -> Self {
        Self { most, most_of_one, unlimited, taken: Mutex::default(), open: Arc::default() }
    }

    /// How many connections are open.
    pub(super) fn open(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.open)
    }

    /// A place for a connection from an address. Where there is none, the oldest connection that has no request under way makes
    /// room: one from the same address where the address has its most. Where none can, the place is a reserved one; nothing
    /// where those are all in use as well.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
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
        Some(Place { places: Arc::clone(self), id, is_reserved, progress })
    }

    /// The network of an address whose connections are limited: an IPv4 address by itself, an IPv6 address with its /64, which
    /// is what a customer is given.
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
    /// Whether there are fewer than so many of a kind, perhaps because one that is idle was told to close.
    fn has_room(&mut self, most: usize, is_of_kind: impl Fn(&Entry) -> bool) -> bool {
        let of_kind = || self.all.iter().filter(|(_, entry)| is_of_kind(entry));
        if of_kind().count() < most {
            return true;
        }
        // One that never sent a request goes before one that may send its next one.
        let idle = of_kind().filter(|(_, entry)| entry.progress.is_idle());
        let oldest = idle.min_by_key(|(_, entry)| (entry.progress.has_begun(), entry.progress.idle_since()));
        let Some(id) = oldest.map(|(id, _)| *id) else { return false };
        if let Some(entry) = self.all.remove(&id) {
            entry.progress.close();
        }
        true
    }
}

impl Place {
    /// Whether this is one of the places for health checks and metrics.
    pub(super) const fn is_reserved(&self) -> bool {
        self.is_reserved
    }

    /// How far the connection is.
    pub(super) const fn progress(&self) -> &Arc<Progress> {
        &self.progress
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.taken.lock().unwrap_or_else(PoisonError::into_inner).all.remove(&self.id);
        self.places.open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(most: usize, most_of_one: usize) -> Arc<Places> {
        Arc::new(Places::new(most, most_of_one, vec!["10.0.0.0/8".parse().unwrap()]))
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// Whether a place was given to another connection.
    fn is_lost(place: &Place) -> bool {
        !place.places.taken.lock().unwrap().all.contains_key(&place.id)
    }

    #[test]
    fn the_oldest_idle_connection_makes_room() {
        let places = places(3, 3);
        let take = |text: &str| places.take(address(text)).unwrap();
        let (first, second, third) = (take("192.0.2.1"), take("192.0.2.2"), take("192.0.2.3"));
        let busy = Progress::begin(first.progress());
        // It sent a request once, so it goes after those that never did.
        drop(Progress::begin(second.progress()));
        let fourth = take("192.0.2.4");
        assert!(!is_lost(&first) && !is_lost(&second) && is_lost(&third) && !fourth.is_reserved());
        let under_way = Progress::begin(fourth.progress());
        let fifth = take("192.0.2.5");
        assert!(is_lost(&second) && !fifth.is_reserved());
        let more = Progress::begin(fifth.progress());
        let reserved = take("192.0.2.6");
        assert!(reserved.is_reserved() && !is_lost(&first), "nothing that is under way is closed");
        drop((busy, under_way, more));
        assert!(!take("192.0.2.7").is_reserved() && is_lost(&first));
    }

    #[test]
    fn an_address_has_its_share_and_a_proxy_has_all() {
        let places = places(10, 2);
        let busy = |text: &str| {
            let place = places.take(address(text)).unwrap();
            let under_way = Progress::begin(place.progress());
            (place, under_way)
        };
        let own: Vec<_> = ["2001:db8::1", "2001:db8::2", "2001:db8::3"].map(busy).into();
        assert_eq!(own.iter().filter(|(place, _)| place.is_reserved()).count(), 1, "a /64 is one address");
        assert!(!busy("2001:db8:0:1::1").0.is_reserved());
        assert!(["10.0.0.1"; 5].map(busy).iter().all(|(place, _)| !place.is_reserved()));
    }

    #[test]
    fn the_reserve_is_limited_too() {
        let places = places(0, 0);
        let taken: Vec<_> = (0..RESERVED).map(|_| places.take(address("192.0.2.1")).unwrap()).collect();
        let busy: Vec<_> = taken.iter().map(|place| Progress::begin(place.progress())).collect();
        assert!(places.take(address("192.0.2.2")).is_none());
        drop(busy);
        assert!(places.take(address("192.0.2.2")).is_some_and(|place| place.is_reserved()));
        drop(taken);
        assert_eq!(places.open().load(Ordering::Relaxed), 0);
    }
}
