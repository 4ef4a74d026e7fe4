//! The two formats of the pages: Markdown, and HTML rendered from it.

pub mod html;
pub mod markdown;
mod render;
mod search;
mod signs;

use crate::page::{Inline, Target, plain};

/// A file of the reference: its path, and what it holds.
#[derive(Debug, PartialEq, Eq)]
pub struct File {
    /// The path below the folder of the reference.
    pub path: String,
    /// The content.
    pub content: String,
}

/// Returns the address of a link relative to a page.
fn address(from: &str, target: &Target) -> String {
    match target {
        Target::Page(path) => relative(from, &format!("{path}.md")),
        Target::Anchor(path, anchor) => format!("{}#{anchor}", relative(from, &format!("{path}.md"))),
        Target::File(path) => relative(from, path),
        Target::Url(url) => url.clone(),
    }
}

/// A path as seen from a page: `../scalar/id.md`.
fn relative(from: &str, to: &str) -> String {
    let folders = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (folders(from), folders(to));
    let within = from.len().min(to.len()) - 1;
    let shared = (0..within).take_while(|&index| from[index] == to[index]).count();
    let up = std::iter::repeat_n("..", from.len() - 1 - shared);
    up.chain(to[shared..].iter().map(String::as_str)).collect::<Vec<_>>().join("/")
}

/// The first sentences of a text, for places that have no room for more.
fn shortened(inlines: &[Inline], most: usize) -> String {
    let text = plain(inlines);
    if text.chars().count() <= most {
        return text;
    }
    let cut: String = text.chars().take(most).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_relative() {
        for (from, to, expected) in [
            ("index", "scopes.md", "scopes.md"),
            ("entities/A", "entities/B.md", "B.md"),
            ("entities/A", "data-types.md", "../data-types.md"),
            ("graphql/object/a", "graphql/scalar/id.md", "../scalar/id.md"),
            ("index", "graphql/scalar/id.md", "graphql/scalar/id.md"),
        ] {
            assert_eq!(relative(from, to), expected, "{from}");
        }
    }
}
