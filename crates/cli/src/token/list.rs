//! `grantor token list`.

use clap::{Args, ValueEnum};
use time::OffsetDateTime;

use crate::clock;
use crate::context::Context;
use crate::json::Json;
use crate::listing::{ListArgs, Listing, text};
use crate::problem::Problem;

/// List tokens and other grants, the newest first
///
/// Administrators see all tokens, other users their own. All conditions have to apply.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor token list
  grantor token list --state live --app demo-web --unused-since 2026-08-01
  grantor token list --filter \"User/Active eq false\" --wide
  grantor token list --all --ndjson")]
pub struct ListTokensArgs {
    /// List the grants in this state
    #[arg(long, value_name = "STATE")]
    state: Vec<State>,
    /// List the grants of this application, by client_id
    #[arg(long, value_name = "CLIENT_ID")]
    app: Option<String>,
    /// List the grants that act for this user, by login
    #[arg(long, value_name = "LOGIN")]
    user: Option<String>,
    /// List the grants that were not used since a time, or never
    #[arg(long, value_name = "TIME")]
    unused_since: Option<String>,
    /// List the grants that expire before a time
    #[arg(long, value_name = "TIME")]
    expires_before: Option<String>,
    /// List the grants that meet an OData filter
    #[arg(long, value_name = "FILTER")]
    filter: Option<String>,
    /// List the grants that contain a word
    #[arg(long, value_name = "WORD")]
    search: Option<String>,
    /// Print all columns, each as wide as its content
    #[arg(long)]
    wide: bool,
    #[command(flatten)]
    list: ListArgs,
}

/// The state of a grant.
#[derive(Clone, Copy, ValueEnum)]
enum State {
    Live,
    Expired,
    Revoked,
    Used,
    Disabled,
}

impl State {
    const fn member(self) -> &'static str {
        match self {
            Self::Live => "Live",
            Self::Expired => "Expired",
            Self::Revoked => "Revoked",
            Self::Used => "Used",
            Self::Disabled => "Disabled",
        }
    }
}

const WIDE: &[&str] = &[
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

/// The columns without `--wide`, and their widths: a line has at most 100 columns.
const NARROW: &[&str] = &["ID", "STATE", "USER", "APPLICATION", "DESCRIPTION", "LAST USED"];
const WIDTHS: &[usize] = &[36, 8, 11, 13, 17, 10];

/// Lists the tokens.
pub(super) fn run(context: &Context, args: &ListTokensArgs) -> anyhow::Result<()> {
    let (headings, cells, widths): (_, fn(&Json, OffsetDateTime) -> Vec<String>, _) =
        if args.wide { (WIDE, wide, None) } else { (NARROW, narrow, Some(WIDTHS)) };
    let listing =
        Listing { entity: super::entity(), expand: "", order_by: "CreationTimestamp desc", headings, cells };
    listing.run_where(context, &args.list, &options(args)?, widths)
}

/// Returns the query options of the conditions.
fn options(args: &ListTokensArgs) -> Result<Vec<(&'static str, String)>, Problem> {
    let mut all = Vec::from_iter(args.filter.as_ref().map(|filter| format!("({filter})")));
    if !args.state.is_empty() {
        let states: Vec<_> = args.state.iter().map(|state| format!("'{}'", state.member())).collect();
        all.push(format!("State in ({})", states.join(",")));
    }
    all.extend(args.app.as_ref().map(|client| format!("Client eq {}", literal(client))));
    all.extend(args.user.as_ref().map(|login| format!("Actor eq {}", literal(login))));
    if let Some(text) = &args.unused_since {
        let since = time("--unused-since", text)?;
        all.push(format!("(LastUsedTimestamp lt {since} or LastUsedTimestamp eq null)"));
    }
    if let Some(text) = &args.expires_before {
        all.push(format!("ExpireTimestamp lt {}", time("--expires-before", text)?));
    }
    let mut options = Vec::new();
    if !all.is_empty() {
        options.push(("$filter", all.join(" and ")));
    }
    if let Some(word) = &args.search {
        let quoted =
            word.replace(['"', '\\'], " ").replace('%', "%25").replace('&', "%26").replace('\'', "%27");
        options.push(("$search", format!("\"{quoted}\"")));
    }
    Ok(options)
}

/// Returns a text as an OData literal. A percent sign is encoded, so that it begins no escape.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''").replace('%', "%25"))
}

fn time(option: &str, text: &str) -> Result<String, Problem> {
    let time = clock::parse(text).or_else(|| clock::parse(&format!("{text}T00:00:00Z")));
    let wrong = || Problem::new(format!("{option}: `{text}` is not a time such as 2026-08-01T00:00:00Z"));
    Ok(clock::rfc3339(time.ok_or_else(wrong)?))
}

fn narrow(row: &Json, _now: OffsetDateTime) -> Vec<String> {
    let used = row.text("LastUsedTimestamp").map(|time| time.chars().take(10).collect());
    vec![
        text(row, "Id"),
        super::state(row),
        text(row, "Actor"),
        text(row, "Client"),
        text(row, "Description"),
        used.unwrap_or_else(|| "never".to_owned()),
    ]
}

fn wide(row: &Json, _now: OffsetDateTime) -> Vec<String> {
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
    use clap::Parser;

    use super::*;

    const ROW: &str = r#"{"Id":"12345678-9abc-def0-1234-56789abcdef0","Type":"personal_access_token","Description":"the nightly backup of everything",
        "Client":"app","Actor":"漢字漢字漢字漢字","Scopes":"read","CreationTimestamp":"2026-08-01T10:20:30Z","ExpireTimestamp":null,"State":"Live",
        "LastUsedTimestamp":"2026-08-02T10:20:30Z","RevokedTimestamp":null}"#;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        args: ListTokensArgs,
    }

    fn asked(arguments: &[&str]) -> Vec<(&'static str, String)> {
        let all = std::iter::once("list").chain(arguments.iter().copied());
        options(&Command::try_parse_from(all).unwrap().args).unwrap()
    }

    #[test]
    fn a_row_has_a_cell_under_every_heading() {
        let now = clock::parse("2026-08-01T00:00:00Z").unwrap();
        let row = serde_json::from_str(ROW).unwrap();
        let cells = wide(&row, now);
        assert_eq!(cells.len(), WIDE.len());
        assert_eq!(cells[2..4], ["live", "the nightly backup of everything"]);
        assert_eq!(cells[7..], ["2026-08-01 10:20", "never", "2026-08-02 10:20"]);
        let cells = narrow(&row, now);
        assert_eq!([cells.len(), cells.len()], [NARROW.len(), WIDTHS.len()]);
        let line = crate::output::fixed_table(None, &[cells], WIDTHS);
        assert_eq!(
            line,
            "12345678-9abc-def0-1234-56789abcdef0 live     漢字漢字漢… app           the nightly back… 2026-08-02"
        );
        assert!(WIDTHS.iter().sum::<usize>() + WIDTHS.len() - 1 <= 100);
    }

    #[test]
    fn conditions_are_joined() {
        assert_eq!(asked(&[]), []);
        let all = asked(&[
            "--state",
            "live",
            "--state",
            "disabled",
            "--app",
            "o'n%20",
            "--user",
            "ben",
            "--unused-since",
            "2026-08-01",
            "--expires-before",
            "2027-01-01T12:00:00Z",
            "--filter",
            "A eq 1 or B eq 2",
        ]);
        let expected = "(A eq 1 or B eq 2) and State in ('Live','Disabled') and Client eq 'o''n%2520' and Actor eq 'ben' and \
                        (LastUsedTimestamp lt 2026-08-01T00:00:00Z or LastUsedTimestamp eq null) and \
                        ExpireTimestamp lt 2027-01-01T12:00:00Z";
        assert_eq!(all, [("$filter", expected.to_owned())]);
        assert_eq!(asked(&["--search", "a&b"]), [("$search", "\"a%26b\"".to_owned())]);
        let wrong = Command::try_parse_from(["list", "--unused-since", "august"]).unwrap().args;
        assert!(options(&wrong).is_err());
        assert!(Command::try_parse_from(["list", "--state", "dead"]).is_err());
        assert!(Command::try_parse_from(["list", "--all", "--limit", "5"]).is_err());
    }
}
