//! Two imports at once of the same object.

use serde_json::{Value, json};

use super::super::writing::USERS;
use super::{user, with};
use crate::support::Server;

const ROUNDS: usize = 5;

/// Merges a user with this external identifier; returns the result of the object.
fn merge(server: &Server, login: &str, external: &str, token: &str) -> Value {
    let members = json!({ "@erpnet.action": "merge", "ExternalId": external, "ExternalSystem": "races" });
    server.import(&json!({}), &[with(user(login, "N"), &members)], token)["objects"][0].clone()
}

on_both_engines! {
    /// Two merges of one external identifier leave one row: one of them creates it.
    fn two_merges_leave_one_row(server: &mut Server) {
        let admin = &server.world().admin.pat;
        for round in 0..ROUNDS {
            let (login, external) = (format!("race-merge-{round}"), format!("race-{round}"));
            let results = std::thread::scope(|scope| {
                let other = scope.spawn(|| merge(server, &login, &external, admin));
                [merge(server, &login, &external, admin), other.join().unwrap()]
            });
            let added = results.iter().filter(|result| result["@erpnet.state"] == "Added").count();
            assert_eq!(added, 1, "{results:?}");
            let found = format!("{USERS}?$filter=ExternalId eq '{external}' and ExternalSystem eq 'races'");
            assert_eq!(server.count(&found, admin), 1);
        }
    }
}
