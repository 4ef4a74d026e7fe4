//! The claims about a user: the standard claims and ours (OpenID Connect Core, section 5).

mod request;

use model::entities::User;
use serde_json::{Value, json};

use crate::scopes;

pub use request::{ClaimsRequest, narrowed};

/// A claim about a user.
pub struct Claim {
    /// The name on the wire.
    pub name: &'static str,
    /// The description on the consent page.
    pub description: &'static str,
    /// The scope that asks for it.
    pub scope: &'static str,
    value: fn(&User) -> Option<Value>,
}

/// The claim with the login, which is the same for all clients.
pub const LOGIN: &str = "preferred_username";

impl Claim {
    /// Returns the value of the claim for a user, if the user has one.
    #[must_use]
    pub fn value(&self, user: &User) -> Option<Value> {
        (self.value)(user)
    }
}

/// Every claim that scopes and the `claims` parameter can ask for: discovery and the endpoints follow this list.
pub const CLAIMS: &[Claim] = &[
    Claim {
        name: "name",
        description: "your name",
        scope: scopes::PROFILE,
        value: |user| Some(json!(user.name)),
    },
    Claim {
        name: LOGIN,
        description: "your login",
        scope: scopes::PROFILE,
        value: |user| Some(json!(user.login)),
    },
    Claim {
        name: "locale",
        description: "your language",
        scope: scopes::PROFILE,
        value: |user| user.default_language.as_ref().map(|tag| json!(tag)),
    },
    Claim {
        name: "zoneinfo",
        description: "your time zone",
        scope: scopes::PROFILE,
        value: |user| user.time_zone.as_ref().map(|zone| json!(zone)),
    },
    Claim {
        name: "updated_at",
        description: "when your profile was last changed",
        scope: scopes::PROFILE,
        value: |user| user.updated_at.map(|time| json!(time.seconds())),
    },
    Claim {
        name: "user_type",
        description: "what kind of user you are",
        scope: scopes::PROFILE,
        value: |user| Some(json!(user.user_type.name())),
    },
    Claim {
        name: "is_admin",
        description: "whether you are an administrator",
        scope: scopes::PROFILE,
        value: |user| Some(json!(user.is_admin)),
    },
    Claim {
        name: "email",
        description: "your e-mail address",
        scope: scopes::EMAIL,
        value: |user| user.email.as_ref().map(|email| json!(email)),
    },
    Claim {
        name: "email_verified",
        description: "whether your e-mail address is confirmed",
        scope: scopes::EMAIL,
        value: |user| user.email.as_ref().map(|_| json!(user.email_confirmed)),
    },
];

/// Finds a claim by its name.
pub fn find(name: &str) -> Option<&'static Claim> {
    CLAIMS.iter().find(|claim| claim.name == name)
}
