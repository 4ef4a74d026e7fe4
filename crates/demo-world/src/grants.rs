//! Grants as they might have come about over the last year and a half.

use authority::clients::COMMAND_LINE;
use authority::seed::{self, GrantRows, SeedGrant};
use authority::{Ctx, Fault, Scopes, scopes};
use model::entities::{AccessToken, AccessTokenScope, GrantKind, TrustedApplication, User};
use model::{Timestamp, Uuid};
use token::TokenKind;

use super::demo_rng::DemoRng;

/// How many grants are added per transaction.
const BATCH: u64 = 1000;
const DAY: i64 = 86_400;
/// How far back the oldest grant goes.
const PAST: i64 = 550 * DAY;

const PURPOSES: [&str; 8] = [
    "Nightly backup",
    "Laptop",
    "Build pipeline",
    "Sync with the warehouse",
    "Migration script",
    "Dashboard in the hall",
    "Trying things out",
    "Month-end closing",
];

/// Adds grants of every kind with past and future dates to the users and applications that are there.
/// Calls `progress` with the number of inserted grants.
pub async fn add_grants(ctx: &Ctx, count: u64, mut progress: impl FnMut(u64)) -> Result<(), Fault> {
    let users: Vec<User> = seed::list(ctx, 1000).await?;
    let applications: Vec<TrustedApplication> = seed::list(ctx, 1000).await?;
    if users.is_empty() || applications.is_empty() {
        let advice =
            "there are no users and applications to give grants to: start `grantor serve --demo` once";
        return Err(Fault::NotFound(advice.to_owned()));
    }
    let world = Grown { ctx, users: &users, applications: &applications };
    let mut added = 0;
    while added < count {
        let wanted = BATCH.min(count - added);
        seed::insert_grants(ctx, world.batch(wanted)?).await?;
        added += wanted;
        progress(added);
    }
    Ok(())
}

struct Grown<'a> {
    ctx: &'a Ctx,
    users: &'a [User],
    applications: &'a [TrustedApplication],
}

impl Grown<'_> {
    fn batch(&self, count: u64) -> Result<Vec<GrantRows>, Fault> {
        let mut rng = DemoRng::new(self.ctx.random());
        let mut rows: Vec<GrantRows> = Vec::new();
        for _ in 0..count {
            let kind = *rng.pick(GrantKind::ALL)?;
            let parent = if kind == GrantKind::ReferenceToken { last_refresh_token(&rows) } else { None };
            rows.push(self.grant(&mut rng, kind, parent)?);
        }
        Ok(rows)
    }

    fn grant(
        &self,
        rng: &mut DemoRng<'_>,
        kind: GrantKind,
        parent: Option<Uuid>,
    ) -> Result<GrantRows, Fault> {
        let (application, user) = self.parties(rng, kind)?;
        let created = self.ctx.now.plus_seconds(-rng.seconds(PAST)?);
        let describes = rng.chance(70)?;
        let narrow = rng.chance(40)?;
        let own = Scopes::stored(application.scope.as_deref()).without(scopes::TOKENS);
        let scopes = if narrow { own.shared_with(&Scopes::parse("read openid")?) } else { own };
        let new = SeedGrant {
            kind,
            secret: secret_kind(kind),
            client: application,
            user,
            scopes,
            description: if describes { Some((*rng.pick(&PURPOSES)?).to_owned()) } else { None },
            expires: lifetime(rng, kind)?.map(|seconds| created.plus_seconds(seconds)),
            parent,
        };
        let (grant, granted) = seed::grant(self.ctx, new)?;
        let lived = self.ctx.now.seconds() - created.seconds();
        let grant = self.live(
            rng,
            AccessToken { creation_timestamp: created, updated_at: Some(created), ..grant },
            lived,
        )?;
        let grant = self.kept(rng, grant)?;
        let granted = granted.into_iter().map(|scope| used(rng, scope, grant.last_used_timestamp));
        Ok((grant.clone(), granted.collect::<Result<_, _>>()?))
    }

    /// The grant as it is, or where it ended long ago, moved so that it ended within the time for which the operator keeps ended grants:
    /// the others would be removed soon (see [`Purge`](authority::registry::purge::Purge)). Half of that time is left to all of them.
    fn kept(&self, rng: &mut DemoRng<'_>, grant: AccessToken) -> Result<AccessToken, Fault> {
        let kept = i64::from(self.ctx.settings().retention.retention_days) * DAY / 2;
        let ends = [grant.expire_timestamp, grant.revoked_timestamp].into_iter().flatten().min();
        let now = self.ctx.now.seconds();
        match ends {
            Some(end) if kept > 0 && end.seconds() < now - kept => {
                let seconds = now - rng.seconds(kept)? - end.seconds();
                Ok(later(grant, seconds))
            }
            _ => Ok(grant),
        }
    }

    /// Returns a client and a user that can have such a grant.
    fn parties(&self, rng: &mut DemoRng<'_>, kind: GrantKind) -> Result<(&TrustedApplication, &User), Fault> {
        if kind == GrantKind::ServiceAccessToken {
            let services: Vec<_> =
                self.applications.iter().filter(|found| found.system_user_id.is_some()).collect();
            if let Ok(application) = rng.pick(&services) {
                let user = self.users.iter().find(|user| Some(user.id) == application.system_user_id);
                return user.map(|user| (*application, user)).ok_or_else(no_users);
            }
        }
        let people: Vec<_> = self.users.iter().filter(|user| user.user_type.can_sign_in()).collect();
        let user =
            if people.is_empty() { self.users.first().ok_or_else(no_users)? } else { rng.pick(&people)? };
        let signs_in = |found: &&TrustedApplication| {
            found.system_user_id.is_none() && (found.application_uri != COMMAND_LINE || user.is_admin)
        };
        let applications: Vec<_> = self.applications.iter().filter(signs_in).collect();
        let application =
            if applications.is_empty() { rng.pick(self.applications)? } else { rng.pick(&applications)? };
        Ok((application, user))
    }

    /// What happened to a grant since it was made.
    fn live(&self, rng: &mut DemoRng<'_>, grant: AccessToken, lived: i64) -> Result<AccessToken, Fault> {
        let created = grant.creation_timestamp;
        let within = |rng: &mut DemoRng<'_>, percent, seconds: i64| -> Result<Option<Timestamp>, Fault> {
            let happened = rng.chance(percent)?;
            Ok(if happened { Some(created.plus_seconds(rng.seconds(seconds)?)) } else { None })
        };
        let one_time = matches!(
            grant.kind,
            GrantKind::AuthorizationCode | GrantKind::DeviceCode | GrantKind::BackchannelRequest
        );
        let valid =
            grant.expire_timestamp.map_or(lived, |expires| lived.min(expires.seconds() - created.seconds()));
        let revoked = within(rng, 12, valid)?;
        let used_until = revoked.map_or(valid, |revoked| revoked.seconds() - created.seconds());
        let last_used = within(rng, if one_time { 0 } else { 65 }, used_until)?;
        Ok(AccessToken {
            consumed_timestamp: within(rng, if one_time { 80 } else { 0 }, used_until)?,
            last_used_timestamp: last_used,
            last_used_ip_address: last_used
                .map(|time| format!("198.51.100.{}", time.seconds().rem_euclid(250) + 1)),
            revoked_timestamp: revoked,
            authorized_timestamp: Some(created),
            authorized_ip_address: Some(format!("203.0.113.{}", rng.below(250)? + 1)),
            ..grant
        })
    }
}

/// The same grant so many seconds later.
fn later(grant: AccessToken, seconds: i64) -> AccessToken {
    let later = |time: Option<Timestamp>| time.map(|time| time.plus_seconds(seconds));
    AccessToken {
        creation_timestamp: grant.creation_timestamp.plus_seconds(seconds),
        updated_at: later(grant.updated_at),
        expire_timestamp: later(grant.expire_timestamp),
        consumed_timestamp: later(grant.consumed_timestamp),
        last_used_timestamp: later(grant.last_used_timestamp),
        revoked_timestamp: later(grant.revoked_timestamp),
        authorized_timestamp: later(grant.authorized_timestamp),
        ..grant
    }
}

fn used(
    rng: &mut DemoRng<'_>,
    scope: AccessTokenScope,
    last_used: Option<Timestamp>,
) -> Result<AccessTokenScope, Fault> {
    let was_needed = rng.chance(60)?;
    Ok(AccessTokenScope { last_used_timestamp: last_used.filter(|_| was_needed), ..scope })
}

fn last_refresh_token(rows: &[GrantRows]) -> Option<Uuid> {
    let parents = rows.iter().rev().take(20).map(|(grant, _)| grant);
    parents
        .filter(|grant| grant.revoked_timestamp.is_none())
        .find(|grant| grant.kind == GrantKind::RefreshToken)
        .map(|grant| grant.id)
}

const fn secret_kind(kind: GrantKind) -> TokenKind {
    match kind {
        GrantKind::PersonalAccessToken => TokenKind::PersonalAccess,
        GrantKind::ServiceAccessToken => TokenKind::ServiceAccess,
        GrantKind::ReferenceToken => TokenKind::ReferenceAccess,
        GrantKind::RefreshToken => TokenKind::Refresh,
        GrantKind::DeviceCode => TokenKind::DeviceCode,
        GrantKind::BackchannelRequest => TokenKind::AuthenticationRequest,
        GrantKind::AuthorizationCode | GrantKind::UserConsent => TokenKind::AuthorizationCode,
    }
}

/// How long a grant of a kind is valid, in seconds; some never expire.
fn lifetime(rng: &mut DemoRng<'_>, kind: GrantKind) -> Result<Option<i64>, Fault> {
    Ok(match kind {
        GrantKind::AuthorizationCode => Some(60),
        GrantKind::DeviceCode => Some(600),
        GrantKind::BackchannelRequest => Some(300),
        GrantKind::ReferenceToken => Some(3600),
        GrantKind::RefreshToken => Some(30 * DAY),
        GrantKind::UserConsent => None,
        GrantKind::PersonalAccessToken | GrantKind::ServiceAccessToken => {
            let expires = rng.chance(70)?;
            let days = *rng.pick(&[30, 90, 365, 730])?;
            expires.then_some(days * DAY)
        }
    })
}

fn no_users() -> Fault {
    Fault::NotFound("there are no users to whom grants can be given".to_owned())
}
