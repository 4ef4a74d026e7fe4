use std::path::{Path, PathBuf};

use model::entities::GrantKind;
use model::{DataType, Property, Record, Value};

use super::*;

/// A row whose optional values are null, and whose other values are the first ones of their types.
fn blank<R: Record>() -> R {
    let value = |(_, property): (_, Property)| match property.data_type() {
        _ if property.nullable() => Value::Null,
        DataType::Bool => Value::Bool(true),
        DataType::Int32 => Value::Int(0),
        DataType::Text => Value::Text(String::new()),
        DataType::Enum(enumeration) => enumeration.members[0].code.value(),
        DataType::DateTime => Value::Time(Timestamp::from_seconds(0)),
        DataType::Guid => Value::Guid(model::Uuid::nil()),
    };
    R::from_values(&mut R::entity().columns().map(value)).unwrap()
}

/// A live grant with the rows on which its state depends.
fn parties(kind: GrantKind) -> GrantParties {
    GrantParties {
        grant: AccessToken { kind, ..blank() },
        application: Some(TrustedApplication { is_enabled: true, ..blank() }),
        user: Some(User { active: true, ..blank() }),
        catalogue: 0,
        has_disabled_origin: false,
        is_marked: false,
    }
}

/// Every combination of what can be wrong with a grant: the first state of the order counts.
#[test]
fn the_first_state_of_the_order_counts() {
    let now = Timestamp::from_seconds(1000);
    let (earlier, later) = (now.plus_seconds(-5), now.plus_seconds(1));
    for wrong in 0..64 {
        let is = |bit: u32| wrong & (1 << bit) != 0;
        let mut found = parties(GrantKind::ReferenceToken);
        found.grant.revoked_timestamp = Some(earlier).filter(|_| is(0));
        found.grant.consumed_timestamp = Some(earlier).filter(|_| is(1));
        found.grant.expire_timestamp = Some(if is(2) { now } else { later });
        found.application.as_mut().unwrap().is_enabled = !is(3);
        found.has_disabled_origin = is(4);
        found.user.as_mut().unwrap().active = !is(5);
        let expected = match wrong {
            _ if is(0) => GrantState::Revoked,
            _ if is(1) => GrantState::Used,
            _ if is(2) => GrantState::Expired,
            _ if is(3) || is(4) => GrantState::Disabled(Reason::ApplicationDisabled),
            _ if is(5) => GrantState::Disabled(Reason::UserInactive),
            _ => GrantState::Live,
        };
        assert_eq!(state(&found, now), expected, "{wrong:06b}");
        assert_eq!(expected.check().is_ok(), wrong == 0, "{wrong:06b}");
        assert_eq!(expected.check_not_ended().is_ok(), wrong & 7 == 0, "{wrong:06b}");
    }
}

#[test]
fn pending_grants_and_consents_are_live_and_lockouts_change_nothing() {
    let now = Timestamp::from_seconds(1000);
    for kind in GrantKind::ALL {
        let mut found = parties(*kind);
        found.user.as_mut().unwrap().access_failed_count = 99;
        found.user.as_mut().unwrap().lockout_end_utc = Some(now.plus_seconds(600));
        assert_eq!(state(&found, now), GrantState::Live, "{kind:?}");
        found.user = None;
        assert_eq!(state(&found, now), GrantState::Live, "{kind:?}, before a user decided");
        found.application = None;
        let gone = GrantState::Disabled(Reason::ApplicationDisabled);
        assert_eq!(state(&found, now), gone, "{kind:?}, without a client");
    }
}

/// Ways to decide by a grant's timestamps.
const FORBIDDEN: [&str; 7] = [
    ".revoked_timestamp",
    ".consumed_timestamp",
    ".expire_timestamp.is_",
    "expire_timestamp <",
    "expire_timestamp >",
    ".if_null(AccessToken::RevokedTimestamp)",
    ".if_null(AccessToken::ConsumedTimestamp)",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_other_file_decides_by_the_timestamps_of_a_grant() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    sources(&crates.join("authority/src"), &mut files);
    sources(&crates.join("grant-state/src"), &mut files);
    assert!(files.len() > 100, "only {} files", files.len());
    for file in files {
        let name = file.strip_prefix(&crates).unwrap().to_string_lossy().into_owned();
        if name.starts_with("grant-state/src/state") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        // A chain of calls may be broken after any of them.
        let joined: String = text.lines().map(str::trim).collect();
        for forbidden in FORBIDDEN {
            assert!(!joined.contains(forbidden), "{name} decides by '{forbidden}': use grant_state::state");
        }
        let conditional = joined.contains(".if_after(AccessToken::ExpireTimestamp");
        assert!(!conditional, "{name} has a condition on the expiry: use state::if_not_ended");
    }
}
