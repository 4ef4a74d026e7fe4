//! What is told about people: the standard claims and ours (OpenID Connect Core, section 5).

use std::collections::BTreeSet;

use input::claims::LOGIN;
use model::entities::User;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Catalogue, Scopes, SubjectType};

pub use input::claims::{CLAIMS, Claim, ClaimsRequest, find, narrowed};

/// Leaves out what an application with pairwise subjects is not told (OpenID Connect Core, section 8.1).
pub(crate) fn without_login(subject_type: SubjectType, mut about: Map<String, Value>) -> Map<String, Value> {
    if subject_type == SubjectType::Pairwise {
        about.remove(LOGIN);
    }
    about
}

/// The claims that a grant gives because the application asked for them one by one, and the person agreed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantedClaims {
    /// Those that the UserInfo endpoint tells.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub userinfo: BTreeSet<String>,
    /// Those that stand in the ID token.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub id_token: BTreeSet<String>,
    /// Those of both that are given without their scope, because the person agreed to the claim itself.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub by_name: BTreeSet<String>,
}

impl GrantedClaims {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What the UserInfo endpoint tells about a person: the claims of the scopes, and those that were asked for one by one.
    pub(crate) fn for_user_info(
        &self,
        catalogue: &Catalogue,
        user: &User,
        scopes: &Scopes,
    ) -> Map<String, Value> {
        tell(user, |claim| {
            scopes.contains(claim.scope) || self.userinfo.contains(claim.name) && self.has(catalogue, claim)
        })
    }

    /// What the ID token says about a person. Scopes ask for what the UserInfo endpoint tells; only names ask for what stands
    /// in the ID token (OpenID Connect Core, section 5.4).
    pub(crate) fn for_id_token(
        &self,
        catalogue: &Catalogue,
        user: &User,
        scopes: &Scopes,
    ) -> Map<String, Value> {
        tell(user, |claim| {
            let is_given = scopes.contains(claim.scope) || self.has(catalogue, claim);
            self.id_token.contains(claim.name) && is_given
        })
    }

    /// Whether a claim is given without its scope. It is no longer given once the scope has been retired.
    fn has(&self, catalogue: &Catalogue, claim: &Claim) -> bool {
        self.by_name.contains(claim.name) && catalogue.scope(claim.scope).is_some()
    }
}

/// The claims about a person that are given; those without a value are left out.
fn tell(user: &User, is_given: impl Fn(&Claim) -> bool) -> Map<String, Value> {
    let given = CLAIMS.iter().filter(|claim| is_given(claim));
    given.filter_map(|claim| claim.value(user).map(|value| (claim.name.to_owned(), value))).collect()
}
