use std::borrow::Cow;

use authority::{Fault, Reason};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use token::jose::Algorithm;

/// Why a request was refused, by the code in its answer: an extension of the answer, for whoever counts.
#[derive(Clone)]
pub(super) struct RefusedFor(pub(super) Cow<'static, str>);

/// Notes why a request was refused.
pub fn refused_for(mut answer: Response, code: impl Into<Cow<'static, str>>) -> Response {
    answer.extensions_mut().insert(RefusedFor(code.into()));
    answer
}

/// How long a client waits before it tries again where nobody knows better, in seconds.
pub(super) const DEFAULT_WAIT: u64 = 5;

/// Notes why a request was refused, and says when to try again where the answer is about that.
pub fn refused(answer: Response, fault: &Fault, code: impl Into<Cow<'static, str>>) -> Response {
    refused_for(advise(answer, fault), code)
}

/// Says when to try again, where an answer to a fault is about that (RFC 6585, section 4; RFC 9110, section 15.6.4).
pub fn advise(mut answer: Response, fault: &Fault) -> Response {
    if let (429 | 503, Some(wait)) = (answer.status().as_u16(), wait(fault)) {
        answer.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    answer
}

/// After how many seconds a client may try again, where a fault is about that.
pub fn wait(fault: &Fault) -> Option<HeaderValue> {
    match fault {
        Fault::TooManyAttempts(seconds) => Some(HeaderValue::from((*seconds).max(1))),
        Fault::RateLimited(seconds) => Some(HeaderValue::from((*seconds).max(1))),
        Fault::SlowDown | Fault::Unavailable(_) => Some(HeaderValue::from(DEFAULT_WAIT)),
        _ => None,
    }
}

/// A fault as the APIs over the registry say it: the status, and a stable word for programs.
pub const fn api_code(fault: &Fault) -> (StatusCode, &'static str) {
    match fault {
        Fault::Unauthenticated(_)
        | Fault::InvalidGrant(_)
        | Fault::InvalidClient
        | Fault::InvalidDpopProof(_)
        | Fault::UseDpopNonce => (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"),
        Fault::InsufficientUserAuthentication { .. } => {
            (StatusCode::UNAUTHORIZED, "INSUFFICIENT_USER_AUTHENTICATION")
        }
        Fault::InsufficientScope(_) => (StatusCode::FORBIDDEN, "INSUFFICIENT_SCOPE"),
        Fault::Forbidden(_) | Fault::AccessDenied | Fault::UnauthorizedClient(_) => {
            (StatusCode::FORBIDDEN, "FORBIDDEN")
        }
        Fault::NotFound(_) => (StatusCode::NOT_FOUND, "NOT_FOUND"),
        Fault::Conflict(_) => (StatusCode::CONFLICT, "CONFLICT"),
        Fault::Stale(_) => (StatusCode::PRECONDITION_FAILED, "PRECONDITION_FAILED"),
        Fault::TooManyAttempts(_) | Fault::SlowDown => (StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_ATTEMPTS"),
        Fault::RateLimited(_) => (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"),
        Fault::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"),
        Fault::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"),
        Fault::Query(error) => (StatusCode::BAD_REQUEST, error.code()),
        Fault::InvalidRequest(_)
        | Fault::InvalidRequestObject(_)
        | Fault::InvalidAuthorizationDetails(_)
        | Fault::InvalidScope(_)
        | Fault::BadField { .. }
        | Fault::BadFields(_)
        | Fault::UnsupportedGrantType
        | Fault::UnsupportedResponseType
        | Fault::RequestUriNotSupported
        | Fault::RegistrationNotSupported
        | Fault::InteractionNeeded(_)
        | Fault::UnmetAuthenticationRequirements
        | Fault::InvalidTarget(_)
        | Fault::UnknownUserId
        | Fault::InvalidBindingMessage(_)
        | Fault::AuthorizationPending
        | Fault::ExpiredToken => (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
    }
}

/// What a protected resource demands (RFC 6750, section 3; RFC 9449, section 7.1), where a fault is about that.
pub fn challenge(fault: &Fault) -> Option<HeaderValue> {
    let text = match fault {
        Fault::Unauthenticated(Reason::Missing) => "Bearer realm=\"grantor\"".to_owned(),
        Fault::Unauthenticated(Reason::ProofMissing | Reason::WrongKey | Reason::NotBound) => {
            dpop("invalid_token")
        }
        Fault::InvalidDpopProof(_) => dpop("invalid_dpop_proof"),
        Fault::UseDpopNonce => dpop("use_dpop_nonce"),
        Fault::Unauthenticated(_) => {
            "Bearer realm=\"grantor\", error=\"invalid_token\", error_description=\"the token is not valid\""
                .to_owned()
        }
        Fault::InsufficientScope(scope) => {
            format!("Bearer realm=\"grantor\", error=\"insufficient_scope\", scope=\"{scope}\"")
        }
        Fault::InsufficientUserAuthentication { acr_values, max_age } => step_up(acr_values, *max_age),
        _ => return None,
    };
    HeaderValue::from_str(&text).ok()
}

/// What has to be shown (RFC 9470, section 3).
fn step_up(acr_values: &str, max_age: Option<i64>) -> String {
    let levels = if acr_values.is_empty() { String::new() } else { format!(", acr_values=\"{acr_values}\"") };
    let age = max_age.map_or_else(String::new, |seconds| format!(", max_age=\"{seconds}\""));
    format!("Bearer realm=\"grantor\", error=\"insufficient_user_authentication\"{levels}{age}")
}

fn dpop(error: &str) -> String {
    let algorithms = Algorithm::ALL.map(Algorithm::name).join(" ");
    format!("DPoP realm=\"grantor\", error=\"{error}\", algs=\"{algorithms}\"")
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;

    /// Whatever a surface answers with 429 or 503 says when to try again; no other answer does.
    #[test]
    fn who_has_to_wait_is_told_for_how_long() {
        let waits = [
            (Fault::TooManyAttempts(77), "77"),
            (Fault::TooManyAttempts(0), "1"),
            (Fault::SlowDown, "5"),
            (Fault::Unavailable(String::new()), "5"),
        ];
        for (fault, expected) in &waits {
            let (status, code) = api_code(fault);
            assert!([429, 503].contains(&status.as_u16()), "{fault:?}");
            assert_eq!(
                refused(status.into_response(), fault, code).headers()[header::RETRY_AFTER],
                *expected
            );
            // OAuth says `slow_down` with another status.
            let other = refused(StatusCode::BAD_REQUEST.into_response(), fault, code);
            assert!(other.headers().get(header::RETRY_AFTER).is_none());
        }
        let others = [Fault::InvalidClient, Fault::ExpiredToken, Fault::Internal(String::new())];
        assert!(others.iter().all(|fault| wait(fault).is_none()));
    }
}
