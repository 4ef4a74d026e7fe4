use super::*;
use crate::testing::{People, World};
use crate::tokens::leaks::{Found, Outcome, report_leaks};

fn credentials(secret: &str) -> ClientCredentials {
    ClientCredentials { client_id: "service".to_owned(), proof: ClientProof::Basic(secret.into()) }
}

/// A client is authenticated when a request begins. It obtains nothing once its secret was reported.
#[test]
fn a_client_whose_secret_has_leaked_obtains_nothing() {
    World::with(|_| ()).run(async |world| {
        let (ctx, people) = (&world.at(1), People::new(world).await);
        let secret = people.service_secret.expose();
        let (acting, _) = authenticate(ctx, &credentials(secret)).await.unwrap();
        acting.transaction(|_, _| Ok(())).await.unwrap();
        let leaked = Found { secret: secret.into(), url: None, source: None };
        assert_eq!(report_leaks(ctx, &[leaked]).await.unwrap(), [Outcome::Revoked]);
        let obtained = acting.transaction(|_, _| Ok(())).await;
        assert!(matches!(obtained, Err(Fault::InvalidClient)));
    });
}
