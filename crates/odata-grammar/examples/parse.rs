//! Checks each line `<rule><TAB><text>` of standard input against a rule of the OData ABNF and prints `ok` or
//! `error <character index>: <message>`. The text is as in a URL: percent-encoding is decoded, and the index counts
//! the characters of the text as given.

use std::io::{BufRead, Write};

use odata_grammar::{Mismatch, check};

fn main() -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (rule, text) = line.split_once('\t').unwrap_or((&line, ""));
        match check(rule, text) {
            Ok(()) => writeln!(output, "ok")?,
            Err(Mismatch { at, message }) => writeln!(output, "error {at}: {message}")?,
        }
    }
    Ok(())
}
