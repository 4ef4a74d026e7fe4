use serde_json::json;

use super::*;
use crate::testing::kinds;

fn id_token() -> Value {
    json!({
        "iss": "https://login.example", "sub": "s", "aud": "us", "azp": "us", "exp": 2, "iat": 1, "nbf": 1, "nonce": "n",
        "auth_time": 1, "amr": ["pwd"], "name": "Ada", "preferred_username": "ada", "email": "ada@example.org",
        "email_verified": true,
    })
}

/// Every kind of JSON at every claim: what has another type refuses the token, and is never read as if it were not there.
#[test]
fn every_kind_at_every_claim_is_read_or_refused() {
    assert!(Claims::deserialize(id_token()).is_ok());
    let is_moment = |kind: &Value| kind.as_f64().is_some_and(|seconds| (0.0..=1e11).contains(&seconds));
    let texts = |kind: &Value| kind.as_array().is_some_and(|all| all.iter().all(Value::is_string));
    for name in id_token().as_object().unwrap().keys() {
        for kind in kinds() {
            let is_right = match name.as_str() {
                "iss" | "sub" => kind.is_string(),
                "aud" => kind.is_string() || texts(&kind),
                "exp" | "iat" => is_moment(&kind),
                "nbf" | "auth_time" => kind.is_null() || is_moment(&kind),
                "amr" => texts(&kind),
                "email_verified" => kind.is_null() || kind.is_boolean(),
                _ => kind.is_null() || kind.is_string(),
            };
            let mut claims = id_token();
            claims[name] = kind.clone();
            assert_eq!(Claims::deserialize(claims).is_ok(), is_right, "{name}: {kind}");
        }
    }
}

/// A login or an address with invisible characters does not match the one that it looks like.
#[test]
fn names_count_as_they_are_written() {
    let hidden = ["be\u{200b}n", "be\u{ad}n", "\u{202e}ben", "be\r\nn", "ben\u{feff}", " ben"];
    for (login, is_kept) in hidden.map(|login| (login, false)).into_iter().chain([("ben", true)]) {
        let address = format!("{login}@example.com");
        let about = json!({"preferred_username": login, "email": address, "email_verified": true});
        let mut identity = identity();
        identity.learn(&About::deserialize(about).unwrap());
        let kept = (identity.username.is_some(), identity.email.is_some(), identity.email_verified);
        assert_eq!(kept, (is_kept, is_kept, is_kept), "{login:?}");
    }
}

fn identity() -> Identity {
    Identity {
        subject: "s".to_owned(),
        authenticated_at: Timestamp::from_seconds(0),
        second_factor: false,
        name: None,
        username: None,
        email: None,
        email_verified: false,
    }
}

#[test]
fn every_kind_in_a_userinfo_response_is_read_or_refused() {
    for name in ["name", "preferred_username", "email", "email_verified"] {
        for kind in kinds() {
            let flag = name == "email_verified" && kind.is_boolean();
            let is_right = kind.is_null() || flag || (kind.is_string() && name != "email_verified");
            let response = Map::from_iter([("sub".to_owned(), json!("s")), (name.to_owned(), kind.clone())]);
            let read = identity().complete(response);
            assert_eq!(read, if is_right { Ok(()) } else { Err(Mistrust::Unreadable) }, "{name}: {kind}");
        }
    }
    for (name, value, kept) in [
        ("name", "A\u{200b}da \n", json!(["Ada", null, null])),
        ("preferred_username", "Ada", json!([null, "ada", null])),
        ("preferred_username", "bo\u{200b}ss", json!([null, null, null])),
        ("preferred_username", "the\u{202e}boss", json!([null, null, null])),
        ("preferred_username", " boss", json!([null, null, null])),
        ("email", "Ada@EXAMPLE.org", json!([null, null, "Ada@example.org"])),
        ("email", "be\u{200b}n@example.com", json!([null, null, null])),
        ("email", "be\u{ad}n@example.com", json!([null, null, null])),
        ("email", "e\nlif@example.com", json!([null, null, null])),
        ("email", "ben@example.com\r\nx", json!([null, null, null])),
        ("email", " ben@example.com", json!([null, null, null])),
    ] {
        let response = Map::from_iter([("sub".to_owned(), json!("s")), (name.to_owned(), json!(value))]);
        let mut identity = identity();
        identity.complete(response).unwrap();
        assert_eq!(json!([identity.name, identity.username, identity.email]), kept, "{name}: {value:?}");
    }
    for (flag, verified) in [("true", true), ("false", false)] {
        let response = json!({"sub": "s", "email": "ada@example.org", "email_verified": flag});
        let Value::Object(response) = response else { panic!("an object") };
        let mut identity = identity();
        identity.complete(response).unwrap();
        assert_eq!(identity.email_verified, verified);
    }
    let other = Map::from_iter([("sub".to_owned(), json!(["s"]))]);
    assert_eq!(identity().complete(other), Err(Mistrust::Subject));
}
