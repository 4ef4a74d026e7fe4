//! Pages as HTML that works from a file, without a network and without scripts; the script adds the search.

use std::fmt::Write as _;

use super::{File, address, relative, search, shortened};
use crate::page::{Block, Cell, Fact, Inline, Member, Page, Parameter, Weight, slug};
use crate::site::{Part, Site};

const STYLE: &str = concat!(include_str!("../assets/tokens.css"), include_str!("../assets/reference.css"));
const SCRIPT: &str = include_str!("../assets/reference.js");

/// Every file of the reference as HTML.
pub fn files(site: &Site) -> Vec<File> {
    let file = |path: &str, content: &str| File { path: path.to_owned(), content: content.to_owned() };
    let pages = site
        .pages
        .iter()
        .map(|page| File { path: format!("{}.html", page.path), content: write(site, page) });
    let plain = site.files.iter().map(|(path, content)| file(path, content));
    let own = [
        file("reference.css", STYLE),
        file("reference.js", SCRIPT),
        File { path: "search-index.js".to_owned(), content: search::index(site) },
    ];
    pages.chain(plain).chain(own).collect()
}

/// One page.
fn write(site: &Site, page: &Page) -> String {
    let root = "../".repeat(page.path.matches('/').count());
    let kind = page.kind.map(|kind| {
        format!(
            " <span class=\"pill pill--{} pill--large\"><code>{}</code></span>",
            kind.word,
            escape(kind.label)
        )
    });
    let class = if kind.is_some() { " class=\"has-pills\"" } else { "" };
    let writer = Writer { page };
    let summary = writer.paragraph(&page.summary);
    let blocks: String = page.blocks.iter().map(|block| writer.block(block)).collect();
    format!(
        "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"color-scheme\" content=\"light dark\">
<meta name=\"description\" content=\"{description}\">
<title>{title} · Grantor</title>
<link rel=\"icon\" href=\"data:,\">
<link rel=\"stylesheet\" href=\"{root}reference.css\">
<script src=\"{root}reference.js\" defer></script>
</head>
<body>
<a class=\"skip\" href=\"#main\">Skip to the content</a>
<header class=\"top\">
<a class=\"brand\" href=\"{root}index.html\">Grantor <span>Reference</span></a>
<form class=\"search\" role=\"search\" data-root=\"{root}\" hidden>
<label class=\"hidden-text\" for=\"search\">Search the reference</label>
<input id=\"search\" type=\"search\" placeholder=\"Search\" autocomplete=\"off\" spellcheck=\"false\" aria-controls=\"found\">
<div id=\"found\" role=\"region\" aria-label=\"Search results\" aria-live=\"polite\" hidden></div>
</form>
<a class=\"to-contents\" href=\"#contents\">Contents</a>
</header>
<div class=\"columns\">
<main id=\"main\" tabindex=\"-1\">
{way}<h1{class}>{heading}{kind}</h1>
{summary}{blocks}</main>
{on_page}<nav id=\"contents\" class=\"contents\" aria-label=\"Contents\">
{contents}</nav>
</div>
<footer class=\"bottom\">Grantor {version}</footer>
</body>
</html>
",
        description = escape(&shortened(&page.summary, 160)),
        title = escape(&page.title),
        way = way(site, page),
        heading = escape(&page.heading),
        kind = kind.unwrap_or_default(),
        on_page = on_page(page),
        contents = contents(site, page),
        version = escape(&site.version),
    )
}

/// Where the page is: the links to what is above it.
fn way(site: &Site, page: &Page) -> String {
    let Some(part) = site.part_of(&page.path) else { return String::new() };
    let up = if part.landing == page.path {
        String::new()
    } else {
        format!("<li>{}</li>", link(page, &part.landing, &part.title, ""))
    };
    let group = escape(part.group);
    let home = link(page, "index", "Reference", "");
    format!("<nav class=\"way\" aria-label=\"Way\"><ol><li>{home}</li><li>{group}</li>{up}</ol></nav>\n")
}

fn link(page: &Page, path: &str, text: &str, attributes: &str) -> String {
    let to = relative(&page.path, &format!("{path}.html"));
    format!("<a href=\"{}\"{attributes}>{}</a>", escape(&to), breakable(text))
}

/// A text whose long names may be broken where a word begins in them.
fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut follows_lower = false;
    for c in text.chars() {
        if follows_lower && c.is_uppercase() {
            out.push_str("<wbr>");
        }
        follows_lower = c.is_lowercase();
        out.push_str(&escape(c.encode_utf8(&mut [0; 4])));
    }
    out
}

/// The sections of a page that has several.
fn on_page(page: &Page) -> String {
    let section = |block: &Block| match block {
        Block::Heading(2, text, anchor) => Some((text.clone(), anchor.clone())),
        Block::Members(title, _) => Some(((*title).to_owned(), slug(title))),
        _ => None,
    };
    let sections: Vec<_> = page.blocks.iter().filter_map(section).collect();
    if sections.len() < 3 {
        return String::new();
    }
    let item = |(text, anchor): &(String, String)| {
        format!("<li><a href=\"#{}\">{}</a></li>\n", escape(anchor), escape(text))
    };
    let items: String = sections.iter().map(item).collect();
    format!(
        "<nav class=\"on-page\" aria-label=\"On this page\">\n<p>On this page</p>\n<ul>\n{items}</ul>\n</nav>\n"
    )
}

/// Every page, by groups and parts; the part of the page is open.
fn contents(site: &Site, page: &Page) -> String {
    let mut out = String::new();
    let mut group = "";
    for part in &site.parts {
        if part.group != group {
            out.push_str(if group.is_empty() { "" } else { "</ul>\n" });
            group = part.group;
            let _ = write!(out, "<p>{}</p>\n<ul>\n", escape(group));
        }
        out.push_str(&contents_of(part, page));
    }
    out.push_str("</ul>\n");
    out
}

fn contents_of(part: &Part, page: &Page) -> String {
    let here = |path: &str| if path == page.path { " aria-current=\"page\"" } else { "" };
    let own = link(page, &part.landing, &part.title, here(&part.landing));
    let within = part.landing == page.path || part.entries.iter().any(|(_, path)| *path == page.path);
    if part.entries.is_empty() || !within {
        return format!("<li>{own}</li>\n");
    }
    // Below a namespace, the names in it are enough.
    let prefix = format!("{}.", part.title);
    let entry = |(title, path): &(String, String)| {
        let title = title.strip_prefix(&prefix).unwrap_or(title);
        format!("<li>{}</li>\n", link(page, path, title, here(path)))
    };
    let entries: String = part.entries.iter().map(entry).collect();
    format!("<li>{own}\n<ul>\n{entries}</ul>\n</li>\n")
}

struct Writer<'a> {
    page: &'a Page,
}

impl Writer<'_> {
    fn block(&self, block: &Block) -> String {
        match block {
            Block::Heading(level, text, anchor) => heading(*level, &escape(text), text, anchor),
            Block::Paragraph(text) => self.paragraph(text),
            Block::Facts(weight, facts) => self.facts(*weight, facts),
            Block::Table(heads, rows) => self.table(heads, rows),
            Block::List(items) => self.list(items),
            Block::Members(title, members) => self.members(title, members),
            Block::Pills(pills) => format!("<div class=\"pills\">{}</div>\n", self.separate(pills)),
            Block::Parameters(parameters) => {
                let all: String = parameters.iter().map(|parameter| self.parameter(parameter)).collect();
                format!("<h4>Parameters</h4>\n<ul class=\"parameters\">\n{all}</ul>\n")
            }
            Block::Code(_, text) => {
                format!("<pre tabindex=\"0\"><code>{}</code></pre>\n", escape(text.trim_end()))
            }
        }
    }

    fn paragraph(&self, text: &[Inline]) -> String {
        if text.is_empty() { String::new() } else { format!("<p>{}</p>\n", self.inlines(text)) }
    }

    fn facts(&self, weight: Weight, facts: &[Fact]) -> String {
        let class = if weight == Weight::Below { "facts below" } else { "facts" };
        let fact = |fact: &Fact| {
            format!("<div><dt>{}:</dt> <dd>{}</dd></div>\n", escape(fact.label), self.inlines(&fact.value))
        };
        format!("<dl class=\"{class}\">\n{}</dl>\n", facts.iter().map(fact).collect::<String>())
    }

    fn table(&self, heads: &[&str], rows: &[Vec<Cell>]) -> String {
        let head: String =
            heads.iter().map(|head| format!("<th scope=\"col\">{}</th>", escape(head))).collect();
        let rows: String = rows.iter().map(|row| self.row(heads, row)).collect();
        format!("<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n")
    }

    fn row(&self, heads: &[&str], row: &[Cell]) -> String {
        let cell = |(index, cell): (usize, &Cell)| {
            let id =
                cell.anchor.as_ref().map(|anchor| format!(" id=\"{}\"", escape(anchor))).unwrap_or_default();
            let permalink =
                cell.anchor.as_ref().map(|anchor| permalink(anchor, &crate::page::plain(&cell.text)));
            let text = format!("{}{}", self.inlines(&cell.text), permalink.unwrap_or_default());
            match index {
                0 => format!("<th scope=\"row\"{id}>{text}</th>"),
                _ => {
                    format!("<td data-label=\"{}\"{id}>{text}</td>", escape(heads.get(index).unwrap_or(&"")))
                }
            }
        };
        format!("<tr>{}</tr>\n", row.iter().enumerate().map(cell).collect::<String>())
    }

    fn list(&self, items: &[(usize, Vec<Inline>)]) -> String {
        let mut out = String::from("<ul>\n");
        let mut open = 0;
        for (index, (depth, text)) in items.iter().enumerate() {
            for _ in open..*depth {
                out.push_str("<ul>\n");
            }
            for _ in *depth..open {
                out.push_str("</ul></li>\n");
            }
            open = *depth;
            let deeper = items.get(index + 1).is_some_and(|(next, _)| next > depth);
            let _ = write!(out, "<li>{}{}", self.inlines(text), if deeper { "\n" } else { "</li>\n" });
        }
        out.push_str(&"</ul></li>\n".repeat(open));
        out.push_str("</ul>\n");
        out
    }

    /// One row a member: its name and its type, and below them what is said of it.
    fn members(&self, title: &str, members: &[Member]) -> String {
        let rows: String = members.iter().map(|member| self.member(member)).collect();
        let anchor = slug(title);
        format!(
            "<table class=\"members\">\n<caption>{}</caption>\n<tbody>\n{rows}</tbody>\n</table>\n",
            heading(2, &escape(title), title, &anchor).trim_end()
        )
    }

    fn member(&self, member: &Member) -> String {
        let kind = member.type_link.as_ref().map(|link| self.inline(link)).unwrap_or_default();
        let name = format!("<code>{}</code> {kind}", escape(&member.name));
        let said: String = member.description.iter().map(|text| self.paragraph(text)).collect();
        let argument = |text: &Vec<Inline>| format!("<li>{}</li>\n", self.inlines(text));
        let arguments: String = member.arguments.iter().map(argument).collect();
        let arguments = if arguments.is_empty() {
            String::new()
        } else {
            format!("<ul class=\"arguments\">\n{arguments}</ul>\n")
        };
        format!(
            "<tr><td>{}{said}{arguments}</td></tr>\n",
            heading(3, name.trim_end(), &member.name, &member.anchor)
        )
    }

    fn parameter(&self, parameter: &Parameter) -> String {
        let lines = |lines: &[Vec<Inline>]| lines.iter().map(|line| self.paragraph(line)).collect::<String>();
        let values = if parameter.values.is_empty() {
            String::new()
        } else {
            self.table(&["Value", "Description"], &parameter.values)
        };
        format!(
            "<li><p><b>{}</b></p>\n{}{values}{}</li>\n",
            escape(parameter.name),
            lines(&parameter.lines),
            lines(&parameter.below)
        )
    }

    fn inlines(&self, inlines: &[Inline]) -> String {
        inlines.iter().map(|inline| self.inline(inline)).collect()
    }

    fn separate(&self, inlines: &[Inline]) -> String {
        inlines.iter().map(|inline| self.inline(inline)).collect::<Vec<_>>().join(" ")
    }

    fn inline(&self, inline: &Inline) -> String {
        match inline {
            Inline::Text(text) => escape(text),
            Inline::Code(text) => format!("<code>{}</code>", escape(text)),
            Inline::Tag(text) => format!("<code class=\"tag\">{}</code>", escape(text)),
            Inline::Strong(text) => format!("<b>{}</b>", escape(text)),
            Inline::Break => "<br>".to_owned(),
            Inline::Link(target, text) => {
                let to = address(&self.page.path, target, "html");
                format!("<a href=\"{}\">{}</a>", escape(&to), self.inlines(text))
            }
            Inline::Pill(target, kind, name, written) => format!(
                "<a href=\"{}\" class=\"pill pill--{}\" title=\"Go to {} {}\"><code>{}</code></a>",
                escape(&address(&self.page.path, target, "html")),
                kind.word,
                escape(kind.label),
                escape(name),
                escape(written)
            ),
        }
    }
}

/// A heading that one can link to.
fn heading(level: u8, content: &str, name: &str, anchor: &str) -> String {
    format!("<h{level} id=\"{}\">{content}{}</h{level}>\n", escape(anchor), permalink(anchor, name))
}

/// The sign that shows where links to a place lead; the style sheet draws it.
fn permalink(anchor: &str, name: &str) -> String {
    format!(
        "<a class=\"permalink\" href=\"#{}\" aria-label=\"Permalink to {}\"></a>",
        escape(anchor),
        escape(name)
    )
}

/// Text as HTML shows it, in elements and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
