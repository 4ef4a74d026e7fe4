//! The progress of an import, on a terminal.

use std::io::{self, IsTerminal as _, Write as _};

/// Width of the bar, in characters.
const WIDTH: usize = 30;

/// A line on stderr that shows how many objects are done.
pub(super) struct Progress {
    total: usize,
    is_shown: bool,
}

impl Progress {
    pub(super) fn new(total: usize) -> Self {
        Self { total, is_shown: io::stderr().is_terminal() }
    }

    /// Shows the numbers of objects that are done and of those that failed.
    pub(super) fn show(&self, done: usize, failed: usize) {
        if self.is_shown {
            let line = bar(done, failed, self.total);
            let _ = write!(io::stderr().lock(), "\r{line}").and_then(|()| io::stderr().flush());
        }
    }

    /// Ends the line.
    pub(super) fn end(&self) {
        if self.is_shown {
            let _ = writeln!(io::stderr().lock());
        }
    }
}

/// Returns a bar with the numbers.
pub(super) fn bar(done: usize, failed: usize, total: usize) -> String {
    let filled = (done * WIDTH).checked_div(total).unwrap_or(WIDTH).min(WIDTH);
    let (full, empty) = ("#".repeat(filled), "-".repeat(WIDTH - filled));
    format!("[{full}{empty}] {done}/{total}, {failed} failed")
}
