use std::sync::Arc;

use grant_state::claims::GrantedClaims;
use grant_state::payload::{SignInPayload, SpeaksFor};
use grant_state::resolved::ResolvedGrant;
use input::scopes;
use model::Timestamp;
use model::entities::{AccessToken, AccessTokenFormat, GrantKind};

use super::grant_type::{GrantType, Redeemed, TokenRequest};
use authority::catalogue::requested;
use authority::oidc::subject::{speaks_for, subject, subject_of};
use authority::principal::check_token;
use authority::registry::audit::{Actor, note_issued};
use authority::tokens::issue::NewGrant;
use authority::tokens::last_use::note_use;
use authority::tokens::resolve::resolve_valid;
use authority::tokens::{access_token, audience};
use authority::{Acting, Ctx, Fault, GrantPayload, Reason, Scopes, TokenExchange};

/// A client exchanges a token for one with fewer rights (RFC 8693).
pub(super) const GRANT: GrantType = GrantType {
    name: "urn:ietf:params:oauth:grant-type:token-exchange",
    description: "An application exchanges a token for a lesser one: with fewer scopes, for another service, for less long.",
    redeem: |ctx, request| Box::pin(redeem(ctx, request)),
};

/// RFC 8693, section 3.
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// Maximum number of actors in a chain.
const DEEPEST: usize = 8;

async fn redeem(ctx: Ctx, request: TokenRequest) -> Result<Redeemed, Fault> {
    let refused = || Fault::UnauthorizedClient("the application may not exchange tokens".to_owned());
    let policy = request.application.metadata.token_exchange.as_ref().ok_or_else(refused)?;
    let subject = presented(&ctx, &request, "subject_token").await?;
    let actor = match request.params.get("actor_token") {
        Some(_) => Some(presented(&ctx, &request, "actor_token").await?),
        None if request.params.get("actor_token_type").is_some() => {
            return Err(invalid("actor_token_type comes with an actor_token"));
        }
        None => None,
    };
    let exchange = Exchange { ctx: &ctx, request: &request, policy, subject: &subject };
    exchange.check_subject()?;
    let act = exchange.acting(actor.as_deref())?;
    let issued_token_type = exchange.issued_type()?;
    let access = exchange.give(act).await?;
    Ok(Redeemed { issued_token_type: Some(issued_token_type), ..Redeemed::from(access) })
}

fn invalid(message: &str) -> Fault {
    Fault::InvalidRequest(message.to_owned())
}

/// Finds the token of a parameter. If it is not valid, the error is `invalid_request` (section 2.2.2).
async fn presented(ctx: &Ctx, request: &TokenRequest, name: &str) -> Result<Arc<ResolvedGrant>, Fault> {
    let token = request.params.required(name)?;
    let fits = match request.params.required(&format!("{name}_type"))? {
        ACCESS_TOKEN => true,
        JWT => token.starts_with("eyJ"),
        _ => false,
    };
    if !fits {
        return Err(invalid(&format!("the {name}_type is not supported, or not that of the token")));
    }
    let refused = |reason: Reason| {
        tracing::info!(?reason, name, "a token is not exchanged");
        invalid(&format!("the {name} is not valid"))
    };
    let found = resolve_valid(ctx, token).await.map_err(|fault| match fault {
        Fault::Unauthenticated(reason) => refused(reason),
        other => other,
    })?;
    if !found.is_access_token() || found.user.is_none() {
        return Err(refused(Reason::WrongKind));
    }
    found.check_address(ctx.address).map_err(refused)?;
    note_use(ctx, &found.grant)?;
    Ok(found)
}

/// An exchange with a valid subject token.
struct Exchange<'a> {
    ctx: &'a Ctx,
    request: &'a TokenRequest,
    policy: &'a TokenExchange,
    subject: &'a ResolvedGrant,
}

impl Exchange<'_> {
    /// Returns whether the subject token is of the client itself.
    fn is_own(&self) -> bool {
        self.subject.grant.trusted_application_id == Some(self.request.application.id)
    }

    /// Checks that the policies of both clients allow the exchange.
    fn check_subject(&self) -> Result<(), Fault> {
        if self.is_own() {
            // A stolen bound token is not exchanged for an unbound one.
            let shown = self.subject.binding.is_none() || self.subject.binding == self.request.binding;
            return if shown { Ok(()) } else { Err(invalid("the subject_token is bound to another key")) };
        }
        let (own, other) = (&self.request.application.application_uri, self.subject.application.as_ref());
        let allowed = other.is_some_and(|other| {
            self.policy.subjects.contains(&other.application_uri)
                && other.metadata.may_act.as_ref().is_none_or(|named| named == own)
        });
        if allowed { Ok(()) } else { Err(invalid("the application may not exchange this subject_token")) }
    }

    /// Returns the actor: the subject of the actor token, otherwise the client, unless the token is its own or it may
    /// impersonate the subject.
    fn acting(&self, actor: Option<&ResolvedGrant>) -> Result<Option<Acting>, Fault> {
        let application = &self.request.application;
        let before = self.subject.payload.act.clone();
        let sub = match actor {
            Some(actor) if actor.grant.trusted_application_id == Some(application.id) => {
                subject_of(self.ctx, actor)
            }
            Some(_) => return Err(invalid("the actor_token was given to another application")),
            None if self.is_own() || self.policy.impersonation => return Ok(before),
            None => application.application_uri.clone(),
        };
        let act = before.map(Box::new);
        let acting = Acting { sub, client_id: application.application_uri.clone(), act };
        if acting.depth() > DEEPEST {
            return Err(invalid("too many act for each other already"));
        }
        Ok(Some(acting))
    }

    async fn give(&self, act: Option<Acting>) -> Result<authority::Issued, Fault> {
        let (ctx, application) = (self.ctx, &self.request.application);
        let before = self.subject;
        let speaks_for = speaks_for(before);
        let sub = match (&speaks_for, &before.user) {
            (SpeaksFor::Application(client_id), _) => client_id.clone(),
            (SpeaksFor::User, Some(user)) => subject(ctx, application, user.id),
            (SpeaksFor::User, None) => return Err(invalid("the subject_token has no user")),
        };
        let details = before.payload.details.clone().narrowed(&application.metadata, &self.request.params)?;
        let payload = GrantPayload {
            sign_in: self.sign_in(),
            resources: self.audience()?,
            details,
            speaks_for: Some(speaks_for),
            act,
            ..GrantPayload::default()
        };
        let new = NewGrant {
            user: before.user.as_ref(),
            expires: Some(self.ends()?),
            allowed: before.allowed.clone(),
            payload: Some(payload),
            parent: Some(before.grant.id),
            session: before.grant.session.clone(),
            authorized: before.authorized(),
            binding: self.request.binding.clone(),
            ..NewGrant::new(GrantKind::ReferenceToken, application, self.scopes()?)
        };
        let prepared = access_token::prepare(ctx, application, new, &sub)?;
        let ((grant, granted), by) = (prepared.rows(), Actor::application(application.id).with_grant(before));
        let (subject, scopes) = (before.grant.clone(), Scopes::stored(grant.scopes.as_deref()));
        // The scopes of the new token count as used by the subject token.
        scopes
            .iter()
            .for_each(|scope| ctx.authority().last_uses().note(subject.id, ctx.now, None, Some(scope)));
        let inserted = ctx.transaction(move |ctx, tx| {
            tx.insert_grant(&grant, &granted)?;
            // The subject token is locked now. It may have ended or been restricted since it was looked up.
            let now: Option<AccessToken> = tx.find(subject.id)?;
            check_token(ctx, tx, &subject, now.as_ref()).map_err(|_| Fault::InvalidGrant(Reason::Revoked))?;
            note_issued(ctx, tx, by, &grant)
        });
        let inserted = inserted.await;
        // The subject token was revoked meanwhile.
        inserted.map_err(|fault| match fault {
            Fault::InvalidGrant(_) => invalid("the subject_token is not valid"),
            other => other,
        })?;
        Ok(prepared.issued())
    }

    /// Returns the sign-in. Its claims are left out: the consent was for the client of the subject token only.
    fn sign_in(&self) -> Option<SignInPayload> {
        let before = self.subject.payload.sign_in.clone()?;
        let claims = if self.is_own() { before.claims } else { GrantedClaims::default() };
        Some(SignInPayload { claims, ..before })
    }

    /// Checks the requested token type against the format of tokens of the client.
    fn issued_type(&self) -> Result<&'static str, Fault> {
        let signed = || {
            let format = access_token::format(self.ctx, &self.request.application, &self.audience()?);
            Ok::<_, Fault>(format == AccessTokenFormat::Jwt)
        };
        match self.request.params.get("requested_token_type") {
            None | Some(ACCESS_TOKEN) => Ok(ACCESS_TOKEN),
            Some(JWT) if signed()? => Ok(JWT),
            Some(JWT) => Err(invalid("the application's tokens are not signed")),
            Some(_) => Err(invalid("the requested_token_type is not offered")),
        }
    }

    /// Returns the scopes: within those of the subject token and of the client.
    fn scopes(&self) -> Result<Scopes, Fault> {
        let own = &self.request.application.scopes;
        let shared = self.subject.scopes.shared_with(own).without(scopes::OFFLINE_ACCESS);
        requested::granted(self.ctx, &shared, &self.request.params)
    }

    /// Returns the requested resource servers: of the subject token, or of the policy.
    fn audience(&self) -> Result<Vec<String>, Fault> {
        let (params, own) = (&self.request.params, &self.subject.payload.resources);
        let asked: Vec<_> = params.all("resource").chain(params.all("audience")).map(str::to_owned).collect();
        let allowed = |service: &String| {
            let elsewhere = !audience::is_own(self.ctx, service) && self.policy.audiences.contains(service);
            !service.contains('#') && (elsewhere || audience::agreed(self.ctx, own, service))
        };
        if asked.is_empty() {
            Ok(own.clone())
        } else if asked.iter().all(allowed) {
            Ok(asked)
        } else {
            Err(Fault::InvalidTarget("the token cannot be exchanged for one for this service".to_owned()))
        }
    }

    /// Returns the expiry: that of the subject token, or earlier by the extension parameter `expires_in`.
    fn ends(&self) -> Result<Timestamp, Fault> {
        let usual = self.ctx.settings().lifetimes.access_token_lifetime;
        let asked = self.request.params.get("expires_in").map(str::parse::<u32>).transpose();
        let asked = asked.ok().filter(|asked| *asked != Some(0));
        let asked = asked.ok_or_else(|| invalid("'expires_in' is a number of seconds"))?;
        let ends = self.ctx.now.plus_seconds(asked.map_or(usual, i64::from).min(usual));
        Ok(self.subject.grant.expire_timestamp.map_or(ends, |end| end.min(ends)))
    }
}
