//! `grantor token list`.

use clap::Args;
use time::OffsetDateTime;

use crate::clock;
use crate::context::Context;
use crate::json::Json;
use crate::listing::{ListArgs, Listing, text};

/// List tokens and other grants, the newest first
///
/// Administrators see all tokens, other users their own.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor token list
  grantor token list --all --json")]
pub struct ListTokensArgs {
    #[command(flatten)]
    list: ListArgs,
}

const HEADINGS: &[&str] = &[
    "ID",
    "TYPE",
    "STATE",
    "DESCRIPTION",
    "APPLICATION",
    "USER",
    "SCOPES",
    "CREATED",
    "EXPIRES",
    "LAST USED",
];

/// Lists the tokens.
pub(super) fn run(context: &Context, args: &ListTokensArgs) -> anyhow::Result<()> {
    listing().run(context, &args.list)
}

fn listing() -> Listing {
    Listing {
        entity: super::entity(),
        expand: "",
        order_by: "CreationTimestamp desc",
        headings: HEADINGS,
        cells,
    }
}

fn cells(row: &Json, _now: OffsetDateTime) -> Vec<String> {
    let time = |property: &str| row.text(property).map(clock::short);
    let word = |property: &str| text(row, property);
    vec![
        word("Id"),
        word("Type"),
        super::state(row),
        word("Description"),
        word("Client"),
        word("Actor"),
        word("Scopes"),
        time("CreationTimestamp").unwrap_or_default(),
        time("ExpireTimestamp").unwrap_or_else(|| "never".to_owned()),
        time("LastUsedTimestamp").unwrap_or_else(|| "never".to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_a_cell_under_every_heading() {
        let row = r#"{"Id":"1","Type":"personal_access_token","Description":"backup","Client":"app","Actor":"ann",
            "Scopes":"read","CreationTimestamp":"2026-08-01T10:20:30Z","ExpireTimestamp":null,"State":"Live",
            "LastUsedTimestamp":"2026-08-02T10:20:30Z","RevokedTimestamp":null}"#;
        let now = clock::parse("2026-08-01T00:00:00Z").unwrap();
        let cells = cells(&serde_json::from_str(row).unwrap(), now);
        assert_eq!(cells.len(), HEADINGS.len());
        let expected = [
            "1",
            "personal_access_token",
            "live",
            "backup",
            "app",
            "ann",
            "read",
            "2026-08-01 10:20",
            "never",
            "2026-08-02 10:20",
        ];
        assert_eq!(cells, expected);
    }
}
