//! How the schema calls what the model has: one list, from which fields, filters, orders and errors take their names.

use std::borrow::Cow;

use model::{Entity, EnumType};

/// The properties that the schema calls otherwise than the model, by the entity.
const FIELDS: &[(&str, &[(&str, &str)])] = &[
    (
        "AccessToken",
        &[
            ("AuthorizedTimestamp", "authorizedAt"),
            ("ConsumedTimestamp", "consumedAt"),
            ("CreationTimestamp", "createdAt"),
            ("ExpireTimestamp", "expiresAt"),
            ("LastUsedIPAddress", "ipAddress"),
            ("LastUsedTimestamp", "lastAccessedAt"),
            ("RevokedTimestamp", "revokedAt"),
            ("TrustedApplication", "application"),
            ("User", "owner"),
        ],
    ),
    (
        "AccessTokenAddress",
        &[
            ("AccessToken", "grant"),
            ("FirstUsedTimestamp", "firstUsedAt"),
            ("LastUsedTimestamp", "lastUsedAt"),
        ],
    ),
    ("AccessTokenScope", &[("AccessToken", "grant"), ("LastUsedTimestamp", "lastUsedAt")]),
    (
        "AuditEvent",
        &[
            ("ActorUser", "actor"),
            ("IPAddress", "ipAddress"),
            ("Subject", "subjectType"),
            ("TimeUtc", "time"),
            ("TrustedApplication", "application"),
        ],
    ),
    (
        "TrustedApplication",
        &[
            ("ApplicationUri", "clientId"),
            ("CreationTimeUtc", "createdAt"),
            ("ImpersonateLoginUrl", "redirectUris"),
            ("ImpersonateLogoutUrl", "postLogoutRedirectUris"),
            ("Scope", "scopes"),
        ],
    ),
    ("TrustedApplicationAuthorization", &[("TrustedApplication", "application")]),
    (
        "User",
        &[
            ("CreationTimeUtc", "createdAt"),
            ("LastSeenTimestamp", "lastSeenAt"),
            ("LockoutEndUtc", "lockedUntil"),
        ],
    ),
];

/// The name of an entity's rows.
pub(crate) fn of_entity(entity: &Entity) -> &'static str {
    match entity.singular {
        "AccessToken" => "Grant",
        "AccessTokenAddress" => "UsedAddress",
        "AccessTokenScope" => "GrantedScope",
        "TrustedApplication" => "APIApplication",
        "TrustedApplicationAuthorization" => "APIApplicationAuthorization",
        other => other,
    }
}

/// The name of a property or a collection.
pub(crate) fn of_property(entity: &Entity, name: &str) -> String {
    let own = FIELDS.iter().find(|(entity_name, _)| *entity_name == entity.singular);
    let listed = own.and_then(|(_, names)| names.iter().find(|(model, _)| *model == name));
    match (listed, name) {
        (Some((_, shown)), _) => (*shown).to_owned(),
        (None, "AggregateLastUpdateTimeUtc") => "updatedAt".to_owned(),
        (None, name) => camel(name),
    }
}

/// The name of an enumeration. That of a scope is unique with it.
pub(super) fn of_enum(kind: &EnumType) -> Cow<'static, str> {
    match (kind.scope, kind.name) {
        (None, "AccessTokenFormat") => "APIAccessTokenFormat".into(),
        (None, "ClientType") => "APIApplicationClientType".into(),
        (None, "ReferenceTokens") => "APIReferenceTokensPolicy".into(),
        _ => kind.wire_name(),
    }
}

/// `AllowedIPAddresses` as `allowedIPAddresses`.
pub(crate) fn camel(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// `PersonalAccessToken` and `createdAt` as `PERSONAL_ACCESS_TOKEN` and `CREATED_AT`.
pub(super) fn screaming(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut follows_lower = false;
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && follows_lower {
            text.push('_');
        }
        follows_lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        text.push(letter.to_ascii_uppercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_schema() {
        for (name, expected) in [
            ("PersonalAccessToken", "PERSONAL_ACCESS_TOKEN"),
            ("createdAt", "CREATED_AT"),
            ("Jwt", "JWT"),
            ("ipAddress", "IP_ADDRESS"),
        ] {
            assert_eq!(screaming(name), expected);
        }
        let token = model::find_entity("Systems_Security_AccessTokens").unwrap();
        for (name, expected) in
            [("User", "owner"), ("AllowedIPAddresses", "allowedIPAddresses"), ("Kind", "kind")]
        {
            assert_eq!(of_property(token, name), expected);
        }
    }

    #[test]
    fn every_listed_name_is_one_of_the_model() {
        for (singular, names) in FIELDS {
            let entity = model::entities().find(|entity| entity.singular == *singular).unwrap();
            for (name, _) in *names {
                assert!(entity.property(name).is_some(), "{singular}.{name}");
            }
        }
    }
}
