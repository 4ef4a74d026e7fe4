//! The reference of this program: its declarations, in the types of the crate `reference`.

pub(crate) mod command;
mod commands;
mod events;
mod files;
mod serve;

use anyhow::{Context as _, anyhow};
use authority::scopes::{BUILT_IN, BuiltIn};
use odata::negotiate::Version;
use reference::http::Endpoint;
use reference::{ConfigurationSection, Declared, Scope, introspection};
use web::metrics;

use crate::config;
pub(crate) use serve::endpoints;

/// The error guide, which has every code.
const ERRORS: &str = include_str!("../../../../docs/guide/errors.md");

/// Returns everything public that the program declares. Examples use the server at `base_url`.
///
/// # Errors
/// If the program cannot describe itself, which is a bug.
async fn declared(base_url: &str, endpoints: &[Endpoint]) -> anyhow::Result<Declared> {
    let scope =
        |scope: &BuiltIn| Scope { name: scope.name.to_owned(), description: scope.description.to_owned() };
    Ok(Declared {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        base_url: base_url.trim_end_matches('/').to_owned(),
        entities: model::entities().collect(),
        csdl: serde_json::from_slice(&odata::metadata::metadata_json(Version::V4_01)).context("$metadata")?,
        schema: schema().await?,
        sdl: graphql::sdl().to_owned(),
        scopes: BUILT_IN.iter().map(scope).collect(),
        errors: ERRORS,
        commands: commands::all(),
        configuration: config::schema(),
        configuration_sections: config::sections().into_iter().map(section).collect(),
        endpoints: endpoints.to_vec(),
        events: events::ALL.to_vec(),
        metrics: metrics::ALL.map(|(_, metric)| metric).to_vec(),
    })
}

/// Returns a section of the configuration with its keys.
fn section(section: config::Section) -> ConfigurationSection {
    ConfigurationSection {
        title: section.title,
        keys: section.properties.into_iter().map(|(key, _)| key).collect(),
    }
}

async fn schema() -> anyhow::Result<introspection::Schema> {
    let answer = graphql::introspect(introspection::QUERY).await;
    if let Some(error) = answer.errors.first() {
        return Err(anyhow!("the GraphQL schema: {}", error.message));
    }
    let document: introspection::Document = serde_json::from_value(answer.data.into_json()?)?;
    Ok(document.schema)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use web::error_codes::ERROR_CODES;

    /// The tables of the guide also have pages, by their paths.
    #[test]
    fn the_guide_has_every_error_code() {
        let guide = ::reference::error_codes(ERRORS);
        let guide: BTreeSet<_> =
            guide.iter().map(String::as_str).filter(|code| !code.starts_with('/')).collect();
        assert_eq!(guide, BTreeSet::from(ERROR_CODES), "docs/guide/errors.md and the list differ");
    }

    #[test]
    fn the_guide_has_every_code_of_a_detail() {
        let guide = include_str!("../../../../docs/guide/odata-writing.md");
        for code in model::writing::codes::ALL {
            assert!(guide.contains(&format!("`{code}`")), "docs/guide/odata-writing.md lacks {code}");
        }
    }
}
