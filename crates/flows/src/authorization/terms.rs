use std::collections::BTreeSet;

use grant_state::claims::GrantedClaims;
use input::claims;
use input::scopes;
use model::entities::AccessToken;

use super::request::AuthorizationRequest;
use authority::tokens::audience;
use authority::{AuthorizationDetails, Caller, Ctx, Fault, GrantPayload, Scopes};

/// The terms of a consent: everything that determines the rights of the client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The scopes.
    pub scopes: Scopes,
    /// The claims that are returned without their scope.
    pub claims: BTreeSet<String>,
    /// The resource servers (RFC 8707); our interfaces, if empty.
    pub resources: Vec<String>,
    /// The `authorization_details` (RFC 9396).
    pub details: AuthorizationDetails,
}

/// The selection of a user on the consent page.
#[derive(Debug, Default)]
pub struct Agreed {
    /// The scopes.
    pub scopes: Scopes,
    /// The claims, by name.
    pub claims: BTreeSet<String>,
    /// The resource servers.
    pub resources: BTreeSet<String>,
}

impl AuthorizationRequest {
    /// Returns the terms of the request for this user.
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
    /// Returns the terms of a stored consent. Those of an earlier version have scopes and details only.
    pub(super) fn from_consent(ctx: &Ctx, consent: &AccessToken) -> Result<Self, Fault> {
        let payload = GrantPayload::open(ctx.keyring(), consent.id, consent.data.as_deref())?;
        Ok(Self {
            scopes: Scopes::stored(consent.scopes.as_deref()),
            claims: payload.claims,
            resources: payload.resources,
            details: payload.details,
        })
    }

    /// Returns the payload of a consent.
    pub(super) fn payload(&self) -> Option<GrantPayload> {
        let payload = GrantPayload {
            claims: self.claims.clone(),
            resources: self.resources.clone(),
            details: self.details.clone(),
            ..GrantPayload::default()
        };
        (payload != GrantPayload::default()).then_some(payload)
    }

    /// Returns whether they include other terms.
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

    /// Returns whether the user can deselect resource servers. Without any, the tokens would have another audience.
    pub fn has_optional_resources(&self) -> bool {
        self.resources.len() > 1
    }

    /// Returns whether the user can deselect a scope. The scope of the sign-in itself is mandatory.
    pub fn is_optional(scope: &str) -> bool {
        scope != scopes::OPENID
    }

    /// Returns the selected part of the terms.
    ///
    /// # Errors
    /// [`Fault::AccessDenied`] if no scope or no resource server is selected.
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

    /// Returns the claims that a request is granted by these terms.
    pub(super) fn granted_claims(&self, request: &AuthorizationRequest) -> GrantedClaims {
        GrantedClaims {
            userinfo: request.claims.userinfo.clone(),
            id_token: request.claims.id_token.clone(),
            by_name: self.claims.clone(),
        }
    }
}
