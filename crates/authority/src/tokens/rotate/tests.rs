use super::*;
use crate::testing::{People, RESTRICTIONS, World, restrict, row};

/// A rotation gives the successor what the token has when it is rotated, not what it had when it was looked up.
#[test]
fn a_rotation_is_of_the_token_as_it_is() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let (owner, _) = people.session(ctx).await;
        for how in RESTRICTIONS {
            let (_, id) = people.token(ctx, &owner).await;
            let before: AccessToken = row(ctx, id).await;
            restrict(ctx, &owner, id, how).await;
            let superseded = ctx
                .transaction(move |ctx, tx| supersede(ctx, tx, &before, id, &RotateToken::default()))
                .await;
            assert!(matches!(superseded, Err(Fault::Conflict(_))), "{how}");
        }
    });
}
