//! The scopes that a request asks for.

use input::Params;
use input::scopes::is_scope_token;

use crate::{Ctx, Fault, Scopes};

/// What a request is granted of some scopes: what its parameter `scope` names, or all of them where it has none.
///
/// # Errors
/// [`Fault::InvalidScope`] where the parameter is malformed, or names nothing that there is, or a scope that there is but that
/// may not be granted.
pub(crate) fn granted(ctx: &Ctx, own: &Scopes, params: &Params) -> Result<Scopes, Fault> {
    Ok(own.grant(&asked(ctx, params)?)?)
}

/// The same, of scopes that were granted before: without a parameter `scope`, those that are granted by name alone stay.
///
/// # Errors
/// As [`granted`].
pub(crate) fn narrowed(ctx: &Ctx, own: &Scopes, params: &Params) -> Result<Scopes, Fault> {
    Ok(own.narrowed(&asked(ctx, params)?)?)
}

fn asked(ctx: &Ctx, params: &Params) -> Result<Scopes, Fault> {
    params.get("scope").map_or_else(|| Ok(Scopes::default()), |text| known(ctx, text))
}

/// Those of the scopes in a text that the catalogue has, retired ones included. The others are left out (OpenID Connect Core,
/// section 3.1.2.1), and the answer says what was granted (RFC 6749, section 5.1); the operator can have them refused.
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
