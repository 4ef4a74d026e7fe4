use std::borrow::Cow;

use authority::{Fault, Reason};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use token::jose::Algorithm;

/// The error code of a refused request: an extension of the response, for the metrics.
#[derive(Clone)]
pub(super) struct RefusedFor(pub(super) Cow<'static, str>);

/// Adds the error code to a response.
pub fn refused_for(mut answer: Response, code: impl Into<Cow<'static, str>>) -> Response {
    answer.extensions_mut().insert(RefusedFor(code.into()));
    answer
}

/// The default of `Retry-After`, in seconds.
pub(super) const DEFAULT_WAIT: u64 = 5;

/// Adds the error code to a response, and `Retry-After` if its status asks for it.
pub fn refused(answer: Response, fault: &Fault, code: impl Into<Cow<'static, str>>) -> Response {
    refused_for(advise(answer, fault), code)
}

/// Adds `Retry-After` to a response to a fault if its status asks for it (RFC 6585, section 4; RFC 9110, section 15.6.4).
pub fn advise(mut answer: Response, fault: &Fault) -> Response {
    if let (429 | 503, Some(wait)) = (answer.status().as_u16(), wait(fault)) {
        answer.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    answer
}

/// Returns the seconds after which a client may retry, if the fault is temporary.
pub fn wait(fault: &Fault) -> Option<HeaderValue> {
    match fault {
        Fault::TooManyAttempts(seconds) => Some(HeaderValue::from((*seconds).max(1))),
        Fault::RateLimited(seconds) => Some(HeaderValue::from((*seconds).max(1))),
        Fault::SlowDown | Fault::Unavailable(_) => Some(HeaderValue::from(DEFAULT_WAIT)),
        _ => None,
    }
}

/// Returns the challenge of a protected resource (RFC 6750, section 3; RFC 9449, section 7.1), if a fault has one.
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

/// Returns the challenge for a step-up (RFC 9470, section 3).
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
    use axum::http::StatusCode;
    use axum::response::IntoResponse as _;

    use super::*;
    use crate::http::api_code;

    /// Every response with 429 or 503 has `Retry-After`, and no other one.
    #[test]
    fn waits_have_a_time() {
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
            // OAuth has another status for `slow_down`.
            let other = refused(StatusCode::BAD_REQUEST.into_response(), fault, code);
            assert!(other.headers().get(header::RETRY_AFTER).is_none());
        }
        let others = [Fault::InvalidClient, Fault::ExpiredToken, Fault::Internal(String::new())];
        assert!(others.iter().all(|fault| wait(fault).is_none()));
    }
}
