use input::Params;
use input::text::Line;

use crate::authorization::nonce;
use authority::catalogue::requested;
use authority::tokens::audience;
use authority::{AuthorizationDetails, Client, Ctx, Fault, Scopes};

/// The parameters of a request (RFC 8628, section 3.1).
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) scopes: Scopes,
    /// Extension: the description of the client.
    pub(super) description: Option<String>,
    /// Extension: the nonce for the ID token.
    pub(super) nonce: Option<String>,
    pub(super) resources: Vec<String>,
    pub(super) details: AuthorizationDetails,
}

/// Maximum length of a description, in characters.
const MAX_DESCRIPTION: usize = 128;

impl Asked {
    /// Reads a request. RFC 8707 and RFC 9396 apply to it as well.
    pub(super) fn read(ctx: &Ctx, application: &Client, params: &Params) -> Result<Self, Fault> {
        Ok(Self {
            scopes: requested::granted(ctx, &application.scopes, params)?,
            description: description(params)?,
            nonce: nonce(params)?,
            resources: audience::asked(ctx, application, params)?,
            details: AuthorizationDetails::asked(&application.metadata, params)?,
        })
    }
}

fn description(params: &Params) -> Result<Option<String>, Fault> {
    let Some(text) = params.get("description") else { return Ok(None) };
    let bad = |message: String| Fault::BadField { field: "description", message };
    let line = Line::parse(text).map_err(|unfit| bad(unfit.to_string()))?;
    if text.chars().count() > MAX_DESCRIPTION {
        return Err(bad(format!("at most {MAX_DESCRIPTION} characters in one line are allowed")));
    }
    Ok(Some(line.into()))
}
