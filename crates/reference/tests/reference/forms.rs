//! Pages show their texts, whatever is in them; their links lead to existing pages and anchors.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Options, Parser};
use reference::page::{Target, plain};
use reference::site::{anchors, links, texts};
use reference::write::{html, markdown};

use crate::everything;

/// Returns the content of a page, without its navigation.
fn content(page: &str) -> &str {
    let main =
        page.split_once("<main id=\"main\" tabindex=\"-1\">").unwrap().1.split_once("</main>").unwrap().0;
    main.split_once("</nav>").map_or(main, |(_, content)| content)
}

/// Returns the tags of a page, each with the text that follows it.
fn tags(page: &str) -> impl Iterator<Item = (&str, &str)> {
    content(page).split('<').skip(1).map(|piece| piece.split_once('>').unwrap())
}

/// Returns the visible text of a page, with white space collapsed. Only tags of inline elements separate no words.
fn visible_text(page: &str) -> String {
    let mut shown = String::new();
    for (tag, text) in tags(page) {
        let name = tag.split(' ').next().unwrap().trim_start_matches('/');
        if !["a", "b", "code", "span"].contains(&name) {
            shown.push(' ');
        }
        shown.push_str(text);
    }
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    collapsed(&signs.iter().fold(shown, |text, (written, sign)| text.replace(written, sign)))
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The declarations have every character that is markup in Markdown or HTML. The pages are Markdown that was rendered as
/// HTML, so a character that is not escaped shows up as a missing text or an unknown tag.
#[test]
fn texts_are_shown_and_are_no_markup() {
    let site = everything();
    let pages: BTreeMap<_, _> =
        html::files(&site).into_iter().map(|file| (file.path, file.content)).collect();
    let mut checked = 0;
    for page in &site.pages {
        let html = &pages[&format!("{}.html", page.path)];
        let shown = visible_text(html);
        for text in texts(page) {
            let text = collapsed(&plain(text));
            assert!(shown.contains(&text), "{} lacks {text:?}: {shown}", page.path);
            checked += 1;
        }
        for (tag, _) in tags(html) {
            let (name, attributes) = tag.trim_start_matches('/').split_once(' ').unwrap_or((tag, ""));
            let known = [
                "a", "b", "br", "caption", "code", "div", "h1", "h2", "h3", "li", "p", "pre", "span",
                "table", "tbody", "td", "th", "thead", "tr", "ul",
            ];
            assert!(known.contains(&name.trim_start_matches('/')), "{}: <{tag}>", page.path);
            for attribute in attributes.split("\" ").filter(|attribute| !attribute.is_empty()) {
                let name = attribute.split('=').next().unwrap();
                let known = ["aria-label", "class", "data-label", "href", "id", "scope", "tabindex", "title"];
                assert!(known.contains(&name), "{}: <{tag}>", page.path);
                let is_safe =
                    !attribute.starts_with("href=\"javascript:") && !attribute.starts_with("href=\"data:");
                assert!(is_safe, "{}: <{tag}>", page.path);
            }
        }
    }
    assert!(checked > 1000, "{checked}");
}

/// Other readers of the Markdown do not escape HTML as ours does.
#[test]
fn markdown_has_no_html_of_texts() {
    let mut tags = 0;
    for page in &everything().pages {
        let text = markdown::write(page);
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            if let Event::InlineHtml(tag) | Event::Html(tag) = event {
                let is_ours = tag.starts_with("<a id=\"") || ["</a>", "<br />"].contains(&&*tag);
                assert!(is_ours, "{}: {tag}", page.path);
                tags += 1;
            }
        }
    }
    assert!(tags > 100, "{tags}");
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
