//! `grantor query`: reads from the OData service.

use clap::Args;

use super::context::Context;
use super::encode;
use super::json::Json;
use super::listing;
use super::output;
use super::problem::Problem;
use super::rows::{has_more, rows};

/// Read from the OData service
#[derive(Args)]
#[command(after_help = r#"Examples (quoted, because a shell has its own idea of `$`, `&` and blanks):
  grantor query 'Systems_Security_AccessTokens?$orderby=CreationTimestamp desc&$top=5'
  grantor query "Systems_Security_AccessTokens?\$filter=Kind eq 'DeviceCode'"
  grantor query --json 'Systems_Security_Users?$select=Login,Name'"#)]
pub struct QueryArgs {
    /// Entity set and options, as in a URL below the service root; blanks and quotes need no encoding
    #[arg(value_name = "QUERY")]
    query: String,
    /// Print the response as JSON
    #[arg(long)]
    json: bool,
    /// Follow the pages to the end
    #[arg(long)]
    all: bool,
}

/// Reads and prints the rows.
pub(crate) fn run(context: &Context, args: &QueryArgs) -> anyhow::Result<()> {
    if encode::lost_its_options(&args.query) {
        let problem = Problem::new(format!("`{}` has an option without a name", args.query));
        return Err(problem
            .hint("put the query in single quotes: the shell replaces `$top` as a variable")
            .into());
    }
    let server = context.server()?;
    let address = server.address(&args.query)?;
    let bytes = server.read(&address)?;
    let Ok(mut body) = serde_json::from_slice::<Json>(&bytes) else {
        // A body that is not JSON is printed as it is.
        return Ok(output::result(String::from_utf8_lossy(&bytes).trim_end())?);
    };
    if args.all {
        body = server.follow(&address, body)?;
    }
    // The description of the service (`$metadata`) is no table.
    if args.json || body.get("$Version").is_some() {
        return output::json(&body);
    }
    print(&body)
}

fn print(body: &Json) -> anyhow::Result<()> {
    match body.get("value") {
        Some(Json::Array(_)) => print_rows(body),
        _ => Ok(output::result(&one(body))?),
    }
}

fn print_rows(page: &Json) -> anyhow::Result<()> {
    let rows = rows(page);
    if !rows.is_empty() {
        output::result(&table(rows))?;
    }
    match page.get("@odata.count") {
        Some(count) => output::note(&format!("{} of {}", rows.len(), count.summary())),
        None if rows.is_empty() => output::note("There are none."),
        None => {}
    }
    if has_more(page) {
        output::note("There are more rows: use --all.");
    }
    Ok(())
}

/// A single row, or a single value such as a count.
fn one(body: &Json) -> String {
    match body {
        Json::Object(_) => listing::card(body),
        value => output::clean(&value.summary()),
    }
}

/// Prints rows under the properties that any of them has, in the order of their appearance.
fn table(rows: &[Json]) -> String {
    let mut headings: Vec<String> = Vec::new();
    for (name, _) in rows.iter().flat_map(Json::data) {
        if !headings.iter().any(|known| known == name) {
            headings.push(name.to_owned());
        }
    }
    // Rows with no selected property except the id.
    if headings.is_empty() {
        headings.push("@odata.id".to_owned());
    }
    let cells = |row: &Json| headings.iter().map(|name| listing::text(row, name)).collect::<Vec<_>>();
    output::table(&headings, &rows.iter().map(cells).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Problem;
    use crate::tests::stub::{self, Stub, TempFolder};

    fn parse(text: &str) -> Json {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn columns_are_those_of_the_rows_in_their_order() {
        let page = r#"{"value":[
            {"@odata.id":"S(1)","Type":"reference_token","Id":"1","User":{"@odata.id":"U(1)"},"Data":null},
            {"@odata.id":"S(2)","Type":"device_code","Id":"2","User":{"@odata.id":"U(2)","DisplayText":"Ann <ann>"},
             "GrantedScopes":[{"DisplayText":"read"},{"DisplayText":"sec"}]}]}"#;
        insta::assert_snapshot!(table(rows(&parse(page))), @"
        Type             Id  User       Data  GrantedScopes
        reference_token  1   U(1)
        device_code      2   Ann <ann>        read, sec
        ");
    }

    #[test]
    fn rows_without_data_are_shown_by_their_ids() {
        let page = r#"{"value":[{"@odata.id":"S(1)"},{"@odata.id":"S(2)"}]}"#;
        insta::assert_snapshot!(table(rows(&parse(page))), @"
@odata.id
S(1)
S(2)
");
    }

    #[test]
    fn one_row_is_shown_as_names_and_values() {
        let row = r#"{"@odata.context":"c","Name":"Ann","Email":null,"Active":true}"#;
        insta::assert_snapshot!(one(&parse(row)), @"
Name    Ann
Active  true
");
        assert_eq!(one(&parse("42")), "42");
    }

    #[test]
    fn a_query_that_the_shell_has_changed_is_told() {
        let folder = TempFolder::new();
        let context = stub::context(&folder, &Stub::closed());
        let args = QueryArgs { query: "Systems_Security_Users?=5".to_owned(), json: false, all: false };
        let error = run(&context, &args).unwrap_err();
        let hint = error.downcast_ref::<Problem>().unwrap().next_step().unwrap();
        assert!(hint.contains("single quotes"), "{hint}");
    }
}
