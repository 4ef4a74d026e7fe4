//! External text: the allowed characters, the normal form, and which texts look the same.
//!
//! Logins follow PRECIS (RFC 8265, `UsernameCaseMapped`). Names and descriptions are a [`Line`]. Passwords are prepared by
//! [`password::prepared`].

mod characters;
pub mod line;
mod login;
mod look;
pub mod password;

use std::fmt::Display;

pub use characters::{Unfit, unfit};
pub use line::Line;
pub use login::Login;
pub use look::{identifier_look, name_look, word_looks};

/// Returns a text of several lines in which every character that a line may not have is written as its number. It cannot hide
/// or turn what stands beside it.
pub fn visible(text: &str, escape: impl Fn(char) -> String) -> String {
    let lines = text.split('\n').map(|line| {
        let mut line = line.to_owned();
        while let Some(unfit) = unfit(&line) {
            line = line.replace(unfit.character(), &escape(unfit.character()));
        }
        line
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Puts a text between the characters that begin and end an isolate (UAX 9, section 2.4): it does not change the direction of
/// the sentence around it. ASCII does not in any case. For places without markup.
pub fn isolated(text: impl Display) -> String {
    let text = text.to_string();
    if text.is_ascii() { text } else { format!("\u{2068}{text}\u{2069}") }
}
