use model::entities::GrantKind;
use token::TokenKind;

use super::*;
use crate::Scopes;
use crate::seed::{self, SeedGrant};
use crate::testing::{People, World};

fn leak(secret: &str) -> Found {
    Found { secret: secret.into(), url: None, source: None }
}

/// However much a client obtained with a leaked secret, all of it ends.
#[test]
fn everything_that_a_leaked_secret_obtained_ends() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let seed = |_| SeedGrant {
            kind: GrantKind::ReferenceToken,
            secret: TokenKind::ReferenceAccess,
            client: &people.service,
            user: &people.user,
            scopes: Scopes::parse("read").unwrap(),
            description: None,
            expires: None,
            parent: None,
        };
        let rows = (0..10_001).map(|n| seed::grant(ctx, seed(n)).unwrap()).collect();
        seed::insert_grants(ctx, rows).await.unwrap();
        report_leaks(ctx, &[leak(people.service_secret.expose())]).await.unwrap();
        let (id, now) = (people.service.id, ctx.now);
        let left = ctx.store().read(move |read| read.list_client_tokens(id, now, 1)).await.unwrap();
        assert!(left.is_empty());
    });
}
