use std::collections::BTreeSet;

use grant_state::claims::GrantedClaims;
use input::claims;
use input::scopes;
use model::entities::AccessToken;

use super::request::AuthorizationRequest;
use crate::tokens::audience;
use crate::{AuthorizationDetails, Caller, Ctx, Fault, GrantPayload, Scopes};

/// What a person agrees to: everything that widens what an application gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The permissions.
    pub scopes: Scopes,
    /// The claims that are told without their scope.
    pub claims: BTreeSet<String>,
    /// The services for which tokens are given (RFC 8707); ours where there is none.
    pub resources: Vec<String>,
    /// What it is for in detail (RFC 9396).
    pub details: AuthorizationDetails,
}

/// What a person left ticked on the page to agree.
#[derive(Debug, Default)]
pub struct Agreed {
    /// The permissions.
    pub scopes: Scopes,
    /// The claims, by name.
    pub claims: BTreeSet<String>,
    /// The services.
    pub resources: BTreeSet<String>,
}

impl AuthorizationRequest {
    /// What this person is asked to agree to: what of the request the application may have from them.
    pub fn terms(&self, ctx: &Ctx, caller: &Caller) -> Terms {
        let (catalogue, application) = (ctx.catalogue(), &self.application);
        let given = |scopes| catalogue.effective(scopes, Some(&application.application), Some(&caller.user));
        let (scopes, possible) = (given(&self.scopes), given(&application.scopes));
        let by_name = self
            .claims
            .names()
            .filter_map(claims::find)
            .filter(|claim| possible.contains(claim.scope) && !scopes.contains(claim.scope));
        Terms {
            claims: by_name.map(|claim| claim.name.to_owned()).collect(),
            resources: self.resources.clone(),
            details: self.details.clone(),
            scopes,
        }
    }
}

impl Terms {
    /// What was agreed to with a consent. One of an earlier version agreed to scopes and details alone.
    pub(super) fn from_consent(ctx: &Ctx, consent: &AccessToken) -> Result<Self, Fault> {
        let payload = GrantPayload::open(ctx.keyring(), consent.id, consent.data.as_deref())?;
        Ok(Self {
            scopes: Scopes::stored(consent.scopes.as_deref()),
            claims: payload.claims,
            resources: payload.resources,
            details: payload.details,
        })
    }

    /// What a consent keeps of them besides the scopes.
    pub(super) fn payload(&self) -> Option<GrantPayload> {
        let payload = GrantPayload {
            claims: self.claims.clone(),
            resources: self.resources.clone(),
            details: self.details.clone(),
            ..GrantPayload::default()
        };
        (payload != GrantPayload::default()).then_some(payload)
    }

    /// Whether everything that is asked for is among them.
    pub(super) fn cover(&self, ctx: &Ctx, asked: &Self) -> bool {
        let tells = |name: &String| {
            self.claims.contains(name)
                || claims::find(name).is_some_and(|claim| self.scopes.contains(claim.scope))
        };
        asked.scopes.iter().all(|scope| self.scopes.contains(scope))
            && asked.claims.iter().all(tells)
            && audience::all_agreed(ctx, &self.resources, &asked.resources)
            && self.details.covers(&asked.details)
    }

    /// Whether a person can leave out some of the services: without any, the tokens would be for other ones.
    pub fn has_optional_resources(&self) -> bool {
        self.resources.len() > 1
    }

    /// Whether a person can leave out a permission: the sign-in itself is what the request is about.
    pub fn is_optional(scope: &str) -> bool {
        scope != scopes::OPENID
    }

    /// What is left where a person agreed to some of them.
    ///
    /// # Errors
    /// [`Fault::AccessDenied`] where no permission, or none of the services, is left.
    pub(super) fn narrowed(mut self, agreed: &Agreed) -> Result<Self, Fault> {
        if self.has_optional_resources() {
            self.resources.retain(|resource| agreed.resources.contains(resource));
            if self.resources.is_empty() {
                return Err(Fault::AccessDenied);
            }
        }
        self.claims.retain(|claim| agreed.claims.contains(claim));
        self.scopes =
            self.scopes.filtered(|scope| agreed.scopes.contains(scope) || !Self::is_optional(scope));
        if self.scopes.is_empty() { Err(Fault::AccessDenied) } else { Ok(self) }
    }

    /// The claims that the tokens of a request tell by these terms.
    pub(super) fn granted_claims(&self, request: &AuthorizationRequest) -> GrantedClaims {
        GrantedClaims {
            userinfo: request.claims.userinfo.clone(),
            id_token: request.claims.id_token.clone(),
            by_name: self.claims.clone(),
        }
    }
}
