//! The reference: a page for everything public, generated from declarations only.
//!
//! [`Declared`] has the declarations: entities, the GraphQL schema by introspection, and plain lists. [`make`] creates pages
//! ([`page::Page`]) from them, which [`mod@write`] writes as Markdown and HTML. The crate does no I/O; the same declarations
//! result in the same bytes.

pub mod asyncapi;
mod concepts;
mod data_types;
mod declared;
mod entities;
mod graphql;
pub mod http;
mod index;
pub mod introspection;
mod lists;
mod namespaces;
pub mod openapi;
pub mod page;
mod prose;
pub mod site;
pub mod write;

pub use declared::{
    Command, CommandOption, ConfigurationSection, Declared, Event, Metric, MetricKind, MetricLabel, Scope,
};
pub use lists::errors::codes as error_codes;
pub use site::Site;
pub use write::File;

/// The pages of the reference, and the files for programs.
pub fn make(declared: &Declared) -> Site {
    let mut site = Site { version: declared.version.clone(), ..Site::default() };
    site.files = files(declared);
    graphql::add(&mut site, &declared.schema);
    namespaces::add(&mut site, &declared.entities, &declared.base_url);
    site.single(namespaces::GROUP, data_types::page(&declared.entities, &declared.csdl));
    site.single(namespaces::GROUP, concepts::aggregates());
    site.single(namespaces::GROUP, concepts::capabilities());
    lists::endpoints::add(&mut site, &declared.endpoints);
    lists::events::add(&mut site, &declared.events, &declared.schema);
    site.single(lists::GROUP, lists::scopes::page(&declared.scopes));
    site.single(lists::GROUP, lists::errors::page(declared.errors));
    site.single(lists::GROUP, lists::metrics::page(&declared.metrics));
    site.single(
        lists::GROUP,
        lists::settings::page(&declared.configuration, &declared.configuration_sections),
    );
    lists::commands::add(&mut site, &declared.commands);
    index::add(&mut site);
    site
}

/// The descriptions for programs.
fn files(declared: &Declared) -> Vec<(&'static str, String)> {
    let openapi = openapi::document(&declared.endpoints, &declared.version, &declared.base_url);
    let asyncapi =
        asyncapi::document(&declared.events, &declared.schema, &declared.version, &declared.base_url);
    vec![
        (lists::endpoints::FILE, pretty(&openapi)),
        (lists::events::FILE, pretty(&asyncapi)),
        (lists::settings::FILE, pretty(&declared.configuration)),
        ("schema.graphql", declared.sdl.clone()),
    ]
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}
