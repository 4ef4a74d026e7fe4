//! Output for the user who started the program, not for the log.

use indicatif::{ProgressBar, ProgressStyle};

/// Prints a line.
#[allow(clippy::print_stdout, reason = "for the person who started the program, not for the log")]
pub(crate) fn announce(line: &str) {
    println!("{line}");
}

/// Returns a progress bar with `length` steps and a label.
pub(crate) fn progress(message: &'static str, length: u64) -> ProgressBar {
    let template = "{bar:40} {human_pos}/{human_len} {msg} ({per_sec}, {eta} left)";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style).with_message(message)
}
