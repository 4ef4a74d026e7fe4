//! A small world with few distinct values, so that filters meet ties, nulls and missing rows.

use model::entities::{
    AccessToken, AccessTokenScope, GrantKind, RevocationReason, TrustedApplication, User, UserType,
};
use model::{Record, Timestamp, Uuid};
use store::{Store, StoreError};

use crate::evaluate::World;
use crate::sample::*;

/// Texts that differ in case, in letters with unusual case folding, and in pattern characters.
pub(crate) const TEXTS: [&str; 12] =
    ["", "a", "A", "ab", "aB%", "_b", "ÁÉ", "áé", "ΣΑΣ", "straße", "STRASSE", "\u{1F511}'\"\\"];
pub(crate) const SCOPES: [&str; 4] = ["read", "update", "sec", "Read"];

/// Times close to one another, before 1970, at the ends of years and months, and distant ones.
pub(crate) const MOMENTS: [Timestamp; 9] = [
    Timestamp::from_seconds(0),
    Timestamp::from_seconds(1),
    Timestamp::from_seconds(2),
    Timestamp::from_micros(-1),
    // 1903-12-31T23:59:59.5Z
    Timestamp::from_micros(-2_082_844_800_500_000),
    // 2000-02-29T12:34:56.789012Z
    Timestamp::from_micros(951_827_696_789_012),
    // 2026-12-31T00:00:00Z
    Timestamp::from_seconds(1_798_675_200),
    // 0001-01-01T00:00:00Z
    Timestamp::from_seconds(-62_135_596_800),
    // 9999-12-31T23:59:59.999999Z
    Timestamp::from_micros(253_402_300_799_999_999),
];

pub(crate) const USERS: u128 = 8;
const APPLICATIONS: u128 = 5;
const GRANTS: u128 = 40;
const SCOPE_ROWS: u128 = 60;

/// Deterministic pseudo-random numbers (splitmix64).
pub(crate) struct TestRng(pub(crate) u64);

impl TestRng {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn often(&mut self) -> bool {
        self.below(3) > 0
    }

    fn text(&mut self) -> String {
        TEXTS[usize::try_from(self.below(TEXTS.len() as u64)).unwrap()].to_owned()
    }

    fn maybe_text(&mut self) -> Option<String> {
        self.often().then(|| self.text())
    }

    fn time(&mut self) -> Timestamp {
        MOMENTS[usize::try_from(self.below(MOMENTS.len() as u64)).unwrap()]
    }

    fn maybe_time(&mut self) -> Option<Timestamp> {
        self.often().then(|| self.time())
    }

    fn id(&mut self, count: u128) -> Uuid {
        id(self.below(u64::try_from(count).unwrap()).into())
    }

    fn maybe_id(&mut self, count: u128) -> Option<Uuid> {
        (count > 0 && self.often()).then(|| self.id(count))
    }
}

/// All rows, for the registry and in memory.
pub(crate) struct Rows {
    pub(crate) users: Vec<User>,
    pub(crate) applications: Vec<TrustedApplication>,
    pub(crate) authorizations: Vec<model::entities::TrustedApplicationAuthorization>,
    pub(crate) grants: Vec<AccessToken>,
    pub(crate) scopes: Vec<AccessTokenScope>,
}

/// Returns an external identifier and its system. An identifier is unique within its system, so that a row with one has a
/// system of its own.
fn external(rng: &mut TestRng, number: u128) -> (Option<String>, Option<String>) {
    match rng.maybe_text() {
        Some(id) => (Some(id), Some(format!("{}{number}", rng.text()))),
        None => (None, rng.maybe_text()),
    }
}

fn a_user(rng: &mut TestRng, number: u128) -> User {
    let (external_id, external_system) = external(rng, number);
    User {
        external_id,
        external_system,
        updated_at: rng.maybe_time(),
        access_failed_count: i32::try_from(rng.below(3)).unwrap(),
        active: rng.often(),
        creation_time_utc: rng.time(),
        default_language: rng.maybe_text(),
        email: rng.maybe_text(),
        email_confirmed: rng.often(),
        lockout_end_utc: rng.maybe_time(),
        login: format!("{}{number}", rng.text()),
        name: rng.text(),
        user_type: UserType::ALL[usize::try_from(rng.below(3)).unwrap()],
        ..user(number)
    }
}

fn an_application(rng: &mut TestRng, number: u128) -> TrustedApplication {
    let (external_id, external_system) = external(rng, number);
    TrustedApplication {
        external_id,
        external_system,
        creation_time_utc: rng.time(),
        is_enabled: rng.often(),
        name: rng.text(),
        updated_at: rng.maybe_time(),
        application_uri: format!("{}{number}", rng.text()),
        system_user_id: rng.maybe_id(USERS),
        ..application(number)
    }
}

fn a_grant(rng: &mut TestRng, number: u128) -> AccessToken {
    let (external_id, external_system) = external(rng, number);
    AccessToken {
        external_id,
        external_system,
        updated_at: rng.maybe_time(),
        actor: rng.maybe_text(),
        client: rng.maybe_text(),
        session: rng.maybe_text(),
        consumed_timestamp: rng.maybe_time(),
        creation_timestamp: rng.time(),
        expire_timestamp: rng.maybe_time(),
        last_used_timestamp: rng.maybe_time(),
        last_used_ip_address: rng.maybe_text(),
        revocation_reason: rng.often().then(|| RevocationReason::ALL[usize::try_from(rng.below(3)).unwrap()]),
        revoked_timestamp: rng.maybe_time(),
        kind: GrantKind::ALL[usize::try_from(rng.below(4)).unwrap()],
        created_by_id: rng.maybe_id(USERS),
        parent_id: rng.maybe_id(number),
        predecessor_id: rng.maybe_id(number),
        successor_id: rng.maybe_id(number),
        trusted_application_id: rng.maybe_id(APPLICATIONS),
        user_id: rng.maybe_id(USERS),
        ..grant(number)
    }
}

impl Rows {
    pub(crate) fn new(seed: u64) -> Self {
        let rng = &mut TestRng(seed);
        let users = (0..USERS).map(|number| a_user(rng, number)).collect();
        let applications = (0..APPLICATIONS).map(|number| an_application(rng, number)).collect();
        let authorizations = (0..6)
            .map(|number| {
                let (user, application) = (rng.id(USERS), rng.id(APPLICATIONS));
                let mut row = authorization(number, user, application);
                row.valid_from_utc = rng.maybe_time();
                row.granting_user_id = rng.id(USERS);
                row
            })
            .collect();
        let grants = (0..GRANTS).map(|number| a_grant(rng, number)).collect();
        let scopes = (0..SCOPE_ROWS)
            .map(|number| {
                let name = SCOPES[usize::try_from(rng.below(4)).unwrap()];
                // The last grants have none.
                let mut row = scope(number, rng.id(GRANTS - 10), name);
                row.last_used_timestamp = rng.maybe_time();
                row
            })
            .collect();
        Self { users, applications, authorizations, grants, scopes }
    }

    pub(crate) async fn write_to(&self, store: &Store) {
        fn all<R: Record + Clone>(rows: &[R], tx: &mut store::Tx<'_>) -> Result<(), StoreError> {
            rows.iter().try_for_each(|row| tx.insert(row))
        }
        let (users, applications) = (self.users.clone(), self.applications.clone());
        let (authorizations, grants) = (self.authorizations.clone(), self.grants.clone());
        let scopes = self.scopes.clone();
        let written: Result<(), StoreError> = store
            .write(move |tx| {
                all(&users, tx)?;
                all(&applications, tx)?;
                all(&authorizations, tx)?;
                all(&grants, tx)?;
                all(&scopes, tx)
            })
            .await;
        written.unwrap();
    }

    pub(crate) fn world(&self) -> World {
        let mut world = World::default();
        self.users.iter().for_each(|row| world.add(row));
        self.applications.iter().for_each(|row| world.add(row));
        self.authorizations.iter().for_each(|row| world.add(row));
        self.grants.iter().for_each(|row| world.add(row));
        self.scopes.iter().for_each(|row| world.add(row));
        world
    }
}
