//! Claims about users (OpenID Connect Core, section 5).

use std::collections::BTreeSet;

use input::claims::{CLAIMS, Claim, LOGIN};
use input::client_metadata::SubjectType;
use input::scopes::Scopes;
use model::entities::User;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::catalogue::Catalogue;

/// Removes the login if the subjects of the client are pairwise (OpenID Connect Core, section 8.1).
pub fn without_login(subject_type: SubjectType, mut about: Map<String, Value>) -> Map<String, Value> {
    if subject_type == SubjectType::Pairwise {
        about.remove(LOGIN);
    }
    about
}

/// The claims of a grant that the client requested by name, and to which the user agreed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantedClaims {
    /// Claims of the UserInfo response.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub userinfo: BTreeSet<String>,
    /// Claims of the ID token.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub id_token: BTreeSet<String>,
    /// Claims of both that are returned without their scope, because the user agreed to the claim itself.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub by_name: BTreeSet<String>,
}

impl GrantedClaims {
    /// Returns whether there are no claims.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the claims of the UserInfo response: those of the scopes, and those requested by name.
    pub fn for_user_info(&self, catalogue: &Catalogue, user: &User, scopes: &Scopes) -> Map<String, Value> {
        claims_of(user, |claim| {
            scopes.contains(claim.scope) || self.userinfo.contains(claim.name) && self.has(catalogue, claim)
        })
    }

    /// Returns the claims of the ID token. Scopes request claims of the UserInfo response only; claims of the ID token are
    /// requested by name (OpenID Connect Core, section 5.4).
    pub fn for_id_token(&self, catalogue: &Catalogue, user: &User, scopes: &Scopes) -> Map<String, Value> {
        claims_of(user, |claim| {
            let is_selected = scopes.contains(claim.scope) || self.has(catalogue, claim);
            self.id_token.contains(claim.name) && is_selected
        })
    }

    /// Returns whether a claim is returned without its scope. It is not, once the scope was retired.
    fn has(&self, catalogue: &Catalogue, claim: &Claim) -> bool {
        self.by_name.contains(claim.name) && catalogue.scope(claim.scope).is_some()
    }
}

/// Returns the selected claims of a user that have a value.
fn claims_of(user: &User, is_selected: impl Fn(&Claim) -> bool) -> Map<String, Value> {
    let selected = CLAIMS.iter().filter(|claim| is_selected(claim));
    selected.filter_map(|claim| claim.value(user).map(|value| (claim.name.to_owned(), value))).collect()
}
