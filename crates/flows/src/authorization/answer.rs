use serde_json::{Map, Value};
use token::jose::Algorithm;

use authority::oidc::keys::Purpose;
use authority::{Client, Ctx, Fault};

/// How the browser returns a response to the client (OAuth 2.0 Multiple Response Types; JARM).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseMode {
    /// In the query of the redirect URI.
    Query,
    /// In its fragment.
    Fragment,
    /// In a form that is posted to it.
    FormPost,
}

/// The supported values of `response_mode`: the place of the response, and whether it is a JWT.
const MODES: [(&str, ResponseMode, bool); 7] = [
    ("query", ResponseMode::Query, false),
    ("fragment", ResponseMode::Fragment, false),
    ("form_post", ResponseMode::FormPost, false),
    // JARM, section 2.3.4: for codes, `jwt` is `query.jwt`.
    ("jwt", ResponseMode::Query, true),
    ("query.jwt", ResponseMode::Query, true),
    ("fragment.jwt", ResponseMode::Fragment, true),
    ("form_post.jwt", ResponseMode::FormPost, true),
];

/// The verified destination of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnAddress {
    /// The registered redirect URI.
    pub redirect_uri: String,
    /// The response mode.
    pub mode: ResponseMode,
    /// Whether the client registered itself, so that its redirect URI is unverified.
    pub registered_itself: bool,
    signed: bool,
    client_id: String,
    algorithm: Algorithm,
    state: Option<String>,
}

impl ReturnAddress {
    /// Returns the names of all response modes.
    pub fn modes() -> impl Iterator<Item = &'static str> {
        MODES.iter().map(|(name, ..)| *name)
    }

    pub(super) fn new(application: &Client, redirect_uri: String, state: Option<&str>) -> Self {
        Self {
            redirect_uri,
            mode: ResponseMode::Query,
            registered_itself: application.metadata.registered_itself,
            signed: false,
            client_id: application.application_uri.clone(),
            algorithm: application.metadata.authorization_signed_response_alg.unwrap_or(Algorithm::Rs256),
            state: state.map(str::to_owned),
        }
    }

    /// Sets the response mode.
    ///
    /// # Errors
    /// [`Fault::InvalidRequest`] for an unknown one.
    pub(super) fn answer_by(&mut self, mode: &str) -> Result<(), Fault> {
        let known = MODES.iter().find(|(name, ..)| *name == mode);
        let (_, mode, signed) =
            known.ok_or_else(|| Fault::InvalidRequest("the response mode is not supported".to_owned()))?;
        (self.mode, self.signed) = (*mode, *signed);
        Ok(())
    }
}

/// An authorization response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The redirect URI.
    pub redirect_uri: String,
    /// The response mode.
    pub mode: ResponseMode,
    /// The fields.
    pub fields: Vec<(&'static str, String)>,
}

impl Answer {
    /// Creates a response with `state` and `iss` (RFC 9207).
    ///
    /// # Errors
    /// [`Fault::Internal`] if it cannot be signed.
    pub fn new(
        ctx: &Ctx,
        to: &ReturnAddress,
        fields: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Result<Self, Fault> {
        let mut fields: Vec<_> = fields.into_iter().collect();
        fields.extend(to.state.as_ref().map(|state| ("state", state.clone())));
        fields.push(("iss", ctx.settings().issuer()));
        if to.signed {
            fields = vec![("response", sign(ctx, to, fields)?)];
        }
        Ok(Self { redirect_uri: to.redirect_uri.clone(), mode: to.mode, fields })
    }

    /// Creates an error response (RFC 6749, section 4.1.2.1).
    ///
    /// # Errors
    /// Those of [`Answer::new`].
    pub fn refusal(ctx: &Ctx, to: &ReturnAddress, code: &str, description: &str) -> Result<Self, Fault> {
        Self::new(ctx, to, [("error", code.to_owned()), ("error_description", description.to_owned())])
    }
}

/// JARM, section 2.1.
fn sign(ctx: &Ctx, to: &ReturnAddress, fields: Vec<(&'static str, String)>) -> Result<String, Fault> {
    let mut claims: Map<String, Value> =
        fields.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    claims.insert("aud".to_owned(), to.client_id.as_str().into());
    let lifetime = Purpose::AuthorizationAnswer.lifetime(ctx.settings());
    claims.insert("exp".to_owned(), ctx.now.plus_seconds(lifetime).seconds().into());
    ctx.authority().signing().sign(to.algorithm, Purpose::AuthorizationAnswer, &claims, ctx.now)
}
