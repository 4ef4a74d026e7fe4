//! Says for each line `<rule><TAB><text>` of the standard input whether the text is what the rule of the
//! OData ABNF describes: `ok`, or `error <character index>: <message>`. The text is as in a URL, so
//! percent-encoding is decoded; the index counts the characters of the text as given.

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
