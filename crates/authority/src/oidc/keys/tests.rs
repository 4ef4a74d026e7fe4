use std::collections::BTreeSet;

use model::Timestamp;
use serde_json::{Value, json};
use token::jose::Algorithm;

use super::{Purpose, maintain};
use crate::Settings;
use crate::testing::World;

const DAY: i64 = 24 * 3600;

/// What was signed, and when the last recipient may need its key.
struct Signed {
    kid: String,
    until: Timestamp,
}

fn kid(token: &str) -> String {
    let head = token.split('.').next().unwrap();
    let head: Value = serde_json::from_slice(&token::digest::from_base64url(head).unwrap()).unwrap();
    head["kid"].as_str().unwrap().to_owned()
}

/// Every signature can be checked for its whole lifetime, whichever lifetime is the longest.
#[test]
fn keys_stay_published_as_long_as_what_they_signed() {
    type Set = fn(&mut Settings);
    let settings: [Set; 4] = [
        |_| {},
        |settings| settings.lifetimes.access_token_lifetime = 45 * DAY,
        |settings| settings.lifetimes.device_token_lifetime = 40 * DAY,
        |settings| settings.lifetimes.id_token_lifetime = 20 * DAY,
    ];
    for set in settings {
        let world = World::with(|settings| {
            settings.signing_key_lifetime = 10 * DAY;
            set(settings);
        });
        world.run(async |world| {
            let mut signed: Vec<Signed> = Vec::new();
            let mut kids = BTreeSet::new();
            for hour in (0..80 * 24).step_by(12) {
                let ctx = world.at(hour * 3600);
                maintain(&ctx).await.unwrap();
                let jwks = ctx.authority().jwks(ctx.now);
                let published: BTreeSet<_> = jwks["keys"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|key| key["kid"].as_str().unwrap().to_owned())
                    .collect();
                signed.retain(|signed| signed.until > ctx.now);
                for signed in &signed {
                    assert!(published.contains(&signed.kid), "a key was withdrawn before {:?}", signed.until);
                }
                for purpose in Purpose::ALL {
                    let until = ctx.now.plus_seconds(purpose.lifetime(ctx.settings()));
                    for algorithm in Algorithm::OWN {
                        let token =
                            ctx.authority().signing.sign(algorithm, purpose, &json!({}), ctx.now).unwrap();
                        kids.insert(kid(&token));
                        signed.push(Signed { kid: kid(&token), until });
                    }
                }
            }
            assert!(kids.len() > Algorithm::OWN.len() * 2, "keys rotated: {}", kids.len());
        });
    }
}

/// An ID token comes back as a hint long after its key was withdrawn.
#[test]
fn a_withdrawn_key_still_verifies_hints() {
    let world = World::with(|settings| settings.signing_key_lifetime = 10 * DAY);
    world.run(async |world| {
        let ctx = world.at(0);
        let hint =
            ctx.authority().signing.sign(Algorithm::Rs256, Purpose::IdToken, &json!({}), ctx.now).unwrap();
        let later = world.at(200 * DAY);
        for day in 1..=200 {
            maintain(&world.at(day * DAY)).await.unwrap();
        }
        let published = later.authority().jwks(later.now).to_string();
        assert!(!published.contains(&kid(&hint)), "the key was withdrawn");
        later.authority().signing.verify::<Value>(&hint, &["JWT"]).unwrap();
    });
}
