//! Opening a page in the user's browser.

use std::process::{Command, Stdio};

use super::output;

/// Returns whether there is a terminal, on a machine that can show a page.
pub(crate) fn is_at_hand() -> bool {
    let has = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let display = cfg!(target_os = "macos") || has("DISPLAY") || has("WAYLAND_DISPLAY");
    output::on_terminal() && display
}

/// Asks the desktop to open a page. Returns whether the request was started.
pub(crate) fn open(url: &reqwest::Url) -> bool {
    // Only web addresses: a desktop would also open a file or start a program.
    if !matches!(url.scheme(), "http" | "https") {
        return false;
    }
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = Command::new(opener);
    command.arg(url.as_str()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_opened() {
        for url in ["file:///etc/passwd", "javascript:alert(1)", "mailto:a@b.example"] {
            assert!(!open(&reqwest::Url::parse(url).unwrap()), "{url}");
        }
    }
}
