//! Lists of rows of the registry.

use clap::Args;
use model::Entity;
use time::OffsetDateTime;

use super::context::Context;
use super::json::Json;
use super::output;
use super::rows::{has_more, rows, shown};

/// How many rows a list shows unless all are asked for.
const PAGE: usize = 50;

/// What every list takes.
#[derive(Args)]
pub(crate) struct ListArgs {
    /// List everything, not only the first 50
    #[arg(long)]
    all: bool,
    /// Print the rows as a JSON array, with everything that they show
    #[arg(long)]
    json: bool,
}

/// What a list shows.
pub(crate) struct Listing {
    /// Of which rows.
    pub(crate) entity: &'static Entity,
    /// What of others is read with each row, as `$expand` has it; nothing where it is empty.
    pub(crate) expand: &'static str,
    /// In which order.
    pub(crate) order_by: &'static str,
    /// The headings of its columns.
    pub(crate) headings: &'static [&'static str],
    /// The cells of a row under them.
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
            output::note(&format!("These are the first {}: --all lists everything.", rows.len()));
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

/// The text of a property, empty if it has none.
pub(crate) fn text(row: &Json, property: &str) -> String {
    row.get(property).map(Json::summary).unwrap_or_default()
}

/// Names and values of everything that a row shows and that is not empty.
pub(crate) fn card(row: &Json) -> String {
    let filled = row.data().map(|(name, value)| (name, value.summary()));
    output::card(&filled.filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>())
}
