use model::entities::ClientType;
use serde_json::{Value, json};

use crate::client_metadata::*;

fn register(metadata: Value, client_type: ClientType) -> Result<ClientMetadata, String> {
    let Value::Object(members) = metadata else { panic!("an object") };
    ClientMetadata::register(&members, client_type, ClientCertificates::Checked)
        .map_err(|fault| fault.to_string())
}

fn key() -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "kid": "k", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
}

/// The same, of an application with a certificate of an authority.
fn issued(mut metadata: Value) -> Value {
    metadata["token_endpoint_auth_method"] = json!("tls_client_auth");
    metadata
}

#[test]
fn certificates_have_to_be_known_of() {
    let Value::Object(members) = issued(json!({"tls_client_auth_san_ip": "192.0.2.1"})) else {
        panic!("an object")
    };
    let confidential = ClientType::Confidential;
    for certificates in [ClientCertificates::Unknown, ClientCertificates::Shown] {
        assert!(ClientMetadata::register(&members, confidential, certificates).is_err());
    }
    assert!(ClientMetadata::register(&members, confidential, ClientCertificates::Checked).is_ok());
}

#[test]
fn nothing_said_is_the_default_and_nothing_kept() {
    let metadata = register(json!({"require_pkce": true, "consent": "once"}), ClientType::Public).unwrap();
    assert_eq!(metadata, ClientMetadata::default());
    assert_eq!(metadata.to_text().unwrap(), None);
    assert_eq!(ClientMetadata::stored(None).unwrap(), metadata);
}

#[test]
fn what_is_registered_comes_back() {
    let said = json!({
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "EdDSA",
        "jwks": {"keys": [key()]},
        "dpop_bound_access_tokens": true,
        "require_pushed_authorization_requests": true,
        "require_pkce": false,
        "id_token_signed_response_alg": "ES256",
        "subject_type": "pairwise",
        "sector_identifier": "app.example",
        "default_max_age": 0,
        "backchannel_logout_uri": "https://app.example/out",
        "consent": "never",
        "refresh_token_rotation": false,
        "refresh_token_lifetime": 60,
    });
    let metadata = register(said.clone(), ClientType::Confidential).unwrap();
    let text = metadata.to_text().unwrap().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), said);
    assert_eq!(ClientMetadata::stored(Some(&text)).unwrap(), metadata);
}

#[test]
fn a_newer_programs_members_are_ignored_and_nonsense_is_not() {
    let metadata = ClientMetadata::stored(Some(r#"{"from_the_future": 1, "require_pkce": false}"#)).unwrap();
    assert!(!metadata.require_pkce);
    assert!(ClientMetadata::stored(Some("")).is_err());
    assert!(ClientMetadata::stored(Some(r#"{"require_pkce": 1}"#)).is_err());
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    let jwks = || json!({"keys": [key()]});
    let mut private = key();
    private["d"] = json!("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
    for (metadata, named) in [
        (json!({"no_such_member": 1}), "'no_such_member' is not known"),
        (json!({"unknown": {}}), "'unknown' is not known"),
        (json!({"jwks_uri": "https://app.example/keys"}), "'jwks_uri' is not supported"),
        (json!({"sector_identifier_uri": "https://app.example/"}), "'sector_identifier_uri' is not"),
        (json!({"default_max_age": "soon"}), "'default_max_age'"),
        (json!({"default_max_age": -1}), "'default_max_age'"),
        (json!({"refresh_token_lifetime": 0}), "'refresh_token_lifetime'"),
        (json!({"consent": "sometimes"}), "'consent'"),
        (json!({"jwks": {"keys": []}}), "'jwks'"),
        (json!({"jwks": {"keys": [{"kty": "oct", "k": "AAAA"}]}}), "'jwks'"),
        (json!({"jwks": {"keys": [private]}}), "'jwks'"),
        (json!({"jwks": []}), "'jwks'"),
        (json!({"id_token_signed_response_alg": "none"}), "'id_token_signed_response_alg'"),
        (json!({"id_token_signed_response_alg": "HS256"}), "'id_token_signed_response_alg'"),
        (json!({"id_token_signed_response_alg": "PS256"}), "'id_token_signed_response_alg' is one of"),
        (json!({"token_endpoint_auth_method": "none"}), "a confidential application proves"),
        (json!({"token_endpoint_auth_method": "private_key_jwt"}), "'jwks' is needed"),
        (json!({"token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": jwks()}), "'x5c'"),
        (json!({"token_endpoint_auth_method": "tls_client_auth"}), "exactly one"),
        (json!({"tls_client_auth_subject_dn": "CN=a"}), "'tls_client_auth_subject_dn' is for"),
        (
            issued(json!({"tls_client_auth_subject_dn": "CN=a", "tls_client_auth_san_dns": "a"})),
            "exactly one",
        ),
        (issued(json!({"tls_client_auth_subject_dn": "nobody"})), "'tls_client_auth_subject_dn'"),
        (issued(json!({"tls_client_auth_subject_dn": ""})), "'tls_client_auth_subject_dn'"),
        (issued(json!({"tls_client_auth_san_dns": "*.example"})), "'tls_client_auth_san_dns'"),
        (issued(json!({"tls_client_auth_san_ip": "10.0.0.0/8"})), "'tls_client_auth_san_ip'"),
        (json!({"token_endpoint_auth_signing_alg": "HS256"}), "does not fit"),
        (
            json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": jwks(),
                   "token_endpoint_auth_signing_alg": "HS256"}),
            "does not fit",
        ),
        (json!({"token_endpoint_auth_signing_alg": "none"}), "'token_endpoint_auth_signing_alg'"),
        (json!({"backchannel_logout_uri": "http://app.example/"}), "'backchannel_logout_uri'"),
        (json!({"frontchannel_logout_uri": "org.example:/out"}), "'frontchannel_logout_uri'"),
        (json!({"sector_identifier": "app.example"}), "pairwise"),
        (json!({"subject_type": "pairwise", "sector_identifier": "https://x"}), "'sector_identifier'"),
        (json!({"default_acr_values": ["two words"]}), "'default_acr_values'"),
        (json!({"backchannel_token_delivery_mode": "ping"}), "'backchannel_token_delivery_mode'"),
        (json!({"backchannel_authentication_request_signing_alg": "EdDSA", "jwks": jwks()}), "goes with"),
        (json!({"token_exchange": "off"}), "'token_exchange'"),
        (json!({"require_signed_request_object": true}), "'jwks' is needed"),
        (json!({"request_object_signing_alg": "none"}), "'request_object_signing_alg'"),
        (json!({"authorization_details_types": [""]}), "'authorization_details_types'"),
        (json!({"authorization_details_schemas": {"pay": {}}}), "'authorization_details_schemas'"),
        (
            json!({"authorization_details_types": ["pay"], "authorization_details_schemas": {"pay": {"oneOf": []}}}),
            "'authorization_details_schemas'",
        ),
        (json!({"token_exchange": {"subject": []}}), "'token_exchange'"),
        (json!({"token_exchange": {"audiences": ["a b"]}}), "'token_exchange'"),
        (json!({"resources": ["http://api.example"]}), "'resources'"),
        (json!({"resources": ["https://api.example/#a"]}), "'resources'"),
        (json!({"may_act": ""}), "'may_act'"),
        (json!({"jwt_bearer_subjects": ["*"]}), "with 'jwks'"),
    ] {
        let refused = register(metadata.clone(), ClientType::Confidential).unwrap_err();
        assert!(refused.starts_with("metadata: ") && refused.contains(named), "{metadata}: {refused}");
    }
    for metadata in [
        json!({"require_pkce": false}),
        json!({"refresh_token_rotation": false}),
        json!({"token_exchange": {"subjects": ["other"]}}),
        json!({"token_exchange": {"impersonation": true}}),
        json!({"jwt_bearer_subjects": ["*"], "jwks": jwks()}),
        json!({"token_endpoint_auth_method": "client_secret_basic"}),
        json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": jwks()}),
    ] {
        assert!(register(metadata.clone(), ClientType::Public).is_err(), "{metadata}");
    }
    let certificate = json!({"tls_client_certificate_bound_access_tokens": true});
    assert!(register(certificate.clone(), ClientType::Public).is_ok());
    let refused = ClientMetadata::register(
        certificate.as_object().unwrap(),
        ClientType::Public,
        ClientCertificates::Unknown,
    );
    assert!(refused.unwrap_err().to_string().contains("not told"));
    let long = json!({"default_acr_values": ["x".repeat(33_000)]});
    assert!(register(long, ClientType::Public).unwrap_err().contains("at most"));
}

/// Every member, with a value that it can have.
fn every_member() -> Value {
    json!({
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "EdDSA",
        "jwks": {"keys": [key()]},
        "tls_client_auth_subject_dn": "CN=a",
        "tls_client_auth_san_dns": "a.example",
        "tls_client_auth_san_uri": "https://a.example",
        "tls_client_auth_san_ip": "192.0.2.1",
        "tls_client_auth_san_email": "a@example.org",
        "tls_client_certificate_bound_access_tokens": true,
        "dpop_bound_access_tokens": true,
        "require_dpop_nonce": true,
        "require_pushed_authorization_requests": true,
        "request_object_signing_alg": "EdDSA",
        "require_signed_request_object": true,
        "authorization_details_types": ["pay"],
        "authorization_details_schemas": {"pay": {
            "title": "a", "description": "b", "type": "object", "properties": {"to": {"type": "string", "maxLength": 3}},
            "required": ["to"], "additionalProperties": false, "items": {"minimum": 1, "maximum": 2}, "maxItems": 3, "enum": [1],
        }},
        "require_pkce": false,
        "id_token_signed_response_alg": "ES256",
        "userinfo_signed_response_alg": "ES256",
        "introspection_signed_response_alg": "ES256",
        "authorization_signed_response_alg": "ES256",
        "subject_type": "pairwise",
        "sector_identifier": "app.example",
        "default_max_age": 1,
        "require_auth_time": true,
        "default_acr_values": ["a"],
        "backchannel_logout_uri": "https://app.example/out",
        "backchannel_logout_session_required": true,
        "frontchannel_logout_uri": "https://app.example/out",
        "frontchannel_logout_session_required": true,
        "backchannel_token_delivery_mode": "poll",
        "backchannel_authentication_request_signing_alg": "EdDSA",
        "consent": "never",
        "refresh_token_rotation": false,
        "refresh_token_lifetime": 60,
        "refresh_token_absolute_lifetime": 60,
        "resources": ["https://api.example"],
        "token_exchange": {"subjects": ["a"], "audiences": ["https://api.example"], "impersonation": true},
        "may_act": "other",
        "jwt_bearer_subjects": ["ada"],
        "registered_itself": true,
    })
}

/// Every place in a value, as the way to it.
fn places(value: &Value, way: &str, all: &mut Vec<String>) {
    all.push(way.to_owned());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| places(value, &format!("{way}/{name}"), all));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| places(item, &format!("{way}/{at}"), all));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Every kind of JSON at every position: what is read is what was said, and nothing that has another type is read as nothing.
#[test]
fn every_kind_at_every_position_is_read_or_refused() {
    let whole = every_member();
    assert_eq!(
        whole.as_object().unwrap().len(),
        serde_json::to_value(check::read(whole.as_object().unwrap()).unwrap())
            .unwrap()
            .as_object()
            .unwrap()
            .len(),
        "every member is there"
    );
    let mut all = Vec::new();
    places(&whole, "", &mut all);
    let mut refused = 0;
    for place in all.iter().filter(|place| !place.is_empty()) {
        let own = whole.pointer(place).unwrap();
        for kind in crate::testing::kinds() {
            let mut said = whole.clone();
            *said.pointer_mut(place).unwrap() = kind.clone();
            match check::read(said.as_object().unwrap()) {
                Err(Invalid::Field { .. }) => refused += 1,
                Err(other) => panic!("{place}: {kind}: {other:?}"),
                Ok(read) => {
                    let read = serde_json::to_value(read).unwrap();
                    let kept = read.pointer(place);
                    let nothing = kind.is_null() || kind == json!([]) || kind == json!({});
                    assert!(
                        kept == Some(&kind) || nothing && kept.is_none_or(is_usual),
                        "{place}: {kind}: {kept:?}"
                    );
                    let any = place.contains("/jwks/") || place.ends_with("/enum/0");
                    let same = std::mem::discriminant(own) == std::mem::discriminant(&kind);
                    assert!(any || same || kind.is_null(), "{place}: {kind}");
                }
            }
        }
    }
    assert!(refused > 1000, "{refused}");
}

/// Whether a value is what a member of a schema or a policy has where nothing is said.
fn is_usual(value: &Value) -> bool {
    *value == json!({}) || *value == json!({"impersonation": false})
}
