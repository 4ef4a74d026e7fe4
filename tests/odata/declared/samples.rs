//! A value for every attribute and reference that clients can set, and another one.

use serde_json::{Value, json};

use super::super::writing::{APPLICATIONS, TOKENS, USERS, address};
use super::first;
use crate::support::Server;

pub(super) const AUTHORIZATIONS: &str = "Systems_Security_TrustedApplicationAuthorizations";

/// Rows that the values refer to.
pub(super) struct World {
    robots: [String; 2],
    ben: String,
    ada: String,
    web: String,
    native: String,
}

impl World {
    pub(super) fn of(server: &Server, admin: &str) -> Self {
        let robot = |login: &str| {
            let body = json!({ "Login": login, "Name": login, "UserType": "ApplicationUserNoLogin" });
            address(USERS, &server.created(USERS, &body, admin).id())
        };
        let named =
            |login: &str| address(USERS, &first(server, USERS, &format!("Login eq '{login}'"), admin));
        let client = |id: &str| {
            address(APPLICATIONS, &first(server, APPLICATIONS, &format!("ApplicationUri eq '{id}'"), admin))
        };
        Self {
            robots: [robot("declared.robot"), robot("declared.other")],
            ben: named("ben"),
            ada: named("ada"),
            web: client("demo-web"),
            native: client("demo-native"),
        }
    }

    /// Returns a value for the creation, which is not the default, and another one.
    pub(super) fn values(&self, set: &str, name: &str) -> (Value, Value) {
        let row = |address: &str| json!({ "@odata.id": address });
        match (set, name) {
            (_, "ExternalId") => (json!("outside-1"), json!("outside-2")),
            (_, "ExternalSystem") => (json!("system-1"), json!("system-2")),
            (TOKENS, "TrustedApplication") => (row(&self.web), row(&self.native)),
            (AUTHORIZATIONS, "TrustedApplication") => (row(&self.native), row(&self.web)),
            (_, "ContextUser") => (row(&self.ben), row(&self.ada)),
            (_, "SystemUser") => (row(&self.robots[0]), row(&self.robots[1])),
            (TOKENS, _) => of_token(name),
            (USERS, _) => of_user(name),
            (APPLICATIONS, _) => of_application(name),
            (AUTHORIZATIONS, _) => of_authorization(name),
            _ => of_catalogue(name),
        }
    }
}

fn missing(name: &str) -> ! {
    panic!("'{name}' can be set, and this test has no value for it")
}

fn of_token(name: &str) -> (Value, Value) {
    match name {
        "AllowedIPAddresses" => (json!("127.0.0.0/8"), json!("127.0.0.1/32")),
        "Client" => (json!("demo-web"), json!("demo-native")),
        "Description" => (json!("declared"), json!("changed")),
        "ExpireTimestamp" => (json!("2027-08-01T00:00:00Z"), json!("2027-07-01T00:00:00Z")),
        "Kind" => (json!("PersonalAccessToken"), json!("ServiceAccessToken")),
        "Scopes" => (json!("read"), json!("read update")),
        "Type" => (json!("personal_access_token"), json!("service_access_token")),
        other => missing(other),
    }
}

fn of_user(name: &str) -> (Value, Value) {
    match name {
        "Active" => (json!(false), json!(true)),
        "BasicAuthenticationAllowed" | "IsAdmin" => (json!(true), json!(false)),
        "DefaultLanguage" => (json!("de"), json!("fr")),
        "Email" => (json!("declared@example.com"), json!("changed@example.com")),
        "Login" => (json!("declared.user"), json!("changed.user")),
        "Name" => (json!("Declared"), json!("Changed")),
        "Notes" => (json!("declared"), json!("changed")),
        "TimeZone" => (json!("Europe/Berlin"), json!("Europe/Paris")),
        "UserType" => (json!("InvitationInternalNoLogin"), json!("InternalUser")),
        other => missing(other),
    }
}

fn of_application(name: &str) -> (Value, Value) {
    match name {
        "AccessTokenFormat" => (json!("Jwt"), json!("Reference")),
        "ApplicationUri" => (json!("declared-app"), json!("changed-app")),
        "BasicAuthenticationAllowed"
        | "ImpersonateAsCommunityUserAllowed"
        | "ImpersonateAsInternalUserAllowed"
        | "SystemUserAllowed" => (json!(true), json!(false)),
        "ClientType" => (json!("Public"), json!("Confidential")),
        "Description" | "Notes" => (json!("declared"), json!("changed")),
        "ImpersonateLoginUrl" => (json!("https://a.example/in"), json!("https://a.example/other")),
        "ImpersonateLogoutUrl" => (json!("https://a.example/out"), json!("https://a.example/gone")),
        "IsEnabled" => (json!(false), json!(true)),
        "Metadata" => (json!(r#"{"default_max_age":600}"#), json!(r#"{"default_max_age":300}"#)),
        "Name" => (json!("Declared"), json!("Changed")),
        "ReferenceTokens" => (json!("AuthenticatedUsers"), json!("AdministratorsOnly")),
        "Scope" => (json!("read"), json!("read update")),
        "SystemUserLoginUrl" => (json!("https://a.example/system"), json!("https://a.example/robot")),
        other => missing(other),
    }
}

fn of_authorization(name: &str) -> (Value, Value) {
    match name {
        "IsRevoked" => (json!(true), json!(false)),
        "Notes" => (json!("declared"), json!("changed")),
        "ValidFromUtc" => (json!("2026-01-01T00:00:00Z"), json!("2026-01-02T00:00:00Z")),
        "ValidUntilUtc" => (json!("2028-01-01T00:00:00Z"), json!("2028-01-02T00:00:00Z")),
        other => missing(other),
    }
}

fn of_catalogue(name: &str) -> (Value, Value) {
    match name {
        "AccessTokenFormat" => (json!("Jwt"), json!("Reference")),
        "AccessTokenLifetime" => (json!(600), json!(300)),
        "AdministratorsOnly" | "IsDefault" => (json!(true), json!(false)),
        "Description" => (json!("declared"), json!("changed")),
        "DisplayName" => (json!("Declared"), json!("Changed")),
        "Identifier" => (json!("https://declared.example/api"), json!("https://changed.example/api")),
        "IsActive" | "IsListed" => (json!(false), json!(true)),
        "Name" => (json!("declared"), json!("changed")),
        "Scope" => (json!("read"), json!("read update")),
        other => missing(other),
    }
}
