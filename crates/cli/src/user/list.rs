//! `grantor user list`.

use clap::Args;
use model::Record as _;

use crate::context::Context;
use crate::json::Json;
use crate::listing::{ListArgs, Listing, text};

/// List users by their logins
#[derive(Args)]
#[command(after_help = "Example:\n  grantor user list")]
pub struct ListUsersArgs {
    #[command(flatten)]
    list: ListArgs,
}

/// Lists the users.
pub(super) fn run(context: &Context, args: &ListUsersArgs) -> anyhow::Result<()> {
    let listing = Listing {
        entity: model::entities::User::entity(),
        expand: "",
        order_by: "Login",
        headings: &["LOGIN", "NAME", "E-MAIL", "ADMINISTRATOR", "ACTIVE", "TYPE"],
        cells: |row, _now| cells(row),
    };
    listing.run(context, &args.list)
}

fn cells(row: &Json) -> Vec<String> {
    let properties = ["Login", "Name", "Email", "IsAdmin", "Active", "UserType"];
    properties.iter().map(|property| text(row, property)).collect()
}
