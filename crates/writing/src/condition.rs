//! What a row must be before it is written.

use authority::Fault;

/// The versions that a request allows. By default a row of any version is written.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    /// Lists of versions; the row has one of each list. An empty list is never met.
    pub one_of: Vec<Vec<i64>>,
    /// Versions that the row does not have.
    pub none_of: Vec<i64>,
    /// Whether the row must not exist.
    pub absent: bool,
}

impl Condition {
    /// Returns whether a row of any version meets the condition.
    pub(super) fn is_any(&self) -> bool {
        self.one_of.is_empty() && self.none_of.is_empty() && !self.absent
    }

    /// Checks the version of a row that exists.
    ///
    /// # Errors
    /// [`Fault::Stale`] with the version.
    pub(super) fn check(&self, version: i32) -> Result<(), Fault> {
        let version = i64::from(version);
        let is_met = !self.absent
            && !self.none_of.contains(&version)
            && self.one_of.iter().all(|versions| versions.contains(&version));
        if is_met { Ok(()) } else { Err(Fault::Stale(version)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_to_agree() {
        let one_of = |lists: &[&[i64]]| Condition {
            one_of: lists.iter().map(|list| list.to_vec()).collect(),
            ..Condition::default()
        };
        for (condition, is_met) in [
            (Condition::default(), true),
            (one_of(&[&[3]]), true),
            (one_of(&[&[2, 3], &[3]]), true),
            (one_of(&[&[2, 3], &[2]]), false),
            (one_of(&[&[]]), false),
            (Condition { absent: true, ..Condition::default() }, false),
            (Condition { none_of: vec![3], ..Condition::default() }, false),
            (Condition { none_of: vec![4], ..Condition::default() }, true),
        ] {
            assert_eq!(condition.check(3).is_ok(), is_met, "{condition:?}");
        }
    }
}
