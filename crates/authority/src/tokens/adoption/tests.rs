use model::Uuid;

use super::*;
use crate::testing::{Opened, People, World, asked, row};
use crate::tokens::{RotateToken, create_token, rotate_token};
use crate::{AccessSecret, Caller};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Uses a token from an address, and writes the use.
async fn use_from(world: &Opened, seconds: i64, address: &str, secret: &AccessSecret) -> Result<(), Fault> {
    let ctx = world.from(address.parse().unwrap(), seconds);
    Caller::from_token(&ctx, secret.expose()).await?;
    ctx.authority().write_last_uses().await
}

async fn reason(world: &Opened, seconds: i64, id: Uuid) -> Option<RevocationReason> {
    world.maintain(seconds).await;
    row::<AccessToken>(&world.at(seconds), id).await.revocation_reason
}

/// A rotated token ends when its successor was used from each of its addresses of the last 30 days.
#[test]
fn a_rotated_token_ends_when_its_callers_moved() {
    World::with(|_| ()).run(async |world| {
        let people = People::new(world).await;
        let (owner, _) = people.session(&world.at(1)).await;
        let token = create_token(&world.at(2), &owner, asked()).await.unwrap();
        let (id, old) = (token.grant.id, &token.secret);
        for (seconds, address) in [(10, "10.0.0.9"), (31 * DAY, "10.0.0.1"), (31 * DAY, "10.0.0.2")] {
            use_from(world, seconds, address, old).await.unwrap();
        }
        let rotation = RotateToken { overlap: 20 * DAY, until_adopted: true, ..RotateToken::default() };
        let start = 32 * DAY;
        let (owner, _) = people.session(&world.at(start)).await;
        let new = rotate_token(&world.at(start), &owner, id, rotation).await.unwrap().secret;
        assert_eq!(reason(world, start + HOUR, id).await, None, "the successor is not in use");
        use_from(world, start + HOUR, "10.0.0.1", &new).await.unwrap();
        use_from(world, start + HOUR, "10.0.0.7", &new).await.unwrap();
        use_from(world, start + 2 * HOUR, "10.0.0.2", old).await.unwrap();
        assert_eq!(reason(world, start + 3 * HOUR, id).await, None, "one caller uses the token");
        use_from(world, start + 3 * HOUR, "10.0.0.2", &new).await.unwrap();
        use_from(world, start + 3 * HOUR, "10.0.0.2", old).await.unwrap();
        assert_eq!(reason(world, start + 3 * HOUR + 60, id).await, None, "it was used a minute ago");
        assert_eq!(reason(world, start + 4 * HOUR, id).await, Some(RevocationReason::Replaced));
        assert!(use_from(world, start + 4 * HOUR, "10.0.0.1", old).await.is_err());
        use_from(world, start + 4 * HOUR, "10.0.0.1", &new).await.unwrap();
    });
}

/// Without the option, a rotated token lives until the end of the overlap.
#[test]
fn a_rotated_token_keeps_its_overlap() {
    World::with(|_| ()).run(async |world| {
        let people = People::new(world).await;
        let (owner, _) = people.session(&world.at(1)).await;
        let token = create_token(&world.at(2), &owner, asked()).await.unwrap();
        let rotation = RotateToken { overlap: DAY, ..RotateToken::default() };
        let new = rotate_token(&world.at(3), &owner, token.grant.id, rotation).await.unwrap().secret;
        use_from(world, HOUR, "10.0.0.1", &new).await.unwrap();
        assert_eq!(reason(world, 2 * HOUR, token.grant.id).await, None);
        use_from(world, 3 * HOUR, "10.0.0.2", &token.secret).await.unwrap();
    });
}

/// Adoption without an overlap is refused.
#[test]
fn adoption_needs_an_overlap() {
    World::with(|_| ()).run(async |world| {
        let people = People::new(world).await;
        let (owner, _) = people.session(&world.at(1)).await;
        let token = create_token(&world.at(2), &owner, asked()).await.unwrap();
        let rotation = RotateToken { until_adopted: true, ..RotateToken::default() };
        let refused = rotate_token(&world.at(3), &owner, token.grant.id, rotation).await;
        assert!(matches!(refused, Err(Fault::BadField { field: "untilAdopted", .. })));
    });
}
