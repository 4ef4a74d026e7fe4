use authority::registry::purge::{Purge, remove_events};
use authority::seed;
use authority::{Caller, Ctx};
use model::entities::{AccessToken, AuditEvent};

use crate::engines::on_both_engines;
use crate::world::World;

const DAY: i64 = 24 * 3600;

/// Removes what is due; returns how many grants that were.
async fn purge(ctx: &Ctx) -> Option<u64> {
    let mut purge = Purge::begin(ctx)?;
    while purge.step(ctx).await.unwrap() {}
    Some(purge.removed())
}

async fn count(world: &World, ctx: &Ctx) -> (usize, usize) {
    world.authority.write_last_uses().await.unwrap();
    let grants: Vec<AccessToken> = seed::list(ctx, 1000).await.unwrap();
    let events: Vec<AuditEvent> = seed::list(ctx, 1000).await.unwrap();
    (grants.len(), events.len())
}

/// What ended is removed after the time for which the operator keeps it, and not earlier.
#[test]
fn grants_are_removed_in_time() {
    on_both_engines(
        |settings| {
            settings.retention.retention_days = 90;
            settings.lifetimes.access_token_lifetime = 3600;
        },
        async |world| {
            let token = world.client_credentials(&world.at(0)).await;
            assert!(Caller::from_token(&world.at(0), &token).await.is_ok());
            let end = 3600 + 90 * DAY;
            assert_eq!(purge(&world.at(end)).await, Some(0));
            assert_eq!(count(world, &world.at(end)).await.0, 1);
            assert_eq!(purge(&world.at(end + 1)).await, Some(1));
            assert_eq!(count(world, &world.at(end + 1)).await.0, 0);
        },
    );
}

/// Where the operator keeps everything, nothing is removed.
#[test]
fn everything_is_kept_where_the_operator_says_so() {
    on_both_engines(
        |settings| {
            settings.retention.retention_days = 0;
            settings.retention.audit_retention_days = 0;
        },
        async |world| {
            world.client_credentials(&world.at(0)).await;
            world.sign_in(&world.at(0), &world.ben).await;
            let before = count(world, &world.at(0)).await;
            let ctx = world.at(5000 * DAY);
            assert_eq!(purge(&ctx).await, None);
            assert_eq!(remove_events(&ctx).await.unwrap(), 0);
            assert_eq!(count(world, &ctx).await, before);
        },
    );
}

/// Events are kept for a time of their own.
#[test]
fn events_are_removed_in_time() {
    on_both_engines(
        |settings| settings.retention.audit_retention_days = 400,
        async |world| {
            world.sign_in(&world.at(0), &world.ben).await;
            let events = u64::try_from(count(world, &world.at(0)).await.1).unwrap();
            assert!(events > 0);
            assert_eq!(remove_events(&world.at(400 * DAY)).await.unwrap(), 0);
            assert_eq!(remove_events(&world.at(400 * DAY + 1)).await.unwrap(), events);
        },
    );
}
