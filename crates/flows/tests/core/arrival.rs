use flows::authorization::{INTERACTION, push, read};

use crate::engines::on_both_engines;
use crate::world::params;

const LIFETIME: i64 = 60;

/// A pushed request is valid on arrival or not at all; the user then has an hour to decide (RFC 9126, section 2.2).
#[test]
fn a_pushed_request_arrives_in_time() {
    on_both_engines(
        |settings| settings.lifetimes.pushed_request_lifetime = LIFETIME,
        async |world| {
            let asked = params(&[
                ("response_type", "code"),
                ("client_id", world.web.client_id),
                ("redirect_uri", "http://127.0.0.1:8765/callback"),
                ("scope", "openid read"),
                ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
                ("code_challenge_method", "S256"),
            ]);
            let pushed = push(&world.at(0), &world.web.credentials(), &asked).await.unwrap();
            let request = params(&[("client_id", world.web.client_id), ("request_uri", &pushed.request_uri)]);
            let last = LIFETIME - 1;
            for (seconds, arrived, is_accepted) in [
                (last, None, true),
                (LIFETIME, None, false),
                (LIFETIME, Some(last), true),
                (LIFETIME, Some(LIFETIME), false),
                (LIFETIME + INTERACTION - 1, Some(last), true),
                (LIFETIME + INTERACTION, Some(last), false),
            ] {
                let arrived = arrived.map(|seconds| world.at(seconds).now);
                let result = read(&world.at(seconds), &request, arrived).await;
                assert_eq!(result.is_ok(), is_accepted, "{seconds} {arrived:?}");
            }
        },
    );
}
