//! All pages, and their navigation.

use crate::page::{Block, Cell, Inline, Kind, Page, Target, plain};

/// The whole reference, before it is written in one form or the other.
#[derive(Debug, Default)]
pub struct Site {
    /// Every page, each under another path.
    pub pages: Vec<Page>,
    /// The parts into which they are sorted, in the order of the navigation.
    pub parts: Vec<Part>,
    /// What programs read: names and contents.
    pub files: Vec<(&'static str, String)>,
    /// The version of the program that the reference is about.
    pub version: String,
}

/// Pages that belong together.
#[derive(Debug)]
pub struct Part {
    /// What several parts have in common: `GraphQL`.
    pub group: &'static str,
    /// What they are: `Objects`.
    pub title: String,
    /// The path of the page that leads to them.
    pub landing: String,
    /// Their titles and paths.
    pub entries: Vec<(String, String)>,
}

impl Site {
    /// Adds a page without a part of its own.
    pub fn single(&mut self, group: &'static str, page: Page) {
        let part =
            Part { group, title: page.heading.clone(), landing: page.path.clone(), entries: Vec::new() };
        self.parts.push(part);
        self.pages.push(page);
    }

    /// Adds pages below one that leads to them.
    pub fn part(&mut self, group: &'static str, landing: Page, pages: Vec<Page>) {
        let entry = |page: &Page| (page.heading.clone(), page.path.clone());
        let entries = pages.iter().map(entry).collect();
        self.parts.push(Part {
            group,
            title: landing.heading.clone(),
            landing: landing.path.clone(),
            entries,
        });
        self.pages.push(landing);
        self.pages.extend(pages);
    }

    /// The part to which a page belongs.
    pub fn part_of(&self, path: &str) -> Option<&Part> {
        self.parts
            .iter()
            .find(|part| part.landing == path || part.entries.iter().any(|(_, entry)| entry == path))
    }

    /// A page.
    pub fn page(&self, path: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.path == path)
    }
}

/// A page that lists others with what they are about.
pub fn landing(path: &str, heading: &str, group: &str, about: Vec<Inline>, pages: &[Page]) -> Page {
    let mut landing = Page::new(path, heading, group);
    landing.summary = about;
    let row = |page: &Page| vec![Cell::of(vec![page.link()]), Cell::of(page.summary.clone())];
    landing.blocks.push(Block::Table(vec!["Name", "Description"], pages.iter().map(row).collect()));
    landing
}

/// Everything on a page that has an anchor: the anchor, the name, what it is about.
pub fn anchors(page: &Page) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for (index, block) in page.blocks.iter().enumerate() {
        match block {
            Block::Heading(_, text, anchor) => {
                found.push((anchor.clone(), text.clone(), following_text(&page.blocks[index + 1..])));
            }
            Block::Table(_, rows) => {
                let cells = rows.iter().filter_map(|row| {
                    let first = row.first()?;
                    Some((first.anchor.clone()?, plain(&first.text), plain(&row.last()?.text)))
                });
                found.extend(cells);
            }
            Block::Members(title, members) => {
                found.push((crate::page::slug(title), (*title).to_owned(), String::new()));
                let entry = |member: &crate::page::Member| {
                    let text = member.description.first().map(|text| plain(text)).unwrap_or_default();
                    (member.anchor.clone(), member.name.clone(), text)
                };
                found.extend(members.iter().map(entry));
            }
            _ => {}
        }
    }
    found
}

fn following_text(blocks: &[Block]) -> String {
    match blocks.first() {
        Some(Block::Paragraph(text)) => plain(text),
        _ => String::new(),
    }
}

/// Returns every text of a page.
pub fn texts(page: &Page) -> Vec<&[Inline]> {
    let mut found = vec![page.summary.as_slice()];
    for block in &page.blocks {
        match block {
            Block::Heading(..) | Block::Code(..) => {}
            Block::Paragraph(text) | Block::Pills(text) => found.push(text),
            Block::Facts(_, facts) => found.extend(facts.iter().map(|fact| fact.value.as_slice())),
            Block::Table(_, rows) => found.extend(rows.iter().flatten().map(|cell| cell.text.as_slice())),
            Block::List(items) => found.extend(items.iter().map(|(_, text)| text.as_slice())),
            Block::Members(_, members) => {
                for member in members {
                    found.push(member.type_link.as_slice());
                    found.extend(member.description.iter().chain(&member.arguments).map(Vec::as_slice));
                }
            }
            Block::Parameters(parameters) => {
                for parameter in parameters {
                    found.extend(parameter.lines.iter().chain(&parameter.below).map(Vec::as_slice));
                    found.extend(parameter.values.iter().flatten().map(|cell| cell.text.as_slice()));
                }
            }
        }
    }
    found
}

/// Returns the links of a page to other pages, anchors and files.
pub fn links(page: &Page) -> Vec<&Target> {
    let mut found = Vec::new();
    texts(page).into_iter().for_each(|text| collect(text, &mut found));
    found
}

fn collect<'a>(inlines: &'a [Inline], found: &mut Vec<&'a Target>) {
    for inline in inlines {
        match inline {
            Inline::Link(target, text) => {
                found.push(target);
                collect(text, found);
            }
            Inline::Pill(target, ..) => found.push(target),
            _ => {}
        }
    }
}

/// A kind, by what readers and paths call it.
pub const fn kind(label: &'static str, word: &'static str) -> Kind {
    Kind { label, word }
}
