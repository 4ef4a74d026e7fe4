//! What is told about people: the standard claims and ours (OpenID Connect Core, section 5).

use std::collections::{BTreeMap, BTreeSet};

use model::entities::User;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{Fault, Scopes, scopes};

/// A claim about a person.
pub struct Claim {
    /// The name on the wire.
    pub name: &'static str,
    /// The scope that asks for it.
    pub scope: &'static str,
    value: fn(&User) -> Option<Value>,
}

/// Every claim that scopes and the `claims` parameter can ask for: discovery and the endpoints follow this list.
pub const CLAIMS: &[Claim] = &[
    Claim { name: "name", scope: scopes::PROFILE, value: |user| Some(json!(user.name)) },
    Claim { name: "preferred_username", scope: scopes::PROFILE, value: |user| Some(json!(user.login)) },
    Claim {
        name: "locale",
        scope: scopes::PROFILE,
        value: |user| user.default_language.as_ref().map(|tag| json!(tag)),
    },
    Claim {
        name: "zoneinfo",
        scope: scopes::PROFILE,
        value: |user| user.time_zone.as_ref().map(|zone| json!(zone)),
    },
    Claim {
        name: "updated_at",
        scope: scopes::PROFILE,
        value: |user| user.updated_at.map(|time| json!(time.seconds())),
    },
    Claim { name: "user_type", scope: scopes::PROFILE, value: |user| Some(json!(user.user_type.name())) },
    Claim { name: "is_admin", scope: scopes::PROFILE, value: |user| Some(json!(user.is_admin)) },
    Claim {
        name: "email",
        scope: scopes::EMAIL,
        value: |user| user.email.as_ref().map(|email| json!(email)),
    },
    Claim {
        name: "email_verified",
        scope: scopes::EMAIL,
        value: |user| user.email.as_ref().map(|_| json!(user.email_confirmed)),
    },
];

/// The claims about a person that scopes and names ask for; those without a value are left out.
pub(crate) fn about(user: &User, granted: &Scopes, named: &BTreeSet<String>) -> Map<String, Value> {
    let asked = CLAIMS.iter().filter(|claim| granted.contains(claim.scope) || named.contains(claim.name));
    asked.filter_map(|claim| (claim.value)(user).map(|value| (claim.name.to_owned(), value))).collect()
}

/// The longest `claims` parameter, in bytes.
const MAX_CLAIMS: usize = 4096;

/// What the `claims` parameter asks for (OpenID Connect Core, section 5.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimsRequest {
    /// To be told by the UserInfo endpoint.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub userinfo: BTreeSet<String>,
    /// To stand in the ID token.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub id_token: BTreeSet<String>,
    /// The person who has to be the one that signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The levels of authentication of which one has to be reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub essential_acr: Vec<String>,
}

#[derive(Default, Deserialize)]
struct Wire {
    #[serde(default)]
    userinfo: BTreeMap<String, Option<Wish>>,
    #[serde(default)]
    id_token: BTreeMap<String, Option<Wish>>,
}

#[derive(Default, Deserialize)]
struct Wish {
    #[serde(default)]
    essential: bool,
    value: Option<String>,
    #[serde(default)]
    values: Vec<String>,
}

impl ClaimsRequest {
    /// Reads the parameter. Names that nobody knows are ignored, as the specification wants it.
    ///
    /// # Errors
    /// [`Fault::InvalidRequest`] where it is too long, or not an object of this form.
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        let malformed = || Fault::InvalidRequest("the parameter 'claims' is not a claims request".to_owned());
        // An array would be taken for an object whose members come in order.
        if !text.trim_start().starts_with('{') {
            return Err(malformed());
        }
        if text.len() > MAX_CLAIMS {
            return Err(Fault::InvalidRequest(format!("'claims' has at most {MAX_CLAIMS} bytes")));
        }
        let wire: Wire = serde_json::from_str(text).map_err(|_| malformed())?;
        let known = |wishes: &BTreeMap<String, Option<Wish>>| {
            let names = CLAIMS.iter().map(|claim| claim.name).filter(|name| wishes.contains_key(*name));
            names.map(str::to_owned).collect()
        };
        let wish = |name: &str| wire.id_token.get(name).and_then(Option::as_ref);
        let acr = wish("acr").filter(|acr| acr.essential);
        Ok(Self {
            userinfo: known(&wire.userinfo),
            id_token: known(&wire.id_token),
            subject: wish("sub").and_then(|sub| sub.value.clone()),
            essential_acr: acr
                .map(|acr| acr.value.iter().chain(&acr.values).cloned().collect())
                .unwrap_or_default(),
        })
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_asked_for_one_by_one() {
        let text = r#"{"userinfo":{"email":{"essential":true},"picture":null},
            "id_token":{"name":null,"acr":{"essential":true,"values":["a","b"]},"sub":{"value":"x"}}}"#;
        let request = ClaimsRequest::parse(text).unwrap();
        assert_eq!(request.userinfo, BTreeSet::from(["email".to_owned()]));
        assert_eq!(request.id_token, BTreeSet::from(["name".to_owned()]));
        assert_eq!(request.essential_acr, ["a", "b"]);
        assert_eq!(request.subject.as_deref(), Some("x"));
        assert!(ClaimsRequest::parse("{}").unwrap().is_empty());
        for bad in ["", "[]", "{\"userinfo\":1}", &format!("{{\"x\":\"{}\"}}", "y".repeat(MAX_CLAIMS))] {
            assert!(matches!(ClaimsRequest::parse(bad), Err(Fault::InvalidRequest(_))), "{bad}");
        }
    }
}
