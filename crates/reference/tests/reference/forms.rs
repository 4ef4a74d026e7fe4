//! Both forms of a page say the same, their links lead somewhere, and no text is taken for more than text.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use reference::page::{Target, plain};
use reference::site::{anchors, links};
use reference::write::{html, markdown};

use crate::everything;

/// The words of a page in Markdown, as a reader of CommonMark shows them; heads of tables are left out.
fn words_of_markdown(page: &str) -> Vec<String> {
    let body = page.splitn(3, "---\n").nth(2).unwrap();
    let mut text = String::new();
    let mut in_head = false;
    for event in Parser::new_ext(body, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableHead) => in_head = true,
            Event::End(TagEnd::TableHead) => in_head = false,
            Event::Text(piece) | Event::Code(piece) if !in_head => text.push_str(&piece),
            Event::Start(Tag::Item) | Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::InlineHtml(tag) | Event::Html(tag) => {
                let known =
                    tag.starts_with("<a id=\"") || tag.starts_with("</a>") || tag.starts_with("<br />");
                assert!(known, "no HTML of a description is HTML: {tag}");
                text.push(' ');
            }
            Event::End(TagEnd::Link | TagEnd::Strong | TagEnd::Emphasis) => {}
            Event::End(_) => text.push(' '),
            _ => {}
        }
    }
    words(&text)
}

/// The words of a page in HTML; heads of tables are left out.
fn words_of_html(page: &str) -> Vec<String> {
    let main =
        page.split_once("<main id=\"main\" tabindex=\"-1\">").unwrap().1.split_once("</main>").unwrap().0;
    let main = match main.split_once("</nav>") {
        Some((_, rest)) => rest,
        None => main,
    };
    let mut text = String::new();
    let mut in_head = false;
    for (index, piece) in main.split('<').enumerate() {
        let (tag, content) = if index == 0 { ("", piece) } else { piece.split_once('>').unwrap() };
        match tag.split(' ').next().unwrap() {
            "thead" => in_head = true,
            "/thead" => in_head = false,
            _ => {}
        }
        if !["a", "/a", "b", "/b", "code", "/code", "span", "/span"].contains(&tag.split(' ').next().unwrap())
        {
            text.push(' ');
        }
        if !in_head {
            text.push_str(&unescape(content));
        }
    }
    words(&text)
}

fn unescape(text: &str) -> String {
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    signs.iter().fold(text.to_owned(), |text, (written, sign)| text.replace(written, sign))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn both_forms_say_the_same() {
    let site = everything();
    let pages: BTreeMap<_, _> =
        html::files(&site).into_iter().map(|file| (file.path, file.content)).collect();
    for page in &site.pages {
        let said = words_of_markdown(&markdown::write(page));
        let html = words_of_html(&pages[&format!("{}.html", page.path)]);
        for (index, (left, right)) in said.iter().zip(&html).enumerate() {
            let around = index.saturating_sub(5)..(index + 5).min(said.len()).min(html.len());
            assert_eq!(left, right, "{}: {:?} | {:?}", page.path, &said[around.clone()], &html[around]);
        }
        assert_eq!(said.len(), html.len(), "{}", page.path);
        assert!(said.len() > 5, "{} says nothing", page.path);
    }
}

#[test]
fn links_lead_to_pages_and_places() {
    let site = everything();
    let places: BTreeMap<_, _> = site
        .pages
        .iter()
        .map(|page| {
            (
                page.path.as_str(),
                anchors(page).into_iter().map(|(anchor, ..)| anchor).collect::<BTreeSet<_>>(),
            )
        })
        .collect();
    assert_eq!(places.len(), site.pages.len(), "every page has a path of its own");
    let mut followed = 0;
    for page in &site.pages {
        for link in links(page) {
            followed += 1;
            match link {
                Target::Page(path) => assert!(places.contains_key(path.as_str()), "{}: {path}", page.path),
                Target::Anchor(path, anchor) => {
                    let place = places.get(path.as_str()).is_some_and(|places| places.contains(anchor));
                    assert!(place, "{}: {path}#{anchor}", page.path);
                }
                Target::File(file) => assert!(site.files.iter().any(|(name, _)| name == file), "{file}"),
                Target::Url(url) => assert!(url.starts_with("http"), "{url}"),
            }
        }
    }
    assert!(followed > 150, "{followed}");
}

#[test]
fn every_page_is_in_the_navigation_and_says_what_it_is_about() {
    let site = everything();
    for page in &site.pages {
        assert!(page.path == "index" || site.part_of(&page.path).is_some(), "{}", page.path);
        assert!(!plain(&page.summary).is_empty(), "{} has no description", page.path);
    }
}
