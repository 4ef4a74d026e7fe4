//! Records without optional values, and records with all values.

use model::entities::{
    AccessToken, AccessTokenFormat, AccessTokenScope, ClientType, GrantKind, ReferenceTokens,
    RevocationReason, TrustedApplication, TrustedApplicationAuthorization, User, UserType,
};
use model::{Timestamp, Uuid};

/// The time at which the tests start.
pub(crate) const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Returns the time `seconds` after [`START`].
pub(crate) fn at(seconds: i64) -> Timestamp {
    START.plus_seconds(seconds)
}

pub(crate) fn user(number: u128) -> User {
    User {
        updated_at: None,
        login: format!("user-{number}"),
        name: format!("User {number}"),
        user_type: UserType::InternalUser,
        ..User::new(id(number), START)
    }
}

pub(crate) fn full_user(number: u128) -> User {
    User {
        object_version: i32::MAX,
        external_id: Some("külső'\"\\ \u{1F511}".to_owned()),
        external_system: Some(String::new()),
        updated_at: Some(Timestamp::from_micros(-1)),
        access_failed_count: i32::MIN,
        active: false,
        basic_authentication_allowed: true,
        creation_time_utc: Timestamp::parse("9999-12-31T23:59:59.999999Z").unwrap(),
        default_language: Some("hu-HU".to_owned()),
        email: Some("a@example.org".to_owned()),
        email_confirmed: true,
        is_admin: true,
        lockout_end_utc: Some(Timestamp::parse("0001-01-01T00:00:00Z").unwrap()),
        login: "ÁRVÍZTŰRŐ".to_owned(),
        name: "  spaces\tand\nlines ".to_owned(),
        notes: Some("n".repeat(254)),
        password: Some("$argon2id$".to_owned()),
        time_zone: Some("Europe/Budapest".to_owned()),
        two_factor_enabled: true,
        user_type: UserType::ApplicationUserNoLogin,
        ..user(number)
    }
}

pub(crate) fn application(number: u128) -> TrustedApplication {
    TrustedApplication {
        updated_at: None,
        access_token_format: AccessTokenFormat::Reference,
        application_uri: format!("app-{number}"),
        client_type: ClientType::Confidential,
        name: format!("Application {number}"),
        reference_tokens: ReferenceTokens::None,
        ..TrustedApplication::new(id(number), START)
    }
}

pub(crate) fn full_application(number: u128, system_user: Uuid) -> TrustedApplication {
    TrustedApplication {
        object_version: 7,
        external_id: Some("e".to_owned()),
        external_system: Some("s".to_owned()),
        updated_at: Some(at(1)),
        access_token_format: AccessTokenFormat::Jwt,
        application_secret_hash: Some("hash".to_owned()),
        basic_authentication_allowed: true,
        client_type: ClientType::Public,
        description: Some("d".to_owned()),
        impersonate_as_community_user_allowed: true,
        impersonate_as_internal_user_allowed: true,
        impersonate_login_url: Some("https://a.example/in".to_owned()),
        impersonate_logout_url: Some("https://a.example/out".to_owned()),
        is_enabled: false,
        metadata: Some("{}".to_owned()),
        notes: Some("x".repeat(100_000)),
        reference_tokens: ReferenceTokens::AdministratorsOnly,
        scope: Some("read update".to_owned()),
        system_user_allowed: true,
        system_user_login_url: Some("https://a.example/".to_owned()),
        system_user_id: Some(system_user),
        ..application(number)
    }
}

pub(crate) fn authorization(number: u128, user: Uuid, application: Uuid) -> TrustedApplicationAuthorization {
    TrustedApplicationAuthorization {
        updated_at: None,
        context_user_id: user,
        granting_user_id: user,
        trusted_application_id: application,
        ..TrustedApplicationAuthorization::new(id(number), START)
    }
}

pub(crate) fn grant(number: u128) -> AccessToken {
    AccessToken {
        updated_at: None,
        access_token_key: format!("key-{number:032x}"),
        kind: GrantKind::PersonalAccessToken,
        ..AccessToken::new(id(number), START)
    }
}

/// Returns a grant with a parent.
pub(crate) fn child(number: u128, parent: u128) -> AccessToken {
    AccessToken { parent_id: Some(id(parent)), ..grant(number) }
}

pub(crate) fn full_grant(number: u128, parent: Uuid, application: Uuid, user: Uuid) -> AccessToken {
    AccessToken {
        object_version: 3,
        external_id: Some("e".to_owned()),
        external_system: Some("s".to_owned()),
        updated_at: Some(at(1)),
        actor: Some("actor".to_owned()),
        allowed_ip_addresses: Some("10.0.0.0/8 ::1".to_owned()),
        authorized_ip_address: Some("192.0.2.1".to_owned()),
        authorized_timestamp: Some(at(2)),
        client: Some("client".to_owned()),
        confirmation: Some("{}".to_owned()),
        consumed_timestamp: Some(at(3)),
        data: Some("sealed".to_owned()),
        description: Some("description".to_owned()),
        expire_timestamp: Some(at(4)),
        kind: GrantKind::DeviceCode,
        last_used_ip_address: Some("192.0.2.2".to_owned()),
        last_used_timestamp: Some(at(5)),
        revocation_reason: Some(RevocationReason::Leaked),
        revoked_timestamp: Some(at(6)),
        scopes: Some("read update".to_owned()),
        session: Some("session".to_owned()),
        created_by_id: Some(user),
        parent_id: Some(parent),
        predecessor_id: Some(parent),
        successor_id: Some(parent),
        trusted_application_id: Some(application),
        user_id: Some(user),
        ..grant(number)
    }
}

pub(crate) fn scope(number: u128, grant: Uuid, scope: &str) -> AccessTokenScope {
    AccessTokenScope {
        updated_at: None,
        scope: scope.to_owned(),
        access_token_id: grant,
        ..AccessTokenScope::new(id(number), START)
    }
}
