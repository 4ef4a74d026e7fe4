//! `grantor resource list`.

use clap::Args;
use model::Record as _;

use crate::context::Context;
use crate::listing::{ListArgs, Listing, text};

/// List the resource servers for which clients can request tokens
#[derive(Args)]
#[command(after_help = "Example:\n  grantor resource list")]
pub struct ListResourcesArgs {
    #[command(flatten)]
    list: ListArgs,
}

/// Lists the resource servers.
pub(super) fn run(context: &Context, args: &ListResourcesArgs) -> anyhow::Result<()> {
    let listing = Listing {
        entity: model::entities::Resource::entity(),
        expand: "",
        order_by: "Identifier",
        headings: &["IDENTIFIER", "NAME", "SCOPES", "LIFETIME", "FORMAT", "ACTIVE"],
        cells: |row, _now| {
            let properties =
                ["Identifier", "Name", "Scope", "AccessTokenLifetime", "AccessTokenFormat", "IsActive"];
            properties.iter().map(|property| text(row, property)).collect()
        },
    };
    listing.run(context, &args.list)
}
