use serde_json::json;

use super::*;

/// What comes of flags, or why nothing does.
fn load(flags: &Value) -> Result<Config, String> {
    Config::load(None, flags).map_err(|error| error.to_string())
}

#[test]
fn the_guide_has_every_key_with_its_default() {
    let guide = include_str!("../../../../docs/guide/operating.md");
    let schema = schema().unwrap();
    let properties = schema["properties"].as_object().unwrap();
    assert!(properties.len() > 50, "{}", properties.len());
    for (key, property) in properties {
        let default = match &property["default"] {
            Value::Null => "none".to_owned(),
            Value::String(text) => format!("`{text}`"),
            other => format!("`{other}`"),
        };
        let row = format!("| `{key}` | {default} | ");
        assert!(guide.contains(&row), "docs/guide/operating.md lacks a row that begins with: {row}");
    }
}

#[test]
fn no_key_is_of_two_subjects() {
    let subjects = [
        json!(Program::default()),
        json!(Network::default()),
        json!(Lifetimes::default()),
        json!(SignIn::default()),
        json!(Mail::default()),
        json!(Apis::default()),
    ];
    let keys: usize = subjects.iter().map(|subject| subject.as_object().unwrap().len()).sum();
    assert_eq!(schema().unwrap()["properties"].as_object().unwrap().len(), keys);
}

#[test]
fn a_number_is_no_smaller_than_its_schema_says() {
    for key in [
        "access_token_lifetime",
        "purge_interval",
        "max_connections",
        "graphql_timeout",
        "administration_max_age",
    ] {
        assert_eq!(
            load(&json!({ key: 0 })).err(),
            Some(format!("{key} is a whole number of at least 1, not 0"))
        );
        assert!(load(&json!({ key: 1 })).is_ok(), "{key}");
    }
    assert!(load(&json!({ "retention_days": 0, "graphql_max_subscriptions": 0 })).is_ok());
}

#[test]
fn a_page_has_no_more_rows_than_the_greatest() {
    for (usual, most, fits) in [(1, 1, true), (100, 5000, true), (0, 5, false), (6, 5, false), (1, 0, false)]
    {
        let config = load(&json!({ "odata_page_size": usual, "odata_max_page_size": most }));
        assert_eq!(config.is_ok(), fits, "{usual} of {most}");
    }
}

#[test]
fn a_demonstration_stays_on_this_computer() {
    assert!(
        load(&json!({ "demo": true, "listen": "0.0.0.0:8080" }))
            .is_err_and(|error| error.contains("loopback"))
    );
    for own in ["[::1]:8080", "localhost:8080"] {
        assert!(load(&json!({ "demo": true, "listen": own })).is_ok(), "{own}");
    }
}

#[test]
fn an_address_that_others_reach_needs_a_public_url() {
    for listen in ["0.0.0.0:8080", "[::]:8080", "192.0.2.1:8080", "[2001:db8::1]:8080"] {
        let refusal = load(&json!({ "listen": listen })).err().unwrap();
        assert!(refusal.contains("public_url is not set") && refusal.contains(listen), "{refusal}");
        let config = load(&json!({ "listen": listen, "public_url": "https://id.example.org/" })).unwrap();
        let settings = config.settings(listen.parse().unwrap());
        assert_eq!(settings.public_url, "https://id.example.org");
    }
    let refusal = load(&json!({ "listen": "example.org:80" })).err().unwrap();
    assert!(refusal.contains("localhost:8080"), "{refusal}");
    let config = load(&json!({ "listen": "localhost:0" })).unwrap();
    assert_eq!(config.settings("127.0.0.1:4711".parse().unwrap()).public_url, "http://localhost:4711");
}

#[test]
fn an_unknown_key_is_told_with_what_was_meant() {
    let refusal = load(&json!({ "pubic_url": "https://id.example.org" })).err().unwrap();
    assert!(refusal.contains("there is no setting 'pubic_url'"), "{refusal}");
    assert!(refusal.ends_with("did you mean 'public_url'?"), "{refusal}");
}

#[test]
fn texts_are_told_from_what_has_a_form() {
    let schema = schema().unwrap();
    let text = |key: &str| is_text(&schema["properties"][key]);
    assert!(text("smtp_password") && text("keys") && text("data") && text("public_url"));
    assert!(!text("demo") && !text("trusted_proxies") && !text("providers") && !text("idle_timeout"));
}
