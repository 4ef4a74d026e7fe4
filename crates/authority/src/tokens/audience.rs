//! Audiences of tokens (RFC 8707).

use input::{Audience, Params};

use crate::{Client, Ctx, Fault};

/// Returns the default audience: our own interfaces.
pub(crate) fn default(ctx: &Ctx) -> String {
    format!("{}/api", ctx.settings().public_url)
}

/// Returns whether a resource server is one of our interfaces.
pub fn is_own(ctx: &Ctx, service: &str) -> bool {
    within(service, &ctx.settings().public_url)
}

/// Returns whether an audience includes a resource server. An empty audience includes all of our interfaces.
pub(crate) fn covers(ctx: &Ctx, audience: &[String], service: &str) -> bool {
    let own = is_own(ctx, service);
    let named = |named: &String| within(service, named) || (own && *named == default(ctx));
    if audience.is_empty() { own } else { audience.iter().any(named) }
}

/// Returns whether a resource server is part of a consent. An empty consent includes our interfaces. One of our interfaces
/// includes all paths below it; other resource servers match exactly.
pub fn agreed(ctx: &Ctx, agreed: &[String], service: &str) -> bool {
    agreed.iter().any(|named| named == service) || (is_own(ctx, service) && covers(ctx, agreed, service))
}

/// Returns whether all requested resource servers are part of a consent.
pub fn all_agreed(ctx: &Ctx, agreed_to: &[String], asked: &[String]) -> bool {
    if asked.is_empty() {
        return covers(ctx, agreed_to, &default(ctx));
    }
    asked.iter().all(|service| agreed(ctx, agreed_to, service))
}

/// Returns whether a URL is another one, or is below it.
pub(crate) fn within(address: &str, other: &str) -> bool {
    let rest = address.strip_prefix(other.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Reads the resource servers that a client requests: our interfaces, those of the catalogue, and those of the client (RFC
/// 8707, section 2).
///
/// # Errors
/// [`Fault::InvalidTarget`] for an unknown one.
pub fn asked(ctx: &Ctx, application: &Client, params: &Params) -> Result<Vec<String>, Fault> {
    let mut asked: Vec<String> = params.all("resource").map(str::to_owned).collect();
    asked.dedup();
    let catalogue = ctx.catalogue();
    let known = |service: &String| {
        is_own(ctx, service)
            || application.metadata.resources.contains(service)
            || catalogue.resource(service).is_some()
    };
    if asked.iter().all(|service| known(service) && !service.contains('#')) {
        Ok(asked)
    } else {
        Err(Fault::InvalidTarget("there is no such resource here".to_owned()))
    }
}

/// Returns those resource servers of a consent that are requested for this token; all of them, if none is named.
///
/// # Errors
/// [`Fault::InvalidTarget`] for one outside of the consent.
pub fn narrowed(
    ctx: &Ctx,
    application: &Client,
    params: &Params,
    agreed: Vec<String>,
) -> Result<Vec<String>, Fault> {
    let asked = asked(ctx, application, params)?;
    if asked.is_empty() {
        return Ok(agreed);
    }
    if all_agreed(ctx, &agreed, &asked) {
        return Ok(asked);
    }
    Err(Fault::InvalidTarget("the user did not consent to this resource".to_owned()))
}

/// Returns the claim `aud` of a token for these resource servers.
pub(crate) fn claim(ctx: &Ctx, resources: &[String]) -> Audience {
    match resources {
        [] => Audience::One(default(ctx)),
        [one] => Audience::One(one.clone()),
        many => Audience::Many(many.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_within_another_by_whole_segments() {
        for (address, other, expected) in [
            ("https://a.example/api", "https://a.example/api", true),
            ("https://a.example/api/x", "https://a.example/api", true),
            ("https://a.example/api/x", "https://a.example/api/", true),
            ("https://a.example/apis", "https://a.example/api", false),
            ("https://a.example.evil", "https://a.example", false),
            ("https://a.example", "https://a.example/api", false),
        ] {
            assert_eq!(within(address, other), expected, "{address} in {other}");
        }
    }
}
