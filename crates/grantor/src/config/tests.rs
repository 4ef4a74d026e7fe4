mod every_setting;

use serde_json::json;

use super::*;

/// What comes of flags, or why nothing does.
fn load(flags: &Value) -> Result<Config, String> {
    Config::load(None, flags).map_err(|error| error.to_string())
}

#[test]
fn no_key_is_in_two_sections() {
    let keys: usize = sections().iter().map(|section| section.properties.len()).sum();
    assert_eq!(schema::properties().len(), keys);
    assert!(keys > 50, "{keys}");
}

#[test]
fn a_number_is_in_the_range_of_its_schema() {
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
    assert_eq!(
        load(&json!({ "refresh_repeat_seconds": 301 })).err(),
        Some("refresh_repeat_seconds is a whole number of at most 300, not 301".to_owned())
    );
}

#[test]
fn the_page_size_is_at_most_the_maximum() {
    for (usual, most, fits) in [(1, 1, true), (100, 5000, true), (0, 5, false), (6, 5, false), (1, 0, false)]
    {
        let config = load(&json!({ "odata_page_size": usual, "odata_max_page_size": most }));
        assert_eq!(config.is_ok(), fits, "{usual} of {most}");
    }
}

#[test]
fn a_demonstration_needs_a_loopback_address() {
    assert!(
        load(&json!({ "demo": true, "listen": "0.0.0.0:8080" }))
            .is_err_and(|error| error.contains("loopback"))
    );
    for own in ["[::1]:8080", "localhost:8080"] {
        assert!(load(&json!({ "demo": true, "listen": own })).is_ok(), "{own}");
    }
}

#[test]
fn an_address_other_than_loopback_needs_a_public_url() {
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
fn an_unknown_key_is_refused_with_the_closest_match() {
    let refusal = load(&json!({ "pubic_url": "https://id.example.org" })).err().unwrap();
    assert!(refusal.contains("there is no setting 'pubic_url'"), "{refusal}");
    assert!(refusal.ends_with("did you mean 'public_url'?"), "{refusal}");
}

#[test]
fn strings_are_distinguished_from_other_types() {
    let properties = schema::properties();
    let text = |key: &str| schema::is_text(&properties[key]);
    assert!(text("smtp_password") && text("keys") && text("data") && text("public_url"));
    assert!(!text("demo") && !text("trusted_proxies") && !text("providers") && !text("idle_timeout"));
}
