use std::path::PathBuf;

use anyhow::bail;
use authority::Settings;
use graphql::Limits;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::rate_limit::RateLimits;

use super::Subject;

/// How much the APIs answer.
#[derive(Deserialize, JsonSchema, Serialize)]
pub(crate) struct Apis {
    /// How many rows a page of OData has unless asked otherwise.
    #[schemars(range(min = 1))]
    odata_page_size: u32,
    /// How many rows a page of OData has at the most.
    #[schemars(range(min = 1))]
    odata_max_page_size: u32,
    /// What an operation of GraphQL may cost.
    #[schemars(range(min = 1))]
    graphql_max_cost: u64,
    /// How deep its fields may be nested.
    #[schemars(range(min = 1))]
    graphql_max_depth: u64,
    /// How many tokens its document may have.
    #[schemars(range(min = 1))]
    graphql_max_tokens: u64,
    /// How many aliases it may have.
    graphql_max_aliases: u64,
    /// How many fields of the root it may ask for.
    #[schemars(range(min = 1))]
    graphql_max_root_fields: u64,
    /// How many requests of GraphQL one body may have.
    #[schemars(range(min = 1))]
    graphql_max_batch: u64,
    /// How long a query of GraphQL may take, in seconds.
    #[schemars(range(min = 1))]
    graphql_timeout: u64,
    /// How many subscriptions one user may have open at a time.
    graphql_max_subscriptions: u64,
    /// How many points a token or a session may use of the APIs within a minute: OData costs a point for each request
    /// and each row, GraphQL the cost of its operations. 0 is no limit.
    api_rate_limit: u64,
    /// How many points all requests of a network may use within a minute: an IPv4 address, or an IPv6 network of 64
    /// bits. 0 is no limit.
    api_network_rate_limit: u64,
    /// How many programs answer for the same registry. Each of them allows its share of the rate limits.
    #[schemars(range(min = 1))]
    nodes: u32,
    /// Whether GraphQL tells its schema.
    graphql_introspection: bool,
    /// The folder or file of the documents that GraphQL knows by their hashes.
    pub(crate) graphql_documents: Option<PathBuf>,
    /// Whether GraphQL runs those documents alone.
    pub(crate) graphql_only_documents: bool,
}

impl Default for Apis {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            odata_page_size: 100,
            odata_max_page_size: 1000,
            graphql_max_cost: limits.cost,
            graphql_max_depth: limits.depth,
            graphql_max_tokens: limits.tokens,
            graphql_max_aliases: limits.aliases,
            graphql_max_root_fields: limits.root_fields,
            graphql_max_batch: limits.batch,
            graphql_timeout: limits.seconds,
            graphql_max_subscriptions: limits.subscriptions,
            api_rate_limit: 600_000,
            api_network_rate_limit: 2_400_000,
            nodes: 1,
            graphql_introspection: limits.introspection,
            graphql_documents: None,
            graphql_only_documents: false,
        }
    }
}

impl Subject for Apis {
    fn check(&self) -> anyhow::Result<()> {
        let (usual, most) = (self.odata_page_size, self.odata_max_page_size);
        if usual > most {
            bail!("odata_page_size is no greater than odata_max_page_size, {most}; not {usual}");
        }
        if self.graphql_only_documents && self.graphql_documents.is_none() {
            bail!("graphql_only_documents needs graphql_documents: otherwise nothing could run");
        }
        Ok(())
    }

    fn tell(&self, settings: &mut Settings) {
        settings.odata_page_size = self.odata_page_size.into();
        settings.odata_max_page_size = self.odata_max_page_size.into();
    }
}

impl Apis {
    /// This program's share of the rate limits.
    pub(crate) fn rate_limits(&self) -> RateLimits {
        let share = |points: u64| points.div_ceil(self.nodes.max(1).into());
        RateLimits::new(share(self.api_rate_limit), share(self.api_network_rate_limit))
    }

    /// How much GraphQL answers at once.
    pub(crate) const fn graphql_limits(&self) -> Limits {
        Limits {
            cost: self.graphql_max_cost,
            depth: self.graphql_max_depth,
            tokens: self.graphql_max_tokens,
            aliases: self.graphql_max_aliases,
            root_fields: self.graphql_max_root_fields,
            batch: self.graphql_max_batch,
            seconds: self.graphql_timeout,
            subscriptions: self.graphql_max_subscriptions,
            introspection: self.graphql_introspection,
        }
    }
}
