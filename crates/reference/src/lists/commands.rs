//! The pages of the command line, one for each command.

use super::GROUP;
use crate::Command;
use crate::page::{Block, Cell, Inline, Page, anchor, code, text};
use crate::prose::{paragraphs, prose};
use crate::site::{Site, landing};

pub(crate) fn add(site: &mut Site, commands: &[Command]) {
    let Some((root, verbs)) = commands.split_first() else { return };
    let pages: Vec<_> = verbs.iter().map(command).collect();
    let mut page = landing("commands", "Command line", GROUP, prose(&root.about), &pages);
    let list = std::mem::take(&mut page.blocks);
    described(&mut page, root);
    page.section("Commands");
    page.blocks.extend(list);
    site.part(GROUP, page, pages);
}

fn command(command: &Command) -> Page {
    let path = format!("commands/{}", anchor(&command.name));
    let mut page = Page::new(path, command.name.as_str(), "Command line");
    let mut about = paragraphs(&command.about).into_iter();
    page.summary = about.next().unwrap_or_default();
    about.for_each(|paragraph| page.paragraph(paragraph));
    described(&mut page, command);
    page
}

fn described(page: &mut Page, command: &Command) {
    page.section("Usage");
    page.blocks.push(Block::Code("sh", command.usage.clone()));
    if !command.options.is_empty() {
        page.section("Options");
        let rows = command.options.iter().map(|option| {
            let name = Cell { anchor: Some(anchor(&option.name)), text: vec![code(option.name.as_str())] };
            vec![name, Cell::of(about(option))]
        });
        page.blocks.push(Block::Table(vec!["Option", "Description"], rows.collect()));
    }
    for part in command.after.split("\n\n").filter(|part| !part.trim().is_empty()) {
        match part.split_once(":\n") {
            Some((heading, lines)) => {
                page.section(heading.trim());
                page.blocks.push(Block::Code("text", unindented(lines)));
            }
            None => paragraphs(part).into_iter().for_each(|paragraph| page.paragraph(paragraph)),
        }
    }
}

/// Lines without what all of them begin with.
fn unindented(lines: &str) -> String {
    let margin = lines.lines().map(|line| line.len() - line.trim_start().len()).min().unwrap_or_default();
    lines.lines().map(|line| line.get(margin..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn about(option: &crate::CommandOption) -> Vec<Inline> {
    let mut all = prose(&option.description);
    let mut more = |label: &str, value: Option<&String>| {
        if let Some(value) = value {
            all.extend([text(format!(" {label}: ")), code(value.as_str())]);
        }
    };
    more("Default", option.default.as_ref());
    more("Environment", option.environment.as_ref());
    if let Some((first, rest)) = option.values.split_first() {
        all.extend([text(" One of: "), code(first.as_str())]);
        all.extend(rest.iter().flat_map(|value| [text(", "), code(value.as_str())]));
    }
    all
}
