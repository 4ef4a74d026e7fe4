//! The page of the errors, from the tables of the guide, which have the remedy of each.

use super::GROUP;
use crate::page::{Block, Cell, Page, anchor, code};
use crate::prose::prose;

/// The heads of the guide's tables, by the number of their columns.
const HEADS: [&str; 3] = ["Code", "Status", "Description"];

/// The page; `guide` is the guide to the errors, in Markdown.
pub(crate) fn page(guide: &str) -> Page {
    let mut page = Page::new("errors", "Errors", GROUP);
    page.summary = prose("The error codes of refused requests. A refused request has changed nothing.");
    let mut anchors = Vec::new();
    for section in guide.split("\n## ").skip(1) {
        let heading = section.lines().next().unwrap_or_default();
        let rows: Vec<_> =
            section.lines().filter_map(cells).flat_map(|cells| rows(&cells, &mut anchors)).collect();
        if !rows.is_empty() {
            page.section(&unlinked(heading).replace('`', ""));
            page.blocks.push(Block::Table(HEADS.to_vec(), rows));
        }
    }
    page
}

/// The cells of a row that names codes.
fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.strip_prefix("| ")?.strip_suffix(" |")?;
    let cells: Vec<_> = inner.split(" | ").map(unlinked).collect();
    let is_row = cells.len() == HEADS.len() && cells[0].starts_with('`') && cells[1] != "Status";
    is_row.then_some(cells)
}

/// Every code that the guide to the errors has, once.
pub fn codes(guide: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for cells in guide.lines().filter_map(cells) {
        for code in codes_of(&cells) {
            if !found.iter().any(|known| known == code) {
                found.push(code.to_owned());
            }
        }
    }
    found
}

/// The codes of a row.
fn codes_of(cells: &[String]) -> impl Iterator<Item = &str> {
    cells[0].split('`').skip(1).step_by(2)
}

/// One row for each code of a row of the guide.
fn rows(cells: &[String], anchors: &mut Vec<String>) -> Vec<Vec<Cell>> {
    let row = |name: &str| {
        let mut place = anchor(name);
        let before = anchors.iter().filter(|known| **known == place).count();
        anchors.push(place.clone());
        if before > 0 {
            place = format!("{place}-{}", before + 1);
        }
        let named = Cell { anchor: Some(place), text: vec![code(name)] };
        vec![named, Cell::of(prose(&cells[1])), Cell::of(prose(&cells[2]))]
    };
    codes_of(cells).map(row).collect()
}

/// A text of Markdown with its links as plain words: the guide lies elsewhere.
fn unlinked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        let Some((words, (_, after))) =
            link.split_once("](").and_then(|(words, target)| Some((words, target.split_once(')')?)))
        else {
            break;
        };
        out.push_str(before);
        out.push_str(words);
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::plain;

    #[test]
    fn rows_of_the_guide_become_rows_of_the_page() {
        let guide = "# E\n\n## One (`/x`)\n\n| Code | Status | Do |\n| --- | --- | --- |\n| `a`, `b` | 400 | [see](x.md#y): do |\n\
                     \n## Two\n\n| `a` | 401 or 403 | other `c` |\n| not a code | 1 | 2 |\n\n## Three\nnothing\n";
        let page = page(guide);
        let rows: Vec<_> = page
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Table(_, rows) => Some(rows),
                _ => None,
            })
            .flatten()
            .map(|row| (row[0].anchor.clone().unwrap(), plain(&row[1].text), plain(&row[2].text)))
            .collect();
        let expected = [("a", "400", "see: do"), ("b", "400", "see: do"), ("a-2", "401 or 403", "other c")];
        assert_eq!(rows, expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())));
        assert_eq!(codes(guide), ["a", "b"]);
        assert_eq!(unlinked("a [b] c"), "a [b] c");
    }
}
