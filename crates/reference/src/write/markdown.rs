//! Pages as Markdown with front matter, as documentation tools (`DocFX`, `MkDocs`) and code hosts take them.
//!
//! Text is escaped so that CommonMark, its GitHub form and Python-Markdown read it as it was meant: by backslashes
//! where all of them know these, by character references elsewhere.

use std::fmt::Write as _;

use super::{File, address};
use crate::page::{Block, Cell, Inline, Member, Page, Parameter, Target, Weight, slug};
use crate::site::Site;

/// Every file of the reference as Markdown.
pub fn files(site: &Site) -> Vec<File> {
    let pages =
        site.pages.iter().map(|page| File { path: format!("{}.md", page.path), content: write(page) });
    let toc = File { path: "toc.yml".to_owned(), content: toc(site) };
    let plain =
        site.files.iter().map(|(path, content)| File { path: (*path).to_owned(), content: content.clone() });
    pages.chain([toc]).chain(plain).collect()
}

/// Returns a page.
pub fn write(page: &Page) -> String {
    let toc = if page.kind.is_some() { "toc: false\n" } else { "" };
    let kind = page.kind.map(|kind| format!(" {}", code_span(kind.label, false))).unwrap_or_default();
    format!(
        "---\ntitle: {}\nuid: {}\n{toc}---\n# {}{kind}\n\n{}\n",
        yaml(&page.title),
        yaml(&page.uid),
        escape(&page.heading, false),
        body(page).trim_end()
    )
}

/// Returns the text of a page below its heading.
pub(super) fn body(page: &Page) -> String {
    let mut writer = Writer { page, out: String::new() };
    if !page.summary.is_empty() {
        let summary = writer.line(&page.summary);
        writer.block(&summary);
    }
    for block in &page.blocks {
        writer.write(block);
    }
    writer.out
}

struct Writer<'a> {
    page: &'a Page,
    out: String,
}

impl Writer<'_> {
    /// Text that blank lines keep apart from the rest.
    fn block(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push_str("\n\n");
    }

    fn write(&mut self, block: &Block) {
        let text = match block {
            Block::Heading(level, text, anchor) => heading(*level, text, anchor),
            Block::Paragraph(text) => self.line(text),
            Block::Facts(weight, facts) => {
                let line = |fact: &crate::page::Fact| self.fact(*weight, fact.label, &fact.value);
                facts.iter().map(line).collect::<String>().trim_end().to_owned()
            }
            Block::Table(heads, rows) => self.table(heads, rows, ""),
            Block::List(items) => {
                let item = |(depth, text): &(usize, Vec<Inline>)| {
                    format!("{}* {}\n", "  ".repeat(*depth), self.inlines(text, false))
                };
                items.iter().map(item).collect::<String>().trim_end().to_owned()
            }
            Block::Members(title, members) => self.members(title, members),
            Block::Pills(pills) => {
                pills.iter().map(|pill| self.inline(pill, false)).collect::<Vec<_>>().join(" ")
            }
            Block::Parameters(parameters) => {
                let all: Vec<_> = parameters.iter().map(|parameter| self.parameter(parameter)).collect();
                format!("**Parameters**\n\n{}", all.join("\n\n"))
            }
            Block::Code(language, text) => format!("```{language}\n{}\n```", text.trim_end()),
        };
        self.block(&text);
    }

    fn fact(&self, weight: Weight, label: &str, value: &[Inline]) -> String {
        let value = self.inlines(value, false);
        match weight {
            _ if value.is_empty() => format!("{label}:  \n"),
            Weight::Plain => format!("{label}: {value}  \n"),
            Weight::Bold => format!("{label}: **{value}**  \n"),
            Weight::Below => format!("{label}:  \n{value}\n\n"),
        }
    }

    fn table(&self, heads: &[&str], rows: &[Vec<Cell>], indent: &str) -> String {
        let mut table =
            format!("{indent}| {} |\n{indent}|{}", heads.join(" | "), " --- |".repeat(heads.len()));
        for row in rows {
            let cells: Vec<_> = row.iter().map(|cell| self.cell(cell)).collect();
            let _ = write!(table, "\n{indent}| {} |", cells.join(" | "));
        }
        table
    }

    fn cell(&self, cell: &Cell) -> String {
        format!("{}{}", place(cell.anchor.as_deref()), self.inlines(&cell.text, true))
    }

    fn members(&self, title: &str, members: &[Member]) -> String {
        let typed = members.iter().any(|member| member.type_link.is_some());
        let heads: &[&str] = if typed { &["Name", "Type", "Description"] } else { &["Name", "Description"] };
        let row = |member: &Member| {
            let name = format!("{}{}", place(Some(&member.anchor)), code_span(&member.name, true));
            let kind = typed
                .then(|| member.type_link.as_ref().map(|link| self.inline(link, true)).unwrap_or_default());
            let texts =
                member.description.iter().chain(&member.arguments).map(|text| self.inlines(text, true));
            let description = texts.collect::<Vec<_>>().join("<br />");
            let cells: Vec<_> = [Some(name), kind, Some(description)].into_iter().flatten().collect();
            format!("\n| {} |", cells.join(" | "))
        };
        let rows: String = members.iter().map(row).collect();
        let head = self.table(heads, &[], "");
        format!("{}\n\n{head}{rows}", heading(2, title, &slug(title)))
    }

    fn parameter(&self, parameter: &Parameter) -> String {
        let mut text = format!("  * **{}**  \n", escape(parameter.name, false));
        let line = |line: &Vec<Inline>| format!("    {}  \n", self.line(line));
        text.extend(parameter.lines.iter().map(line));
        if !parameter.values.is_empty() {
            let table = self.table(&["Value", "Description"], &parameter.values, "    ");
            let _ = write!(text, "\n{table}\n\n");
        }
        text.extend(parameter.below.iter().map(line));
        text.trim_end().to_owned()
    }

    /// Inlines at the beginning of a line, where signs may mean more than elsewhere.
    fn line(&self, inlines: &[Inline]) -> String {
        guard_start(&self.inlines(inlines, false))
    }

    fn inlines(&self, inlines: &[Inline], in_table: bool) -> String {
        inlines.iter().map(|inline| self.inline(inline, in_table)).collect()
    }

    fn inline(&self, inline: &Inline, in_table: bool) -> String {
        match inline {
            Inline::Text(text) => escape(text, in_table),
            Inline::Code(text) | Inline::Tag(text) => code_span(text, in_table),
            Inline::Strong(text) => format!("__{}__", escape(text, in_table)),
            Inline::Break => "<br />".to_owned(),
            Inline::Link(Target::Url(url), text) if *text == [Inline::Text(url.clone())] => {
                format!("<{url}>")
            }
            Inline::Link(target, text) => {
                format!("[{}]({})", self.inlines(text, in_table), address(&self.page.path, target))
            }
            Inline::Pill(target, kind, name, written) => format!(
                "[{}]({} \"Go to {} {name}\")",
                code_span(written, in_table),
                address(&self.page.path, target),
                kind.label
            ),
        }
    }
}

fn heading(level: u8, text: &str, anchor: &str) -> String {
    let marks = "#".repeat(level.into());
    // Tools make the anchor of a heading from its text; one that they would not make is written out.
    let written = if slug(text) == anchor { String::new() } else { format!("{}\n\n", place(Some(anchor))) };
    format!("{written}{marks} {}", escape(text, false))
}

fn place(anchor: Option<&str>) -> String {
    anchor.map(|anchor| format!("<a id=\"{anchor}\"></a>")).unwrap_or_default()
}

/// Text as Markdown shows it, sign for sign.
fn escape(text: &str, in_table: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (index, &c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| chars.get(before));
        let after = chars.get(index + 1);
        match c {
            '\\' | '`' | '*' | '[' | ']' => out.extend(['\\', c]),
            // Within a word an underscore is one.
            '_' if ![before, after].iter().all(|c| c.is_some_and(|c| c.is_alphanumeric())) => {
                out.push_str("\\_");
            }
            '<' => out.push_str("&lt;"),
            '~' => out.push_str("&#126;"),
            '&' if after.is_some_and(|c| c.is_alphanumeric() || *c == '#') => out.push_str("&amp;"),
            '|' if in_table => out.push_str("\\|"),
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Takes from the first sign of a line what it would mean there.
fn guard_start(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = line.split_at(digits);
    let marks = if digits == 0 { &['#', '+', '-', '>', '='][..] } else { &['.', ')'][..] };
    match rest.chars().next() {
        Some('=') => format!("&#61;{}", &rest[1..]),
        Some(')') if digits > 0 => format!("{number}&#41;{}", &rest[1..]),
        Some(first) if marks.contains(&first) => format!("{number}\\{rest}"),
        _ => line.to_owned(),
    }
}

/// A code span (CommonMark, section 6.1): the fence is longer than any run of backquotes within.
fn code_span(text: &str, in_table: bool) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let text = if in_table { text.replace('|', "\\|") } else { text };
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A scalar of YAML, in quotes only where it needs them.
fn yaml(text: &str) -> String {
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '–' | '_' | '(' | ')' | '/' | '$');
    let word = text.starts_with(|c: char| c.is_alphabetic()) && text.chars().all(plain);
    if word && !matches!(text, "true" | "false" | "null" | "yes" | "no" | "on" | "off") {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The table of contents, as `DocFX` reads it.
fn toc(site: &Site) -> String {
    let mut toc = String::from("- name: Reference\n  href: index.md\n");
    let mut group = "";
    for part in &site.parts {
        if part.group != group {
            group = part.group;
            let _ = write!(toc, "- name: {}\n  items:\n", yaml(group));
        }
        let _ = write!(toc, "  - name: {}\n    href: {}.md\n", yaml(&part.title), part.landing);
        if !part.entries.is_empty() {
            toc.push_str("    items:\n");
        }
        for (title, path) in &part.entries {
            let _ = write!(toc, "    - name: {}\n      href: {path}.md\n", yaml(title));
        }
    }
    toc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stay_signs() {
        assert_eq!(
            escape("a_b _c_ [x] <y> `z` &amp; A&B a|b", true),
            "a_b \\_c\\_ \\[x\\] &lt;y> \\`z\\` &amp;amp; A&amp;B a\\|b"
        );
        assert_eq!(guard_start("# x"), "\\# x");
        assert_eq!(guard_start("12. x"), "12\\. x");
        assert_eq!(code_span("a`b", false), "``a`b``");
        assert_eq!(code_span("`", false), "`` ` ``");
        assert_eq!(yaml("Errors: all"), "\"Errors: all\"");
        assert_eq!(
            yaml("APIAccessTokenCode – Objects – GraphQL API"),
            "APIAccessTokenCode – Objects – GraphQL API"
        );
    }
}
