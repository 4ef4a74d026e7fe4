//! Requested scopes.

use input::Params;
use input::scopes::is_scope_token;

use crate::{Ctx, Fault, Scopes};

/// Returns the granted scopes of a request: those of its parameter `scope`, or all that may be granted, if it has none.
///
/// # Errors
/// [`Fault::InvalidScope`] if the parameter is malformed, has no known scope, or has a known scope that may not be granted.
pub fn granted(ctx: &Ctx, own: &Scopes, params: &Params) -> Result<Scopes, Fault> {
    Ok(own.grant(&asked(ctx, params)?)?)
}

/// Returns the granted scopes of a request, of those that were granted before. Without a parameter `scope`, scopes that are
/// granted only by name stay.
///
/// # Errors
/// Those of [`granted`].
pub fn narrowed(ctx: &Ctx, own: &Scopes, params: &Params) -> Result<Scopes, Fault> {
    Ok(own.narrowed(&asked(ctx, params)?)?)
}

fn asked(ctx: &Ctx, params: &Params) -> Result<Scopes, Fault> {
    params.get("scope").map_or_else(|| Ok(Scopes::default()), |text| known(ctx, text))
}

/// Returns the known scopes of a text, including retired ones. Unknown ones are ignored (OpenID Connect Core, section 3.1.2.1),
/// and the response has the granted ones (RFC 6749, section 5.1); a setting refuses them instead.
fn known(ctx: &Ctx, text: &str) -> Result<Scopes, Fault> {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    if words.is_empty() || !words.iter().all(|word| is_scope_token(word)) {
        let message =
            "scopes are visible ASCII characters, without quotes and backslashes, separated by spaces";
        return Err(Fault::InvalidScope(message.to_owned()));
    }
    let catalogue = ctx.catalogue();
    let (known, unknown): (Vec<&str>, Vec<&str>) = words.into_iter().partition(|word| catalogue.has(word));
    match unknown.first() {
        Some(unknown) if known.is_empty() || ctx.settings().clients.strict_scopes => {
            let unknown: String = unknown.chars().take(64).collect();
            Err(Fault::InvalidScope(format!("there is no scope '{unknown}'")))
        }
        _ => Ok(Scopes::from_names(known)?),
    }
}
