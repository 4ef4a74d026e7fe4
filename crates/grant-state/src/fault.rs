use input::Invalid;
use model::writing::FieldError;
use store::StoreError;

/// The reason why a request was refused, by what the caller does next. A surface writes it as its response.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The request is malformed; the text names the place.
    #[error("{0}")]
    InvalidRequest(String),
    /// The request object is invalid; the text has the reason (RFC 9101, section 7).
    #[error("{0}")]
    InvalidRequestObject(String),
    /// The `authorization_details` are invalid (RFC 9396, section 5).
    #[error("{0}")]
    InvalidAuthorizationDetails(String),
    /// The client is unknown or disabled, or failed to authenticate. The response does not distinguish these.
    #[error("the application could not be authenticated")]
    InvalidClient,
    /// The DPoP proof is invalid; the text has the reason (RFC 9449, section 5).
    #[error("{0}")]
    InvalidDpopProof(String),
    /// The DPoP proof needs a nonce of the server, or a newer one (RFC 9449, section 8).
    #[error("the DPoP proof needs the nonce of the header DPoP-Nonce")]
    UseDpopNonce,
    /// The presented grant is not valid. The reason is written to the log only.
    #[error("the grant is not valid")]
    InvalidGrant(Reason),
    /// The client may not use this grant type.
    #[error("{0}")]
    UnauthorizedClient(String),
    /// The grant type is not supported.
    #[error("the grant type is not supported")]
    UnsupportedGrantType,
    /// A requested scope is malformed, or is not one of the client.
    #[error("{0}")]
    InvalidScope(String),
    /// The `request_uri` is an address of the client, which is not fetched (OpenID Connect Core, section 3.1.2.6).
    #[error("the request_uri must be one of a pushed authorization request (RFC 9126)")]
    RequestUriNotSupported,
    /// The request contains the registration of its client (the same section).
    #[error("the parameter 'registration' is not supported: register the application (RFC 7591)")]
    RegistrationNotSupported,
    /// The response type is not `code`.
    #[error("the response type is not supported: use 'code'")]
    UnsupportedResponseType,
    /// The user has to interact, and the client asked for a request without interaction.
    #[error("{}", .0.explain())]
    InteractionNeeded(Needed),
    /// The user has no credentials that are as strong as the client requires.
    #[error("the user has no means of authentication that is strong enough")]
    UnmetAuthenticationRequirements,
    /// The resource server is unknown, or the client may not use it (RFC 8707, section 2).
    #[error("{0}")]
    InvalidTarget(String),
    /// The user denied the request.
    #[error("the request was denied")]
    AccessDenied,
    /// No user of the client matches the hint (OpenID CIBA, section 13).
    #[error("no user that the application may ask matches this hint")]
    UnknownUserId,
    /// The binding message cannot be shown (OpenID CIBA, section 13); the text has the reason.
    #[error("{0}")]
    InvalidBindingMessage(String),
    /// The user has not decided yet (RFC 8628, section 3.5).
    #[error("the request has not been decided yet")]
    AuthorizationPending,
    /// The device polls too often (RFC 8628, section 3.5).
    #[error("poll less often")]
    SlowDown,
    /// The device code expired (RFC 8628, section 3.5).
    #[error("the code has expired")]
    ExpiredToken,
    /// The request has no session and no valid token. The reason is written to the log only.
    #[error("a valid token is needed")]
    Unauthenticated(Reason),
    /// The token lacks a scope.
    #[error("the token lacks the scope '{0}'")]
    InsufficientScope(String),
    /// The user has to authenticate again, or more strongly (RFC 9470, section 3).
    #[error("a more recent or stronger sign-in is needed")]
    InsufficientUserAuthentication {
        /// The accepted levels, separated by spaces; empty if any level is accepted.
        acr_values: String,
        /// The maximum age of the authentication, in seconds.
        max_age: Option<i64>,
    },
    /// The caller may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// The object does not exist, or the caller may not see it.
    #[error("{0}")]
    NotFound(String),
    /// The request conflicts with the current state: a name is taken, a decision was made already.
    #[error("{0}")]
    Conflict(String),
    /// A field has an invalid value.
    #[error("{field}: {message}")]
    BadField {
        /// The field.
        field: &'static str,
        /// The reason.
        message: String,
    },
    /// Members of a body have values that they cannot have; all of them are named.
    #[error("{}", every(.0))]
    BadFields(Vec<FieldError>),
    /// The row has another version than the request names: this one.
    #[error("the row was changed: its version is {0}")]
    Stale(i64),
    /// A query is invalid.
    #[error(transparent)]
    Query(#[from] model::query::QueryError),
    /// Too many attempts; seconds until the next one is allowed.
    #[error("too many attempts; try again in {0} seconds")]
    TooManyAttempts(i64),
    /// A token, a session or a network has reached its rate limit; seconds until the next request is allowed.
    #[error("the rate limit is reached; try again in {0} seconds")]
    RateLimited(u64),
    /// The registry is not available.
    #[error("the service is not available")]
    Unavailable(String),
    /// An internal error. The text is written to the log only.
    #[error("an internal error")]
    Internal(String),
}

/// Returns everything that is wrong as one text.
fn every(fields: &[FieldError]) -> String {
    let each = fields.iter().map(|field| format!("{}: {}", field.target, field.message));
    each.collect::<Vec<_>>().join("; ")
}

/// The interaction that is needed (OpenID Connect Core, section 3.1.2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// A sign-in.
    Login,
    /// A second factor.
    SecondFactor,
    /// The choice of an account.
    Account,
    /// A consent.
    Consent,
}

impl Needed {
    const fn explain(self) -> &'static str {
        match self {
            Self::Login => "no user is signed in",
            Self::SecondFactor => "the user has to show a second factor",
            Self::Account => "the user has to choose an account",
            Self::Consent => "the user has not given this consent",
        }
    }
}

/// The reason why a grant or a token is not valid. For logs, not for clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing was presented.
    Missing,
    /// Its form or checksum is wrong.
    Malformed,
    /// It is not in the registry.
    Unknown,
    /// It was revoked.
    Revoked,
    /// It was consumed.
    Consumed,
    /// It is a one-time grant and was presented a second time.
    Reused,
    /// Its redirect URI or its PKCE verifier does not match.
    WrongProof,
    /// It has expired.
    Expired,
    /// Its client was removed or is disabled.
    ApplicationDisabled,
    /// Its user was removed or is inactive.
    UserInactive,
    /// Its user has to show a second factor, and has not.
    SecondFactorMissing,
    /// It is a grant of another kind.
    WrongKind,
    /// It belongs to another client.
    WrongApplication,
    /// It may not be used from this address.
    WrongAddress,
    /// Its audience does not include the requested resource server (RFC 8707).
    WrongAudience,
    /// It is bound to a key, and was presented without a proof of it.
    ProofMissing,
    /// It is not bound to a key, and was presented as if it were.
    NotBound,
    /// It is bound to another key.
    WrongKey,
    /// It is bound to a certificate other than that of the connection.
    WrongCertificate,
    /// It came as the password of basic authentication, which its application or its user does not allow.
    BasicNotAllowed,
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Query(error) => Self::Query(error),
            StoreError::ParentGone => Self::InvalidGrant(Reason::Revoked),
            StoreError::Duplicate => Self::Conflict("it exists already".to_owned()),
            StoreError::Unavailable(what) => Self::Unavailable(what),
            StoreError::NulCharacter => Self::InvalidRequest(error.to_string()),
            StoreError::Conflict => Self::Unavailable(error.to_string()),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<Invalid> for Fault {
    fn from(error: Invalid) -> Self {
        match error {
            Invalid::Request(message) => Self::InvalidRequest(message),
            Invalid::AuthorizationDetails(message) => Self::InvalidAuthorizationDetails(message),
            Invalid::Scope(message) => Self::InvalidScope(message),
            Invalid::Field { field, message } => Self::BadField { field, message },
            Invalid::Exceeds(message) => Self::Forbidden(message),
            Invalid::Stored(message) => Self::Internal(message),
        }
    }
}

macro_rules! internal {
    ($($error:ty),+) => { $(
        impl From<$error> for Fault {
            fn from(error: $error) -> Self {
                Self::Internal(error.to_string())
            }
        }
    )+ };
}

internal!(
    token::RandomError,
    token::seal::SealError,
    token::jose::JoseError,
    token::password::PasswordError,
    serde_json::Error
);
