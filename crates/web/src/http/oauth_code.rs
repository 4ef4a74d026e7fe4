use authority::{Fault, Needed};
use axum::http::StatusCode;

/// Returns the status and the error code of a fault at an OAuth endpoint (RFC 6749, section 5.2; RFC 8628, section 3.5).
pub const fn oauth_code(fault: &Fault) -> (StatusCode, &'static str) {
    match fault {
        Fault::InvalidClient => (StatusCode::UNAUTHORIZED, "invalid_client"),
        Fault::InvalidDpopProof(_) => (StatusCode::BAD_REQUEST, "invalid_dpop_proof"),
        Fault::UseDpopNonce => (StatusCode::BAD_REQUEST, "use_dpop_nonce"),
        Fault::InvalidGrant(_) | Fault::Unauthenticated(_) | Fault::InsufficientUserAuthentication { .. } => {
            (StatusCode::BAD_REQUEST, "invalid_grant")
        }
        Fault::UnauthorizedClient(_) | Fault::Forbidden(_) => {
            (StatusCode::BAD_REQUEST, "unauthorized_client")
        }
        Fault::UnsupportedGrantType => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        Fault::InvalidScope(_) | Fault::InsufficientScope(_) => (StatusCode::BAD_REQUEST, "invalid_scope"),
        Fault::UnsupportedResponseType => (StatusCode::BAD_REQUEST, "unsupported_response_type"),
        Fault::RequestUriNotSupported => (StatusCode::BAD_REQUEST, "request_uri_not_supported"),
        Fault::RegistrationNotSupported => (StatusCode::BAD_REQUEST, "registration_not_supported"),
        Fault::InvalidRequestObject(_) => (StatusCode::BAD_REQUEST, "invalid_request_object"),
        Fault::InvalidAuthorizationDetails(_) => (StatusCode::BAD_REQUEST, "invalid_authorization_details"),
        Fault::InvalidTarget(_) => (StatusCode::BAD_REQUEST, "invalid_target"),
        Fault::InteractionNeeded(Needed::Login) => (StatusCode::BAD_REQUEST, "login_required"),
        Fault::InteractionNeeded(Needed::SecondFactor) => (StatusCode::BAD_REQUEST, "interaction_required"),
        Fault::UnmetAuthenticationRequirements => {
            (StatusCode::BAD_REQUEST, "unmet_authentication_requirements")
        }
        Fault::InteractionNeeded(Needed::Account) => (StatusCode::BAD_REQUEST, "account_selection_required"),
        Fault::InteractionNeeded(Needed::Consent) => (StatusCode::BAD_REQUEST, "consent_required"),
        Fault::UnknownUserId => (StatusCode::BAD_REQUEST, "unknown_user_id"),
        Fault::InvalidBindingMessage(_) => (StatusCode::BAD_REQUEST, "invalid_binding_message"),
        Fault::AccessDenied => (StatusCode::BAD_REQUEST, "access_denied"),
        Fault::AuthorizationPending => (StatusCode::BAD_REQUEST, "authorization_pending"),
        Fault::SlowDown => (StatusCode::BAD_REQUEST, "slow_down"),
        Fault::ExpiredToken => (StatusCode::BAD_REQUEST, "expired_token"),
        Fault::TooManyAttempts(_) | Fault::RateLimited(_) => {
            (StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable")
        }
        Fault::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
        Fault::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        Fault::InvalidRequest(_)
        | Fault::NotFound(_)
        | Fault::Conflict(_)
        | Fault::BadField { .. }
        | Fault::BadFields(_)
        | Fault::Stale(_)
        | Fault::Query(_) => (StatusCode::BAD_REQUEST, "invalid_request"),
    }
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
            Fault::SlowDown,
            Fault::ExpiredToken,
            Fault::TooManyAttempts(1),
            Fault::Internal(text()),
            Fault::InvalidRequest(text()),
        ];
        for fault in faults.into_iter().chain(needed.map(Fault::InteractionNeeded)) {
            let (_, code) = oauth_code(&fault);
            assert!(ERROR_CODES.contains(&code), "the list lacks {code}");
        }
    }
}
