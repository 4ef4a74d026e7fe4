//! Lists of rows of the registry. Rows are printed page by page, so that a long list needs no more memory than a page.

use clap::Args;
use model::Entity;
use time::OffsetDateTime;

use super::context::Context;
use super::json::Json;
use super::output;
use super::rows::shown;

/// The number of rows of a list without `--all` and `--limit`.
const SHORT: usize = 50;
/// The number of rows of a page.
const PAGE: usize = 1000;

/// The arguments of every list.
#[derive(Args)]
pub(crate) struct ListArgs {
    /// List all rows, not only the first 50
    #[arg(long, conflicts_with = "limit")]
    all: bool,
    /// List at most this number of rows
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Print the rows as a JSON array, with all properties
    #[arg(long)]
    json: bool,
    /// Print each row as JSON on a line of its own, with all properties
    #[arg(long, conflicts_with = "json")]
    ndjson: bool,
}

impl ListArgs {
    /// Returns the maximum number of rows.
    fn most(&self) -> usize {
        let limit = self.limit.and_then(|limit| usize::try_from(limit).ok());
        limit.unwrap_or(if self.all { usize::MAX } else { SHORT })
    }
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
        self.run_where(context, args, &[], None)
    }

    /// Reads the rows that meet all conditions and contain the words, and prints them. With `widths`, each column has its
    /// width.
    pub(crate) fn run_where(
        &self,
        context: &Context,
        args: &ListArgs,
        options: &[(&str, String)],
        widths: Option<&[usize]>,
    ) -> anyhow::Result<()> {
        let server = context.server()?;
        let most = args.most();
        let mut pages = server.pages(server.address(&self.query(most.min(PAGE), options))?);
        let (mut printed, mut left_out) = (0, false);
        while printed < most
            && let Some(mut rows) = pages.next()?
        {
            left_out = rows.len() > most - printed;
            rows.truncate(most - printed);
            self.print(args, &rows, printed == 0, context.now, widths)?;
            printed += rows.len();
        }
        if args.json {
            output::result(if printed == 0 { "[]" } else { "]" })?;
        }
        let has_more = left_out || printed == most && pages.has_next();
        if printed == 0 {
            output::note("There are none.");
        } else if has_more || printed == SHORT && !args.all && args.limit.is_none() {
            output::note(&format!("These are the first {printed}: use --all for all rows."));
        }
        Ok(())
    }

    fn query(&self, page: usize, options: &[(&str, String)]) -> String {
        let set = self.entity.set_name();
        let mut query = format!("{set}?{}&$orderby={}", shown(self.entity, self.expand), self.order_by);
        for (name, value) in options {
            query.push_str(&format!("&{name}={value}"));
        }
        format!("{query}&$top={page}")
    }

    fn print(
        &self,
        args: &ListArgs,
        rows: &[Json],
        is_first: bool,
        now: OffsetDateTime,
        widths: Option<&[usize]>,
    ) -> anyhow::Result<()> {
        if args.json || args.ndjson {
            return print_json(rows, args.json, is_first);
        }
        if rows.is_empty() {
            return Ok(());
        }
        let headings: Vec<_> = self.headings.iter().map(|heading| (*heading).to_owned()).collect();
        let rows: Vec<_> = rows.iter().map(|row| (self.cells)(row, now)).collect();
        let text = match widths {
            Some(widths) => output::fixed_table(is_first.then_some(&headings), &rows, widths),
            None => output::table(&headings, &rows),
        };
        Ok(output::result(&text)?)
    }
}

/// Prints rows as the elements of an array, or one on each line.
fn print_json(rows: &[Json], is_array: bool, is_first: bool) -> anyhow::Result<()> {
    for (index, row) in rows.iter().enumerate() {
        let row = serde_json::to_string(row)?;
        let opening = match (is_array, is_first && index == 0) {
            (true, true) => "[",
            (true, false) => ",",
            (false, _) => "",
        };
        output::result(&format!("{opening}{row}"))?;
    }
    Ok(())
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
