//! Rotation by evidence: which callers of a rotated token use its successor.

use std::collections::BTreeSet;

use crate::Timestamp;

/// A caller counts if it used the token within this time, in seconds.
pub const RECENT_USE: i64 = 30 * 24 * 3600;
/// A caller moved if it did not use the token for this time, in seconds: callers behind one address move one by one.
pub const QUIET: i64 = 600;

/// How far the callers of a rotated token use its successor. A caller is an address.
///
/// ```
/// use model::Timestamp;
/// use model::adoption::Adoption;
///
/// let at = Timestamp::from_seconds;
/// let adoption = Adoption::new([("10.0.0.1", at(0)), ("10.0.0.2", at(0))], ["10.0.0.1"], at(3600));
/// assert_eq!((adoption.callers, adoption.moved()), (2, 1));
/// assert_eq!(adoption.waiting, ["10.0.0.2"]);
/// assert!(!adoption.is_complete());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// The number of addresses from which the token was used recently.
    pub callers: usize,
    /// Those that still use the token, or did not use its successor yet.
    pub waiting: Vec<String>,
    /// Whether the successor was used at all.
    is_used: bool,
}

impl Adoption {
    /// Compares the addresses of a token, each with its last use, with those of its successor.
    pub fn new<'a>(
        token: impl IntoIterator<Item = (&'a str, Timestamp)>,
        successor: impl IntoIterator<Item = &'a str>,
        now: Timestamp,
    ) -> Self {
        let successor: BTreeSet<&str> = successor.into_iter().collect();
        let is_recent = |(_, used): &(&str, Timestamp)| *used >= now.plus_seconds(-RECENT_USE);
        let recent: Vec<_> = token.into_iter().filter(is_recent).collect();
        let waits = |(address, used): &&(&str, Timestamp)| {
            !successor.contains(address) || *used > now.plus_seconds(-QUIET)
        };
        let waiting = recent.iter().filter(waits).map(|(address, _)| (*address).to_owned()).collect();
        Self { callers: recent.len(), waiting, is_used: !successor.is_empty() }
    }

    /// Returns the number of callers that moved to the successor.
    pub fn moved(&self) -> usize {
        self.callers - self.waiting.len()
    }

    /// Returns whether the token can end: its successor is in use, and every caller moved to it.
    pub fn is_complete(&self) -> bool {
        self.is_used && self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "10.0.0.1";
    const THERE: &str = "10.0.0.2";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn an_unused_successor_is_not_adopted() {
        let none: [(&str, Timestamp); 0] = [];
        assert!(!Adoption::new(none, [], at(0)).is_complete());
        assert!(Adoption::new(none, [THERE], at(0)).is_complete(), "nothing uses the token");
    }

    #[test]
    fn callers_move_one_by_one() {
        let token = [(HERE, at(0)), (THERE, at(100))];
        let adoption =
            |successor: &[&'static str], now| Adoption::new(token, successor.iter().copied(), at(now));
        assert_eq!(adoption(&[HERE], 1000).waiting, [THERE]);
        assert!(adoption(&[HERE, THERE], 1000).is_complete());
        let early = adoption(&[HERE, THERE], 100 + QUIET - 1);
        assert_eq!((early.moved(), early.is_complete()), (1, false), "the token was just used");
        assert!(adoption(&[HERE, THERE], 100 + QUIET).is_complete());
    }

    #[test]
    fn an_old_caller_does_not_count() {
        let token = [(HERE, at(0)), (THERE, at(RECENT_USE))];
        let adoption = Adoption::new(token, [THERE], at(RECENT_USE + QUIET));
        assert_eq!((adoption.callers, adoption.is_complete()), (1, true));
    }
}
