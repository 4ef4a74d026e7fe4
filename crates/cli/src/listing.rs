//! Lists of rows of the registry.

use clap::Args;
use model::Entity;
use time::OffsetDateTime;

use super::context::Context;
use super::json::Json;
use super::output;
use super::rows::{has_more, rows, shown};

/// The number of rows of a list without `--all`.
const PAGE: usize = 50;

/// The arguments of every list.
#[derive(Args)]
pub(crate) struct ListArgs {
    /// List all rows, not only the first 50
    #[arg(long)]
    all: bool,
    /// Print the rows as a JSON array, with all properties
    #[arg(long)]
    json: bool,
}

/// The content of a list.
pub(crate) struct Listing {
    /// The entity set.
    pub(crate) entity: &'static Entity,
    /// The related rows, as `$expand`; empty for none.
    pub(crate) expand: &'static str,
    /// The order.
    pub(crate) order_by: &'static str,
    /// The headings of its columns.
    pub(crate) headings: &'static [&'static str],
    /// Returns the cells of a row.
    pub(crate) cells: fn(&Json, OffsetDateTime) -> Vec<String>,
}

impl Listing {
    /// Reads the rows and prints them.
    pub(crate) fn run(&self, context: &Context, args: &ListArgs) -> anyhow::Result<()> {
        let server = context.server()?;
        let first = server.address(&self.query(args.all))?;
        let mut page = server.read_json(&first)?;
        if args.all {
            page = server.follow(&first, page)?;
        }
        let rows = rows(&page);
        if args.json {
            output::json(&rows)?;
        } else if !rows.is_empty() {
            output::result(&self.table(rows, context.now))?;
        }
        if rows.is_empty() {
            output::note("There are none.");
        } else if !args.all && (has_more(&page) || rows.len() == PAGE) {
            output::note(&format!("These are the first {}: use --all for all rows.", rows.len()));
        }
        Ok(())
    }

    fn query(&self, all: bool) -> String {
        let set = self.entity.set_name();
        let query = format!("{set}?{}&$orderby={}", shown(self.entity, self.expand), self.order_by);
        if all { query } else { format!("{query}&$top={PAGE}") }
    }

    fn table(&self, rows: &[Json], now: OffsetDateTime) -> String {
        let headings: Vec<_> = self.headings.iter().map(|heading| (*heading).to_owned()).collect();
        let rows: Vec<_> = rows.iter().map(|row| (self.cells)(row, now)).collect();
        output::table(&headings, &rows)
    }
}

/// Returns the text of a property, empty if it has none.
pub(crate) fn text(row: &Json, property: &str) -> String {
    row.get(property).map(Json::summary).unwrap_or_default()
}

/// Returns the names and values of the properties that are not empty.
pub(crate) fn card(row: &Json) -> String {
    let filled = row.data().map(|(name, value)| (name, value.summary()));
    output::card(&filled.filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>())
}
