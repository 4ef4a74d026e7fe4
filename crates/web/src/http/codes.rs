//! The status and the error code of each fault, in the APIs over the registry and at the OAuth endpoints.

use authority::{Fault, Needed};
use axum::http::StatusCode;

type Code = (StatusCode, &'static str);

/// Returns the status and the error code of a fault in the APIs over the registry.
pub const fn api_code(fault: &Fault) -> Code {
    codes(fault).0
}

/// Returns the status and the error code of a fault at an OAuth endpoint (RFC 6749, section 5.2; RFC 8628, section 3.5).
pub const fn oauth_code(fault: &Fault) -> Code {
    codes(fault).1
}

/// Returns the codes of a fault: of the APIs, and of OAuth.
const fn codes(fault: &Fault) -> (Code, Code) {
    match fault {
        Fault::InvalidRequest(_) | Fault::BadField { .. } | Fault::BadFields(_) => invalid("invalid_request"),
        Fault::InvalidRequestObject(_) => invalid("invalid_request_object"),
        Fault::InvalidAuthorizationDetails(_) => invalid("invalid_authorization_details"),
        Fault::InvalidScope(_) => invalid("invalid_scope"),
        Fault::InvalidTarget(_) => invalid("invalid_target"),
        Fault::InvalidBindingMessage(_) => invalid("invalid_binding_message"),
        Fault::UnsupportedGrantType => invalid("unsupported_grant_type"),
        Fault::UnsupportedResponseType => invalid("unsupported_response_type"),
        Fault::RequestUriNotSupported => invalid("request_uri_not_supported"),
        Fault::RegistrationNotSupported => invalid("registration_not_supported"),
        Fault::InteractionNeeded(Needed::Login) => invalid("login_required"),
        Fault::InteractionNeeded(Needed::SecondFactor) => invalid("interaction_required"),
        Fault::InteractionNeeded(Needed::Account) => invalid("account_selection_required"),
        Fault::InteractionNeeded(Needed::Consent) => invalid("consent_required"),
        Fault::UnmetAuthenticationRequirements => invalid("unmet_authentication_requirements"),
        Fault::UnknownUserId => invalid("unknown_user_id"),
        Fault::AuthorizationPending => invalid("authorization_pending"),
        Fault::ExpiredToken => invalid("expired_token"),
        Fault::Query(error) => (bad_request(error.code()), bad_request("invalid_request")),
        Fault::Unauthenticated(_) | Fault::InvalidGrant(_) => unauthenticated(bad_request("invalid_grant")),
        Fault::InvalidClient => unauthenticated((StatusCode::UNAUTHORIZED, "invalid_client")),
        Fault::InvalidDpopProof(_) => unauthenticated(bad_request("invalid_dpop_proof")),
        Fault::UseDpopNonce => unauthenticated(bad_request("use_dpop_nonce")),
        Fault::InsufficientUserAuthentication { .. } => {
            ((StatusCode::UNAUTHORIZED, "INSUFFICIENT_USER_AUTHENTICATION"), bad_request("invalid_grant"))
        }
        Fault::InsufficientScope(_) => {
            ((StatusCode::FORBIDDEN, "INSUFFICIENT_SCOPE"), bad_request("invalid_scope"))
        }
        Fault::Forbidden(_) | Fault::UnauthorizedClient(_) => {
            ((StatusCode::FORBIDDEN, "FORBIDDEN"), bad_request("unauthorized_client"))
        }
        Fault::AccessDenied => ((StatusCode::FORBIDDEN, "FORBIDDEN"), bad_request("access_denied")),
        Fault::NotFound(_) => ((StatusCode::NOT_FOUND, "NOT_FOUND"), bad_request("invalid_request")),
        Fault::Conflict(_) => ((StatusCode::CONFLICT, "CONFLICT"), bad_request("invalid_request")),
        Fault::Stale(_) => {
            ((StatusCode::PRECONDITION_FAILED, "PRECONDITION_FAILED"), bad_request("invalid_request"))
        }
        Fault::SlowDown => ((StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_ATTEMPTS"), bad_request("slow_down")),
        Fault::TooManyAttempts(_) => temporary(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_ATTEMPTS"),
        Fault::RateLimited(_) => temporary(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"),
        Fault::Unavailable(_) => temporary(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"),
        Fault::Internal(_) => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            ((status, "INTERNAL"), (status, "server_error"))
        }
    }
}

const fn bad_request(code: &'static str) -> Code {
    (StatusCode::BAD_REQUEST, code)
}

/// The input is invalid; `code` is the code of OAuth.
const fn invalid(code: &'static str) -> (Code, Code) {
    (bad_request("BAD_USER_INPUT"), bad_request(code))
}

/// The credentials are invalid; `oauth` is the error of OAuth.
const fn unauthenticated(oauth: Code) -> (Code, Code) {
    ((StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"), oauth)
}

/// A retry can succeed; `code` is the code of the APIs.
const fn temporary(status: StatusCode, code: &'static str) -> (Code, Code) {
    ((status, code), (status, "temporarily_unavailable"))
}

#[cfg(test)]
mod tests {
    use authority::Reason;

    use super::*;
    use crate::error_codes::ERROR_CODES;

    /// The metrics count by the codes of the list.
    #[test]
    fn every_code_is_in_the_list() {
        let text = String::new;
        let needed = [Needed::Login, Needed::SecondFactor, Needed::Account, Needed::Consent];
        let faults = [
            Fault::InvalidClient,
            Fault::InvalidDpopProof(text()),
            Fault::UseDpopNonce,
            Fault::InvalidGrant(Reason::Expired),
            Fault::UnauthorizedClient(text()),
            Fault::UnsupportedGrantType,
            Fault::InvalidScope(text()),
            Fault::UnsupportedResponseType,
            Fault::RequestUriNotSupported,
            Fault::RegistrationNotSupported,
            Fault::InvalidRequestObject(text()),
            Fault::InvalidAuthorizationDetails(text()),
            Fault::InvalidTarget(text()),
            Fault::UnmetAuthenticationRequirements,
            Fault::UnknownUserId,
            Fault::InvalidBindingMessage(text()),
            Fault::AccessDenied,
            Fault::AuthorizationPending,
            Fault::ExpiredToken,
            Fault::TooManyAttempts(1),
            Fault::Internal(text()),
            Fault::InvalidRequest(text()),
            Fault::Unauthenticated(Reason::Missing),
            Fault::InsufficientUserAuthentication { acr_values: text(), max_age: None },
            Fault::InsufficientScope(text()),
            Fault::Forbidden(text()),
            Fault::NotFound(text()),
            Fault::Conflict(text()),
            Fault::SlowDown,
            Fault::RateLimited(1),
            Fault::Unavailable(text()),
        ];
        for fault in faults.into_iter().chain(needed.map(Fault::InteractionNeeded)) {
            for (_, code) in [api_code(&fault), oauth_code(&fault)] {
                assert!(ERROR_CODES.contains(&code), "the list lacks {code}");
            }
        }
    }
}
