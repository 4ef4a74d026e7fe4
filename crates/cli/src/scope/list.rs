//! `grantor scope list`.

use clap::Args;
use model::Record as _;

use crate::context::Context;
use crate::listing::{ListArgs, Listing, text};

/// List the scopes of the catalogue by their names
#[derive(Args)]
#[command(after_help = "Example:\n  grantor scope list")]
pub struct ListScopesArgs {
    #[command(flatten)]
    list: ListArgs,
}

/// Lists the scopes.
pub(super) fn run(context: &Context, args: &ListScopesArgs) -> anyhow::Result<()> {
    let listing = Listing {
        entity: model::entities::Scope::entity(),
        expand: "",
        order_by: "Name",
        headings: &[
            "NAME",
            "DISPLAY NAME",
            "DESCRIPTION",
            "ACTIVE",
            "DEFAULT",
            "ADMINISTRATORS ONLY",
            "BUILT IN",
        ],
        cells: |row, _now| {
            let properties = [
                "Name",
                "DisplayName",
                "Description",
                "IsActive",
                "IsDefault",
                "AdministratorsOnly",
                "IsBuiltIn",
            ];
            properties.iter().map(|property| text(row, property)).collect()
        },
    };
    listing.run(context, &args.list)
}
