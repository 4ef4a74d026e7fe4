//! The output of the command line: results on stdout, everything else on stderr.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use input::text::visible;

use super::problem::Problem;

/// Prints one line or block of a result.
pub fn result(text: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{text}")
}

/// Prints a value as indented JSON.
pub(crate) fn json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    Ok(result(&serde_json::to_string_pretty(value)?)?)
}

/// Prints a note on stderr. A closed stderr is no reason to stop.
pub(crate) fn note(text: &str) {
    let lines: Vec<String> = text.split('\n').map(clean).collect();
    let _ = writeln!(io::stderr().lock(), "{}", lines.join("\n"));
}

/// The note for every new secret.
const KEEP: &str = "Keep the secret now: it is not shown again.";

/// Prints a new secret, alone on stdout so that it can be piped, and a note that it is not shown again.
pub(crate) fn secret(secret: &str) -> io::Result<()> {
    result(secret)?;
    note(KEEP);
    Ok(())
}

/// Prints JSON with a new secret, and a note that it is not shown again.
pub(crate) fn json_with_secret(value: &impl serde::Serialize) -> anyhow::Result<()> {
    json(value)?;
    note(KEEP);
    Ok(())
}

/// Asks the user a question with the answers yes and no.
///
/// # Errors
/// A [`Problem`] without a terminal; its hint names `flag`, which answers yes.
pub(crate) fn confirm(question: &str, flag: &str) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        let problem = Problem::new("there is no terminal to ask for a confirmation");
        return Err(problem.hint(format!("add {flag} to go ahead without being asked")).into());
    }
    let mut stderr = io::stderr().lock();
    write!(stderr, "{question} [y/N] ")?;
    stderr.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

/// Returns whether stdout is a terminal.
pub(crate) fn on_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Prints rows under headings. On a terminal, the table has at most its width.
pub(crate) fn table(headings: &[String], rows: &[Vec<String>]) -> String {
    let mut table = plain_table();
    table.set_header(headings.iter().map(|heading| clean(heading)));
    for row in rows {
        table.add_row(row.iter().map(|cell| clean(cell)));
    }
    // The first column identifies the row: it can be copied in one piece.
    if let Some(first) = table.column_mut(0) {
        first.set_constraint(ColumnConstraint::ContentWidth);
    }
    lines(&table)
}

/// Prints rows in columns of fixed widths, separated by a blank; what is longer ends with an ellipsis.
pub(crate) fn fixed_table(headings: Option<&Vec<String>>, rows: &[Vec<String>], widths: &[usize]) -> String {
    let line = |cells: &Vec<String>| {
        let cells = cells.iter().zip(widths).map(|(cell, width)| fitted(&clean(cell), *width));
        cells.collect::<Vec<_>>().join(" ").trim_end().to_owned()
    };
    headings.into_iter().chain(rows).map(line).collect::<Vec<_>>().join("\n")
}

/// Returns a text with exactly this width on a terminal, where some letters are two columns wide.
fn fitted(text: &str, width: usize) -> String {
    let whole = text.width();
    if whole <= width {
        return format!("{text}{}", " ".repeat(width - whole));
    }
    let (mut fitted, mut used) = (String::new(), 0);
    for letter in text.chars() {
        let more = letter.width().unwrap_or(0);
        if used + more + 1 > width {
            break;
        }
        fitted.push(letter);
        used += more;
    }
    format!("{fitted}…{}", " ".repeat(width - used - 1))
}

/// Prints names and values, one pair per line.
pub(crate) fn card<N: AsRef<str>>(pairs: &[(N, String)]) -> String {
    let mut table = plain_table();
    for (name, value) in pairs {
        table.add_row([clean(name.as_ref()), clean(value)]);
    }
    lines(&table)
}

fn plain_table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let wrap = if on_terminal() { ContentArrangement::Dynamic } else { ContentArrangement::Disabled };
    table.set_content_arrangement(wrap);
    table
}

/// Returns the lines of a table, flush left and without trailing blanks.
fn lines(table: &Table) -> String {
    let lines = table.lines().map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// Escapes control and invisible characters of external text, such as `\u{202e}`.
pub(crate) fn clean(text: &str) -> String {
    visible(&text.replace(['\n', '\r', '\t'], " "), |letter| letter.escape_unicode().to_string())
}

/// The end of a command that has printed its messages, with the exit code.
#[derive(Debug, thiserror::Error)]
#[error("the exit code is {0}")]
pub(crate) struct Ended(pub(crate) u8);

/// Prints an error and its hint, and returns the exit code.
pub fn report(error: &anyhow::Error) -> ExitCode {
    if is_closed_pipe(error) {
        return ExitCode::SUCCESS;
    }
    if let Some(Ended(code)) = error.downcast_ref() {
        return ExitCode::from(*code);
    }
    note(&explanation(error));
    ExitCode::FAILURE
}

fn explanation(error: &anyhow::Error) -> String {
    let message = clean(&format!("{error:#}"));
    match error.downcast_ref::<Problem>().and_then(Problem::next_step) {
        Some(hint) => format!("error: {message}\n  {}", clean(hint)),
        None => format!("error: {message}"),
    }
}

/// Returns whether the reader of stdout closed it (`| head`).
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    kind == Some(io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn tables_align_their_columns() {
        let rows = [strings(&["1", "nightly backup"]), strings(&["22", ""])];
        insta::assert_snapshot!(table(&strings(&["ID", "DESCRIPTION"]), &rows), @"
        ID  DESCRIPTION
        1   nightly backup
        22
        ");
    }

    #[test]
    fn cards_name_their_values() {
        insta::assert_snapshot!(card(&[("login", "ann".to_owned()), ("name", "Ann Lee".to_owned())]), @"
    login  ann
    name   Ann Lee
    ");
    }

    #[test]
    fn a_terminal_is_not_commanded_by_what_others_wrote() {
        assert_eq!(clean("a\u{1b}[2Jb\nc\u{202e}d\u{200b}"), r"a\u{1b}[2Jb c\u{202e}d\u{200b}");
    }

    #[test]
    fn errors_say_what_to_do_next() {
        let error = Problem::new("not signed in").hint("run `grantor login`").into();
        assert_eq!(explanation(&error), "error: not signed in\n  run `grantor login`");
        let error = anyhow::anyhow!("inner").context("outer");
        assert_eq!(explanation(&error), "error: outer: inner");
    }

    #[test]
    fn a_reader_that_has_enough_is_no_error() {
        assert!(is_closed_pipe(&io::Error::from(io::ErrorKind::BrokenPipe).into()));
        assert!(!is_closed_pipe(&io::Error::from(io::ErrorKind::NotFound).into()));
    }
}
