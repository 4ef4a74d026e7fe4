//! For which services a token is (RFC 8707).

use input::{Audience, Params};

use crate::{Client, Ctx, Fault};

/// The audience of tokens that name none: our own interfaces.
pub(crate) fn default(ctx: &Ctx) -> String {
    format!("{}/api", ctx.settings().public_url)
}

/// Whether a service is one of ours.
pub(crate) fn is_own(ctx: &Ctx, service: &str) -> bool {
    within(service, &ctx.settings().public_url)
}

/// Whether a token for this audience is for a service as well. Without any it is for all of ours.
pub(crate) fn covers(ctx: &Ctx, audience: &[String], service: &str) -> bool {
    let own = is_own(ctx, service);
    let named = |named: &String| within(service, named) || (own && *named == default(ctx));
    if audience.is_empty() { own } else { audience.iter().any(named) }
}

/// Whether a service is among those that somebody agreed to. Without any they agreed to ours. One of ours includes what lies
/// below it; those of others are known by their exact names.
pub(crate) fn agreed(ctx: &Ctx, agreed: &[String], service: &str) -> bool {
    agreed.iter().any(|named| named == service) || (is_own(ctx, service) && covers(ctx, agreed, service))
}

/// Whether everything for which a request asks is among the services that somebody agreed to.
pub(crate) fn all_agreed(ctx: &Ctx, agreed_to: &[String], asked: &[String]) -> bool {
    if asked.is_empty() {
        return covers(ctx, agreed_to, &default(ctx));
    }
    asked.iter().all(|service| agreed(ctx, agreed_to, service))
}

/// Whether an address is another one, or lies below it.
pub(crate) fn within(address: &str, other: &str) -> bool {
    let rest = address.strip_prefix(other.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The services for which an application asks for a token: ours, those of the catalogue, and those
/// that are known to be for it (RFC 8707, section 2).
///
/// # Errors
/// [`Fault::InvalidTarget`] for a service that there is none of.
pub(crate) fn asked(ctx: &Ctx, application: &Client, params: &Params) -> Result<Vec<String>, Fault> {
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

/// Those of the services that were agreed on for which this token is asked; all of them where none is named.
///
/// # Errors
/// [`Fault::InvalidTarget`] for one that was not agreed on.
pub(crate) fn narrowed(
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
    Err(Fault::InvalidTarget("the person did not agree to this resource".to_owned()))
}

/// Returns the claim `aud` of a token for these services.
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
