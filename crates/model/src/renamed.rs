//! Entity types that had another name in an earlier version.

/// An entity type that was renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenamedEntityType {
    /// The former name of the entity set.
    pub old_name: &'static str,
    /// The name since then. It may have been renamed again.
    pub new_name: &'static str,
    /// The version that renamed it.
    pub version: &'static str,
}

/// The entity types that were renamed, the oldest change first.
pub static RENAMED_ENTITY_TYPES: &[RenamedEntityType] = &[];

/// Returns the present name of an entity set that was renamed.
pub fn present_name(former: &str) -> Option<&'static str> {
    follow(RENAMED_ENTITY_TYPES, former)
}

fn follow(renamed: &[RenamedEntityType], former: &str) -> Option<&'static str> {
    renamed.iter().fold(None, |found, change| {
        let name = found.unwrap_or(former);
        if change.old_name == name { Some(change.new_name) } else { found }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_followed_through_all_changes() {
        let change = |old_name, new_name| RenamedEntityType { old_name, new_name, version: "1" };
        let changes = [change("A", "B"), change("X", "Y"), change("B", "C")];
        for (former, present) in [("A", Some("C")), ("B", Some("C")), ("X", Some("Y")), ("C", None)] {
            assert_eq!(follow(&changes, former), present, "{former}");
        }
    }

    #[test]
    fn every_present_name_is_one_of_the_model() {
        for change in RENAMED_ENTITY_TYPES {
            assert!(crate::find_entity(present_name(change.old_name).unwrap()).is_some(), "{change:?}");
            assert!(crate::find_entity(change.old_name).is_none(), "{change:?}");
        }
    }
}
