//! The device authorization grant (RFC 8628), on the side of the device.

use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;
use time::OffsetDateTime;

use super::credentials::Secret;
use super::http::{Failure, Http};
use super::output;
use super::problem::Problem;
use super::server_url::ServerUrl;

/// The client_id of this program.
pub(crate) const CLIENT_ID: &str = "grantor-cli";

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The scope for a refresh token.
pub(crate) const OFFLINE_ACCESS: &str = "offline_access";

/// The number of consecutive polls that can fail before the user sees an error.
const PATIENCE: u32 = 4;

/// The longest pause between two polls, in seconds.
const LONGEST_PAUSE: u64 = 60;

/// The metadata of the issuer (OpenID Connect Discovery section 3, RFC 8414 section 2).
#[derive(Debug, Deserialize)]
pub(crate) struct Issuer {
    issuer: String,
    token_endpoint: String,
    revocation_endpoint: String,
    device_authorization_endpoint: String,
}

/// A pending request (RFC 8628 section 3.2).
#[derive(Debug, Deserialize)]
pub(crate) struct Pending {
    device_code: Secret,
    /// The code to type or to compare.
    pub(crate) user_code: String,
    /// The page for the code.
    pub(crate) verification_uri: WebAddress,
    /// The page with the code filled in.
    pub(crate) verification_uri_complete: Option<WebAddress>,
    expires_in: u64,
    interval: Option<u64>,
}

/// The tokens of an approval (RFC 6749 section 5.1).
#[derive(Debug, Deserialize)]
pub(crate) struct Granted {
    /// The token.
    pub(crate) access_token: Secret,
    /// The refresh token.
    pub(crate) refresh_token: Option<Secret>,
    token_type: String,
    /// Its lifetime, in seconds.
    pub(crate) expires_in: Option<u64>,
    /// Its scopes, if they are not those of the request.
    pub(crate) scope: Option<String>,
}

impl Granted {
    /// Returns when the access token expires; the time that the user spent at the browser counts against it.
    pub(crate) fn expires_at(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let seconds = i64::try_from(self.expires_in?).ok()?;
        now.checked_add(time::Duration::seconds(seconds))
    }
}

/// A web address in a response of the server.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct WebAddress(pub(crate) Url);

impl TryFrom<String> for WebAddress {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let url = Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        url.map(Self).ok_or("not a web address")
    }
}

impl Issuer {
    /// Reads the metadata of a server.
    pub(crate) fn discover(http: &Http) -> Result<Self, Problem> {
        let url = http.url();
        let found: Self = http.get_json(&url.at("/id/.well-known/openid-configuration"))?;
        // RFC 8414 section 3.3: metadata of another issuer must not be used.
        if found.issuer == url.at("/id") {
            return Ok(found);
        }
        let own = found.issuer.strip_suffix("/id").and_then(|own| own.parse::<ServerUrl>().ok());
        let own = own.ok_or_else(|| http.foreign("its metadata has another issuer"))?;
        let problem = Problem::new(format!("the issuer of the server at {url} is {own}"));
        Err(problem.hint(format!("use that address: run `grantor login {own}`")))
    }

    /// Requests an access token and a refresh token, which a user must approve.
    pub(crate) fn ask(&self, http: &Http, scope: &str, description: &str) -> Result<Pending, Problem> {
        let scope = if scope.split(' ').any(|word| word == OFFLINE_ACCESS) {
            scope.to_owned()
        } else {
            format!("{scope} {OFFLINE_ACCESS}")
        };
        let form = [("client_id", CLIENT_ID), ("scope", scope.as_str()), ("description", description)];
        Ok(http.post_form_json(&self.device_authorization_endpoint, &form)?)
    }

    /// Polls until the user has decided (RFC 8628 sections 3.4 and 3.5).
    pub(crate) fn wait(
        &self,
        http: &Http,
        pending: &Pending,
        pause: &mut dyn FnMut(Duration),
    ) -> Result<Granted, Problem> {
        let mut interval = pending.interval.unwrap_or(5).clamp(1, LONGEST_PAUSE);
        let (mut waited, mut unanswered) = (0, 0);
        while waited < pending.expires_in {
            pause(Duration::from_secs(interval));
            waited += interval;
            match self.poll(http, pending) {
                Poll::Granted(granted) => return Ok(granted),
                Poll::Pending => unanswered = 0,
                Poll::TooFast => interval = (interval + 5).min(LONGEST_PAUSE),
                Poll::Unanswered if unanswered < PATIENCE => {
                    unanswered += 1;
                    interval = (interval * 2).min(LONGEST_PAUSE);
                }
                Poll::Unanswered => return Err(self.silence(http)),
                Poll::Over(problem) => return Err(problem),
            }
        }
        Err(expired(http.url()))
    }

    fn poll(&self, http: &Http, pending: &Pending) -> Poll {
        let code = pending.device_code.expose();
        let form = [("grant_type", GRANT_TYPE), ("device_code", code), ("client_id", CLIENT_ID)];
        match http.post_form_json::<Granted>(&self.token_endpoint, &form) {
            Ok(granted) if granted.token_type.eq_ignore_ascii_case("bearer") => Poll::Granted(granted),
            Ok(_) => Poll::Over(http.foreign("its token is not a bearer token").into()),
            Err(Failure::Unreachable { .. }) => Poll::Unanswered,
            Err(Failure::Api(api_error)) => match api_error.code.as_str() {
                "authorization_pending" => Poll::Pending,
                "slow_down" => Poll::TooFast,
                "expired_token" => Poll::Over(expired(http.url())),
                "access_denied" => Poll::Over(Problem::new("the request was denied in the browser")),
                _ => Poll::Over(Failure::Api(api_error).into()),
            },
            Err(failure) => Poll::Over(failure.into()),
        }
    }

    /// Exchanges a refresh token for the next tokens (RFC 6749 section 6).
    pub(crate) fn refresh(&self, http: &Http, refresh_token: &Secret) -> Result<Granted, Problem> {
        let token = ("refresh_token", refresh_token.expose());
        let form = [("grant_type", "refresh_token"), token, ("client_id", CLIENT_ID)];
        match http.post_form_json::<Granted>(&self.token_endpoint, &form) {
            Ok(granted) if granted.token_type.eq_ignore_ascii_case("bearer") => Ok(granted),
            Ok(_) => Err(http.foreign("its token is not a bearer token").into()),
            Err(Failure::Api(api_error)) if api_error.code == "invalid_grant" => {
                let url = http.url();
                let problem = Problem::new(format!("the sign-in at {url} has expired or was revoked"));
                Err(problem.hint(format!("run `grantor login {url}`")))
            }
            Err(failure) => Err(failure.into()),
        }
    }

    fn silence(&self, http: &Http) -> Problem {
        let cause = "it stopped responding before the approval".to_owned();
        Failure::Unreachable { url: http.url().clone(), cause }.into()
    }

    /// Revokes the tokens of a sign-in (RFC 7009 section 2.1): with a refresh token, the whole token family is revoked.
    pub(crate) fn revoke(
        &self,
        http: &Http,
        access: &Secret,
        refresh: Option<&Secret>,
    ) -> Result<(), Problem> {
        let (token, hint) = refresh.map_or((access, "access_token"), |refresh| (refresh, "refresh_token"));
        let form = [("token", token.expose()), ("token_type_hint", hint), ("client_id", CLIENT_ID)];
        http.post_form(&self.revocation_endpoint, &form)?;
        Ok(())
    }

    /// Revokes tokens that are no longer needed; a failure is only a note.
    pub(crate) fn revoke_leftover(&self, http: &Http, access: &Secret, refresh: Option<&Secret>) {
        if let Err(problem) = self.revoke(http, access, refresh) {
            output::note(&format!(
                "note: the token that is no longer needed could not be revoked: {problem}"
            ));
        }
    }
}

enum Poll {
    Granted(Granted),
    Pending,
    TooFast,
    Unanswered,
    Over(Problem),
}

fn expired(url: &ServerUrl) -> Problem {
    Problem::new("the request expired without an approval").hint(format!("run `grantor login {url}` again"))
}

#[cfg(test)]
mod tests;
