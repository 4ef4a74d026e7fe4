use serde_json::{Value, json};

use super::*;
use crate::tests::stub::{Answer, Stub};

fn http(stub: &Stub) -> Http {
    Http::new(stub.url(), None).unwrap()
}

fn issuer(stub: &Stub) -> Issuer {
    Issuer {
        issuer: stub.url().at("/id"),
        token_endpoint: stub.url().at("/id/connect/token"),
        revocation_endpoint: stub.url().at("/id/connect/revocation"),
        device_authorization_endpoint: stub.url().at("/id/connect/deviceauthorization"),
    }
}

fn pending(expires_in: u64, interval: Option<u64>) -> Pending {
    let body = json!({
        "device_code": "grt_dvc_1", "user_code": "ABCD-EFGH", "verification_uri": "http://h/device",
        "expires_in": expires_in, "interval": interval,
    });
    serde_json::from_value(body).unwrap()
}

fn read_error(code: &str) -> Answer {
    Answer::json(400, &json!({"error": code}))
}

fn granted() -> Answer {
    Answer::json(200, &json!({"access_token": "grt_rat_1", "token_type": "Bearer", "expires_in": 60}))
}

/// Polls through a script; gives the outcome and the pauses in seconds.
fn wait(pending: &Pending, script: Vec<Answer>) -> (Result<Granted, String>, Vec<u64>, Stub) {
    let stub = Stub::answering(script);
    let mut pauses = Vec::new();
    let outcome = issuer(&stub).wait(&http(&stub), pending, &mut |pause| pauses.push(pause.as_secs()));
    (outcome.map_err(|problem| problem.to_string()), pauses, stub)
}

#[test]
fn the_issuer_is_the_one_that_was_asked() {
    let discovery = |issuer: &str| -> Value {
        json!({
            "issuer": issuer, "token_endpoint": "{base}/t", "revocation_endpoint": "{base}/r",
            "device_authorization_endpoint": "{base}/d",
        })
    };
    let stub = Stub::answering([Answer::json(200, &discovery("{base}/id"))]);
    let found = Issuer::discover(&http(&stub)).unwrap();
    assert_eq!(found.token_endpoint, stub.url().at("/t"));
    assert_eq!(stub.request().line, "GET /id/.well-known/openid-configuration");

    let stub = Stub::answering([Answer::json(200, &discovery("https://id.example/id"))]);
    let problem = Issuer::discover(&http(&stub)).unwrap_err();
    assert!(problem.to_string().ends_with(" is https://id.example"), "{problem}");
    assert_eq!(problem.next_step(), Some("use that address: run `grantor login https://id.example`"));
}

#[test]
fn asking_names_the_program_and_describes_the_request() {
    let body = json!({
        "device_code": "grt_dvc_1", "user_code": "ABCD-EFGH", "verification_uri": "{base}/device",
        "verification_uri_complete": "{base}/device?user_code=ABCD-EFGH", "expires_in": 600,
    });
    let stub = Stub::answering([Answer::json(200, &body)]);
    let pending = issuer(&stub).ask(&http(&stub), "read sec", "on my desk").unwrap();
    let complete = pending.verification_uri_complete.unwrap().0;
    assert_eq!(complete.as_str(), stub.url().at("/device?user_code=ABCD-EFGH"));
    let request = stub.request();
    assert_eq!(request.line, "POST /id/connect/deviceauthorization");
    let pairs =
        [("client_id", "grantor-cli"), ("scope", "read sec offline_access"), ("description", "on my desk")];
    assert_eq!(request.form(), pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn polling_keeps_the_pace_that_the_server_asks_for() {
    let script = vec![read_error("authorization_pending"), read_error("slow_down"), granted()];
    let (outcome, pauses, stub) = wait(&pending(600, Some(2)), script);
    assert_eq!(outcome.unwrap().access_token.expose(), "grt_rat_1");
    assert_eq!(pauses, [2, 2, 7]);
    let form = stub.request().form();
    assert_eq!(form[0], ("grant_type".to_owned(), GRANT_TYPE.to_owned()));
    assert_eq!(form[1], ("device_code".to_owned(), "grt_dvc_1".to_owned()));
}

#[test]
fn without_an_interval_the_pause_is_five_seconds() {
    let (_, pauses, _) = wait(&pending(600, None), vec![granted()]);
    assert_eq!(pauses, [5]);
}

#[test]
fn a_decision_against_it_ends_the_wait() {
    let (outcome, _, _) = wait(&pending(600, Some(1)), vec![read_error("access_denied")]);
    assert_eq!(outcome.unwrap_err(), "the request was denied in the browser");
    let (outcome, _, _) = wait(&pending(600, Some(1)), vec![read_error("expired_token")]);
    assert_eq!(outcome.unwrap_err(), "the request expired without an approval");
    let (outcome, _, _) = wait(&pending(600, Some(1)), vec![read_error("invalid_client")]);
    assert_eq!(outcome.unwrap_err(), "invalid_client");
}

#[test]
fn the_wait_ends_when_the_code_has_expired() {
    let script = (0..3).map(|_| read_error("authorization_pending")).collect();
    let (outcome, pauses, _) = wait(&pending(6, Some(2)), script);
    assert_eq!(outcome.unwrap_err(), "the request expired without an approval");
    assert_eq!(pauses, [2, 2, 2]);
}

#[test]
fn a_server_that_is_away_is_asked_less_and_less_often() {
    let stub = Stub::answering([]);
    let issuer = Issuer { token_endpoint: Stub::closed().at("/t"), ..issuer(&stub) };
    let mut pauses = Vec::new();
    let outcome =
        issuer.wait(&http(&stub), &pending(600, Some(3)), &mut |pause| pauses.push(pause.as_secs()));
    assert!(outcome.unwrap_err().to_string().contains("stopped responding"));
    assert_eq!(pauses, [3, 6, 12, 24, 48]);
}

#[test]
fn only_bearer_tokens_and_web_addresses_are_taken() {
    let token = json!({"access_token": "x", "token_type": "mac"});
    let (outcome, _, _) = wait(&pending(600, Some(1)), vec![Answer::json(200, &token)]);
    assert!(outcome.unwrap_err().contains("not a bearer token"));
    assert!(WebAddress::try_from("file:///etc/passwd".to_owned()).is_err());
}

#[test]
fn codes_and_tokens_do_not_show() {
    assert!(!format!("{:?}", pending(1, None)).contains("grt_dvc_1"));
}
