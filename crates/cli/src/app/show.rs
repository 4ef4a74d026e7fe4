//! `grantor app show`.

use clap::Args;
use uuid::Uuid;

use crate::context::Context;
use crate::json::Json;
use crate::problem::Problem;
use crate::rows::{all_properties, rows};
use crate::server::Server;
use crate::{listing, output};

/// Show all properties of an application except its secret, which is not stored
#[derive(Args)]
#[command(after_help = "Example:\n  grantor app show grantor-cli")]
pub struct ShowArgs {
    /// The client id, or the id of the row
    #[arg(value_name = "ID|CLIENT_ID")]
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Shows the application.
pub(super) fn run(context: &Context, args: &ShowArgs) -> anyhow::Result<()> {
    let row = get(&context.server()?, &args.id)?;
    if args.json {
        return output::json(&row);
    }
    Ok(output::result(&listing::card(&row))?)
}

/// Gets an application by the id of its row or by its client id, which can have the same form.
pub(super) fn get(server: &Server, id: &str) -> Result<Json, Problem> {
    let by_id = match Uuid::try_parse(id) {
        Ok(id) => server.find(super::entity(), id, "")?,
        Err(_) => None,
    };
    let found = match by_id {
        Some(row) => Some(row),
        None => find_by_client_id(server, id)?,
    };
    found.ok_or_else(|| {
        Problem::new(format!("there is no application {id}, or you cannot see it"))
            .hint("`grantor app list` lists them")
    })
}

fn find_by_client_id(server: &Server, client_id: &str) -> Result<Option<Json>, Problem> {
    let (set, select) = (super::entity().set_name(), all_properties(super::entity()));
    // A quote in a literal is doubled, and a percent sign is encoded.
    let literal = client_id.replace('%', "%25").replace('\'', "''");
    let query = format!("{set}?$filter=ApplicationUri eq '{literal}'&$select={select}&$top=1");
    let page = server.read_json(&server.address(&query)?)?;
    Ok(rows(&page).first().cloned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tests::stub::{Answer, Stub, signed_in};

    #[test]
    fn an_application_is_found_by_its_client_id() {
        let stub = Stub::answering([Answer::json(200, &json!({"value": [{"Name": "n"}]}))]);
        let row = get(&signed_in(&stub.url()), "a'b%20&c").unwrap();
        assert_eq!(row.text("Name"), Some("n"));
        let line = stub.request().line;
        let expected = "?$filter=ApplicationUri%20eq%20%27a%27%27b%2520%26c%27&$select=Id,";
        assert!(line.contains(expected), "{line}");
    }

    #[test]
    fn a_client_id_may_look_like_the_id_of_a_row() {
        let gone = json!({"error": {"code": "NOT_FOUND", "message": "none"}});
        let page = json!({"value": [{"Name": "n"}]});
        let stub = Stub::answering([Answer::json(404, &gone), Answer::json(200, &page)]);
        assert!(get(&signed_in(&stub.url()), "0198c5f2-7f3a-7c44-9d2f-000000000001").is_ok());
    }

    #[test]
    fn an_application_that_is_not_there_is_told() {
        let stub = Stub::answering([Answer::json(200, &json!({"value": []}))]);
        let problem = get(&signed_in(&stub.url()), "unknown").unwrap_err();
        assert_eq!(problem.to_string(), "there is no application unknown, or you cannot see it");
    }
}
