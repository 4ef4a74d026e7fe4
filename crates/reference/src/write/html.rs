//! Pages as HTML: the rendered Markdown in a frame with the navigation. It works from a file, without a network and without
//! scripts; the script adds the search.

use std::fmt::Write as _;

use super::render::render;
use super::signs::{breakable, escape};
use super::{File, markdown, relative, search, shortened};
use crate::page::{Block, Page, slug};
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
    let content = render(&markdown::body(page), page.kind.is_some());
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
{content}</main>
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
