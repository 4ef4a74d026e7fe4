//! Former names of entity sets.

/// A change of the name of an entity set.
#[derive(Debug)]
pub struct Renamed {
    /// The former name.
    pub old: &'static str,
    /// The name since then.
    pub new: &'static str,
    /// The version with the change.
    pub version: &'static str,
}

/// All changes of names. A new name may itself be a former one.
pub static RENAMED: &[Renamed] =
    &[Renamed { old: "Communities_Notifications", new: "Systems_Core_Notifications", version: "20.1" }];

/// Returns the present name of a set that was renamed.
///
/// ```
/// assert_eq!(model::renamed("Communities_Notifications"), Some("Systems_Core_Notifications"));
/// assert_eq!(model::renamed("Systems_Security_Users"), None);
/// ```
pub fn renamed(name: &str) -> Option<&'static str> {
    let mut now = None;
    // A chain has each change once at most.
    for _ in RENAMED {
        let known = RENAMED.iter().find(|renamed| renamed.old == now.unwrap_or(name));
        let Some(next) = known else { break };
        now = Some(next.new);
    }
    now
}
