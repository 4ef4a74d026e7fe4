//! `grantor app list`.

use clap::Args;

use crate::context::Context;
use crate::json::Json;
use crate::listing::{ListArgs, Listing, text};

/// List applications by their names
#[derive(Args)]
#[command(after_help = "Example:\n  grantor app list")]
pub struct ListAppsArgs {
    #[command(flatten)]
    list: ListArgs,
}

/// Lists the applications.
pub(super) fn run(context: &Context, args: &ListAppsArgs) -> anyhow::Result<()> {
    let listing = Listing {
        entity: super::entity(),
        expand: "",
        order_by: "Name",
        headings: &["CLIENT ID", "NAME", "TYPE", "ENABLED", "SCOPES", "TOKENS CREATED BY"],
        cells: |row, _now| cells(row),
    };
    listing.run(context, &args.list)
}

fn cells(row: &Json) -> Vec<String> {
    let properties = ["ApplicationUri", "Name", "ClientType", "IsEnabled", "Scope", "ReferenceTokens"];
    properties.iter().map(|property| text(row, property)).collect()
}
