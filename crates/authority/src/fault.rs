use input::Invalid;
use store::StoreError;

/// Why something was not done, by what the caller does next. A surface turns it into its answer.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The request is malformed; the text says where.
    #[error("{0}")]
    InvalidRequest(String),
    /// A signed request is not right; the text says why (RFC 9101, section 7).
    #[error("{0}")]
    InvalidRequestObject(String),
    /// The details of what is asked for are not right (RFC 9396, section 5).
    #[error("{0}")]
    InvalidAuthorizationDetails(String),
    /// The application is unknown or disabled, or did not prove who it is: which of them is not told.
    #[error("the application could not be authenticated")]
    InvalidClient,
    /// The proof of a key is not right; the text says why (RFC 9449, section 5).
    #[error("{0}")]
    InvalidDpopProof(String),
    /// The proof of a key needs a nonce of the server, or a newer one (RFC 9449, section 8).
    #[error("the DPoP proof needs the nonce of the header DPoP-Nonce")]
    UseDpopNonce,
    /// The grant presented is not valid; the reason goes to the log alone.
    #[error("the grant is not valid")]
    InvalidGrant(Reason),
    /// The application may not use this kind of grant.
    #[error("{0}")]
    UnauthorizedClient(String),
    /// The kind of grant is not offered.
    #[error("the grant type is not supported")]
    UnsupportedGrantType,
    /// A permission asked for is malformed, or is none that the application has.
    #[error("{0}")]
    InvalidScope(String),
    /// A request stands at an address of the application, which is not fetched (OpenID Connect Core, section 3.1.2.6).
    #[error("a request_uri is one that was pushed ahead (RFC 9126)")]
    RequestUriNotSupported,
    /// A request has the registration of its application in it (the same).
    #[error("the parameter 'registration' is not supported: register the application (RFC 7591)")]
    RegistrationNotSupported,
    /// The authorization endpoint gives nothing but codes.
    #[error("the response type is not supported: ask for a code")]
    UnsupportedResponseType,
    /// The person has to do something, and the application asked that nothing be shown.
    #[error("{}", .0.explain())]
    InteractionNeeded(Needed),
    /// The person cannot prove who they are as strongly as the application needs it.
    #[error("the person has no means of authentication that is strong enough")]
    UnmetAuthenticationRequirements,
    /// A token is asked for a service that there is none of, or none that the application may use (RFC 8707, section 2).
    #[error("{0}")]
    InvalidTarget(String),
    /// The person said no.
    #[error("the request was denied")]
    AccessDenied,
    /// There is nobody by this hint who could be asked (OpenID CIBA, section 13).
    #[error("there is nobody by this hint whom the application could ask")]
    UnknownUserId,
    /// What the person is to see besides cannot be shown (OpenID CIBA, section 13); the text says why.
    #[error("{0}")]
    InvalidBindingMessage(String),
    /// The person has not decided yet (RFC 8628, section 3.5).
    #[error("the request has not been decided yet")]
    AuthorizationPending,
    /// The device asks too often (RFC 8628, section 3.5).
    #[error("ask less often")]
    SlowDown,
    /// The device code expired (RFC 8628, section 3.5).
    #[error("the code has expired")]
    ExpiredToken,
    /// Nobody is signed in, or the token presented is not valid; the reason goes to the log alone.
    #[error("a valid token is needed")]
    Unauthenticated(Reason),
    /// The token lacks a permission.
    #[error("the token lacks the scope '{0}'")]
    InsufficientScope(String),
    /// The person has to sign in again or more strongly (RFC 9470, section 3).
    #[error("a more recent or stronger sign-in is needed")]
    InsufficientUserAuthentication {
        /// The levels of which one is needed, separated by spaces; any where there is none.
        acr_values: String,
        /// How long ago the sign-in may be at most, in seconds.
        max_age: Option<i64>,
    },
    /// The caller may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing, or none that the caller may see.
    #[error("{0}")]
    NotFound(String),
    /// Something stands in the way: a name that is taken, a decision already made.
    #[error("{0}")]
    Conflict(String),
    /// A field of a form has a value that it cannot have.
    #[error("{field}: {message}")]
    BadField {
        /// The field.
        field: &'static str,
        /// What it should be.
        message: String,
    },
    /// A question to the registry is refused.
    #[error(transparent)]
    Query(#[from] model::query::QueryError),
    /// Too many attempts.
    #[error("too many attempts; try again in {0} seconds")]
    TooManyAttempts(i64),
    /// A token, a session or a network used what it may use for now.
    #[error("the rate limit is reached; try again in {0} seconds")]
    RateLimited(u64),
    /// The registry cannot be reached now.
    #[error("the service is not available now")]
    Unavailable(String),
    /// Something that should not happen; the text goes to the log alone.
    #[error("an internal error")]
    Internal(String),
}

/// What a person has to do (OpenID Connect Core, section 3.1.2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// Sign in.
    Login,
    /// Prove who they are by a second factor.
    SecondFactor,
    /// Choose an account.
    Account,
    /// Agree.
    Consent,
}

impl Needed {
    const fn explain(self) -> &'static str {
        match self {
            Self::Login => "nobody is signed in who could be asked nothing",
            Self::SecondFactor => "the person has to show a second factor",
            Self::Account => "the person has to choose an account",
            Self::Consent => "the person has not agreed to this",
        }
    }
}

/// Why a grant or a token is not valid. For logs, not for clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing was presented.
    Missing,
    /// Its form or checksum is wrong.
    Malformed,
    /// The registry does not know it.
    Unknown,
    /// It was revoked.
    Revoked,
    /// It was used up.
    Consumed,
    /// It works once and was presented a second time.
    Reused,
    /// What came with it does not fit it: its redirect URI or its PKCE verifier.
    WrongProof,
    /// It has expired.
    Expired,
    /// Its application is gone or disabled.
    ApplicationDisabled,
    /// Its user is gone or inactive.
    UserInactive,
    /// Its user has to prove who they are by a second factor, and has not.
    SecondFactorMissing,
    /// It is a grant of another kind.
    WrongKind,
    /// It belongs to another application.
    WrongApplication,
    /// It may not be used from this address.
    WrongAddress,
    /// It is for other services than the one that is asked (RFC 8707).
    WrongAudience,
    /// It is bound to a key, and came without a proof of it.
    ProofMissing,
    /// It is bound to no key, and came as if it were.
    NotBound,
    /// It is bound to another key.
    WrongKey,
    /// It is bound to another certificate than the one of the connection.
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
