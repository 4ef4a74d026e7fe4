//! Two requests at once about the same thing: one of them wins.

use reqwest::Method;
use serde_json::{Value, json};

use super::super::writing::{USERS, address};
use crate::support::Server;

const ROUNDS: usize = 5;

/// Runs two requests at the same time, and returns both results.
fn both<A: Send, B: Send>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B + Send) -> (A, B) {
    std::thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().unwrap(), second)
    })
}

/// Creates a user, in a transaction if it is given; returns the address of the row.
fn user(server: &Server, login: &str, transaction: &str, token: &str) -> String {
    let header = [("TransactionId", transaction)];
    let headers = if transaction.is_empty() { &header[..0] } else { &header[..] };
    let body = json!({ "Login": login, "Name": "N" });
    let created = server.write(&Method::POST, USERS, headers, &body, token);
    assert_eq!(created.status, 201, "{}", created.body);
    address(USERS, &created.id())
}

on_both_engines! {
    /// Of two calls of EndTransaction, one ends the transaction.
    fn one_of_two_ends_wins(server: &mut Server) {
        let admin = &server.world().admin.pat;
        for round in 0..ROUNDS {
            let id = server.begin(admin);
            let path = user(server, &format!("race-end-{round}"), &id, admin);
            let end = || server.end(&id, true, admin).status;
            let (first, second) = both(end, end);
            assert_eq!([first.min(second), first.max(second)], [204, 400]);
            assert_eq!(server.said(&Method::GET, &path, "", &Value::Null, admin).0, 200);
        }
    }

    /// A write within a transaction that ends is in it, or is refused.
    fn a_write_is_in_the_transaction_or_refused(server: &mut Server) {
        let admin = &server.world().admin.pat;
        for round in 0..ROUNDS {
            let id = server.begin(admin);
            let path = user(server, &format!("race-inside-{round}"), &id, admin);
            let header = [("TransactionId", id.as_str())];
            let change = || server.write(&Method::PATCH, &path, &header, &json!({ "Name": "Changed" }), admin).status;
            let (ended, changed) = both(|| server.end(&id, true, admin).status, change);
            assert_eq!(ended, 204);
            assert!([204, 400].contains(&changed), "{changed}");
            let expected = if changed == 204 { "Changed" } else { "N" };
            assert_eq!(server.rows(&path, admin)[0]["Name"], expected);
        }
    }

    /// A token that may have one transaction begins one.
    fn one_of_two_beginnings_wins(server: &mut Server) {
        let admin = &server.world().admin.pat;
        for _ in 0..ROUNDS {
            let begin = || server.said(&Method::POST, "BeginTransaction", "", &Value::Null, admin);
            let (first, second) = both(begin, begin);
            let (won, lost) = if first.0 == 200 { (first, second) } else { (second, first) };
            assert_eq!((won.0, lost.0), (200, 429), "{} {}", won.1, lost.1);
            assert_eq!(server.end(&won.1, false, admin).status, 204);
        }
    }

    /// A row that is deleted while it is changed is gone; the change came before, or found no row.
    fn a_deleted_row_is_not_changed(server: &mut Server) {
        let admin = &server.world().admin.pat;
        for round in 0..ROUNDS {
            let path = user(server, &format!("race-delete-{round}"), "", admin);
            let delete = || server.write(&Method::DELETE, &path, &[], &Value::Null, admin).status;
            let change = || server.write(&Method::PATCH, &path, &[], &json!({ "Name": "Changed" }), admin).status;
            let (deleted, changed) = both(delete, change);
            assert_eq!(deleted, 204);
            assert!([204, 404].contains(&changed), "{changed}");
            assert_eq!(server.said(&Method::GET, &path, "", &Value::Null, admin).0, 404);
        }
    }
}
