//! The search index of the HTML pages.

use serde_json::{Value, json};

use super::shortened;
use crate::page::{plain, text};
use crate::site::{Site, anchors};

/// The index, as a script: pages that are opened as files may load scripts, and nothing else.
pub(super) fn index(site: &Site) -> String {
    let entries: Vec<Value> = site.pages.iter().flat_map(entries).collect();
    let lines: Vec<String> = entries.iter().map(Value::to_string).collect();
    // JSON that is a script: the two signs that end lines in scripts alone are no part of any description.
    format!("searchIndex([\n{}\n]);\n", lines.join(",\n"))
}

/// A page, and everything on it that has a place of its own: title, address, kind, beginning of the text.
fn entries(page: &crate::page::Page) -> Vec<Value> {
    let kind = page.kind.map_or("", |kind| kind.label);
    let address = format!("{}.html", page.path);
    let own = json!([page.heading, address, kind, plain(&page.summary)]);
    let sections = ["Details", "General", "Visualization", "Track Changes", "Aggregate", "API"];
    let places = anchors(page)
        .into_iter()
        .filter(|(_, name, _)| !sections.iter().any(|section| name.ends_with(section)));
    let mut known = Vec::new();
    let place = places.filter_map(|(anchor, name, description)| {
        if known.contains(&anchor) {
            return None;
        }
        let description = shortened(&[text(description)], 120);
        let entry = json!([name, format!("{address}#{anchor}"), page.heading, description]);
        known.push(anchor);
        Some(entry)
    });
    [own].into_iter().chain(place).collect()
}
