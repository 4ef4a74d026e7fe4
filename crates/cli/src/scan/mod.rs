//! `grantor scan`: finds tokens in files. Works without a server.

mod files;
mod rules;

use std::collections::HashSet;
use std::path::PathBuf;

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use token::opaque::find_tokens;
use token::{PlainToken, Prefix, TokenKind};

use super::http::Http;
use super::output::{self, Ended};
use super::problem::Problem;
use super::server_url::ServerUrl;
use files::{Files, Skipped};
use rules::Scanner;

const EXAMPLES: &str = "\
Examples:
  grantor scan .                                   look through a folder
  git log -p | grantor scan -                      look through the history
  grantor scan --report https://id.example.org .   revoke what is found
  grantor scan --rules gitleaks > .gitleaks.toml   teach another scanner

Exit status: 0 where nothing was found, 1 where something was, 2 where not everything could be read";

/// Find tokens in files, by their prefix and checksum
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ScanArgs {
    /// Files and folders to scan; `-` is the standard input
    #[arg(value_name = "PATH", required_unless_present = "rules")]
    paths: Vec<PathBuf>,
    /// The prefix of the installation's tokens
    #[arg(long, default_value_t, env = "GRANTOR_TOKEN_PREFIX", hide_env_values = true)]
    prefix: Prefix,
    /// Scan binary files too
    #[arg(long)]
    binary: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Report the tokens to this server, which revokes them
    #[arg(long, value_name = "URL")]
    report: Option<ServerUrl>,
    /// Print rules for another scanner instead
    #[arg(long, value_name = "SCANNER", value_enum, conflicts_with_all = ["paths", "binary", "json", "report"])]
    rules: Option<Scanner>,
}

/// A token that was found.
struct Hit {
    path: String,
    line: usize,
    column: usize,
    token: PlainToken,
}

/// The token in a form that can be shown.
#[derive(Serialize)]
struct ShownHit<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    kind: &'static str,
    redacted: String,
    /// The hash of the secret in the registry.
    key: String,
}

/// Scans the given paths.
pub(crate) fn run(args: &ScanArgs) -> anyhow::Result<()> {
    if let Some(scanner) = args.rules {
        return Ok(output::result(rules::text(scanner, &args.prefix).trim_end())?);
    }
    let (mut hits, mut unread) = (Vec::new(), 0);
    let mut files = Files::new(&args.paths, args.binary);
    files.each(|path, outcome| match outcome {
        Ok(text) => hits.extend(found(&args.prefix, path, text)),
        Err(Skipped::Unreadable(error)) => {
            unread += 1;
            output::note(&output::clean(&format!("cannot read {path}: {error}")));
        }
        Err(Skipped::TooLarge) => output::note(&output::clean(&format!("skipped {path}: too large"))),
    });
    show(args, &hits)?;
    let (read, binary) = (files.read, files.binary);
    let skipped = if binary == 0 { String::new() } else { format!(", {binary} binary ones left out") };
    output::note(&format!("{} in {}{skipped}", counted(hits.len(), "token"), counted(read, "file")));
    if let Some(url) = &args.report {
        report(url, &hits)?;
    }
    match (hits.len(), unread) {
        (0, 0) => Ok(()),
        (0, _) => Err(Ended(2).into()),
        _ => Err(Ended(1).into()),
    }
}

fn found<'a>(prefix: &'a Prefix, path: &'a str, text: &'a [u8]) -> impl Iterator<Item = Hit> + 'a {
    let (mut line, mut start, mut behind) = (1, 0, 0);
    find_tokens(prefix, text).map(move |(place, token)| {
        let between = text.get(behind..place.start).unwrap_or_default();
        line += between.iter().filter(|byte| **byte == b'\n').count();
        if let Some(last) = between.iter().rposition(|byte| *byte == b'\n') {
            start = behind + last + 1;
        }
        behind = place.start;
        Hit { path: path.to_owned(), line, column: place.start - start + 1, token }
    })
}

fn show(args: &ScanArgs, hits: &[Hit]) -> anyhow::Result<()> {
    let shown = hits.iter().map(|hit| ShownHit {
        path: &hit.path,
        line: hit.line,
        column: hit.column,
        kind: words(hit.token.kind()),
        redacted: hit.token.redacted(&args.prefix),
        key: hit.token.hash().to_string(),
    });
    if args.json {
        return output::json(&shown.collect::<Vec<_>>());
    }
    for ShownHit { path, line, column, kind, redacted, .. } in shown {
        output::result(&output::clean(&format!("{path}:{line}:{column}: {redacted} ({kind})")))?;
    }
    Ok(())
}

/// Returns the name of a kind of token.
const fn words(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::PersonalAccess => "personal access token",
        TokenKind::ServiceAccess => "service access token",
        TokenKind::ReferenceAccess => "access token",
        TokenKind::Refresh => "refresh token",
        TokenKind::DeviceCode => "device code",
        TokenKind::AuthenticationRequest => "authentication request",
        TokenKind::AuthorizationCode => "authorization code",
    }
}

fn counted(number: usize, what: &str) -> String {
    let many = if number == 1 { "" } else { "s" };
    format!("{number} {what}{many}")
}

/// The maximum number of secrets in one report.
const AT_ONCE: usize = 100;

/// Reports the tokens to a server, each token once.
fn report(url: &ServerUrl, hits: &[Hit]) -> anyhow::Result<()> {
    #[derive(Deserialize)]
    struct Answer {
        received: usize,
        revoked: usize,
    }
    if url.is_exposed() {
        output::note(&format!("warning: {url} is not encrypted: others on the way can read the tokens"));
    }
    let http = Http::new(url.clone(), None).map_err(Problem::from)?;
    let mut known = HashSet::new();
    let each_once: Vec<Value> = hits
        .iter()
        .filter(|hit| known.insert(hit.token.hash().to_string()))
        .map(|hit| json!({"secret": hit.token.expose(), "url": format!("{}:{}", hit.path, hit.line), "source": "grantor scan"}))
        .collect();
    let (mut received, mut revoked) = (0, 0);
    for some in each_once.chunks(AT_ONCE) {
        let answer = http.post_json(&url.at("/leaks"), &json!({ "secrets": some })).map_err(Problem::from)?;
        let answer: Answer = serde_json::from_value(answer)
            .map_err(|_| Problem::from(http.foreign("the response lacks the number of revoked tokens")))?;
        received += answer.received;
        revoked += answer.revoked;
    }
    output::note(&format!("Reported {} to {url}: it revoked {revoked}", counted(received, "token")));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its checksum was computed with Python's `zlib.crc32`.
    const KNOWN: &str = "grt_pat_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg3ES5NW";

    #[test]
    fn a_place_is_a_line_and_a_column() {
        let text = format!("{KNOWN}{KNOWN}\n\n  {KNOWN} x\r\n{KNOWN}");
        let places: Vec<_> =
            found(&Prefix::default(), "f", text.as_bytes()).map(|hit| (hit.line, hit.column)).collect();
        assert_eq!(places, [(1, 1), (1, KNOWN.len() + 1), (3, 3), (4, 1)]);
    }
}
