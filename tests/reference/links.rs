//! Links resolve, in both formats, and nothing is loaded from other sites.

use std::collections::BTreeSet;

use regex::Regex;

use super::{Files, generated};

/// Returns the file that a relative link leads to, and the fragment.
fn follow(from: &str, link: &str) -> (String, Option<String>) {
    let (path, anchor) =
        link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor.to_owned())));
    if path.is_empty() {
        return (from.to_owned(), anchor);
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        if part == ".." {
            parts.pop().unwrap_or_else(|| panic!("{from}: {link} leads out of the reference"));
        } else {
            parts.push(part);
        }
    }
    (parts.join("/"), anchor)
}

fn check(files: &Files, extension: &str, link: &Regex, anchors: impl Fn(&str) -> BTreeSet<String>) -> usize {
    let mut followed = 0;
    for (from, content) in files.iter().filter(|(path, _)| path.ends_with(extension)) {
        for found in link.captures_iter(content) {
            let link = &found[1];
            if link.starts_with("http") || link.starts_with("data:") {
                continue;
            }
            let (path, anchor) = follow(from, link);
            let target = files.get(&path).unwrap_or_else(|| panic!("{from}: {link} leads nowhere"));
            if let Some(anchor) = anchor {
                assert!(anchors(target).contains(&anchor), "{from}: the fragment {link} does not exist");
            }
            followed += 1;
        }
    }
    followed
}

#[test]
fn links_of_pages_lead_somewhere() {
    let id = Regex::new(r#" id="([^"]*)""#).unwrap();
    let ids = |page: &str| {
        let found: Vec<_> = id.captures_iter(page).map(|found| found[1].to_owned()).collect();
        let known: BTreeSet<_> = found.iter().cloned().collect();
        assert_eq!(known.len(), found.len(), "an id is repeated: {found:?}");
        known
    };
    let followed = check(generated("html"), ".html", &Regex::new(r#"(?:href|src)="([^"]*)""#).unwrap(), ids);
    assert!(followed > 4000, "{followed}");
}

#[test]
fn links_of_markdown_lead_somewhere() {
    let place = Regex::new(r#"(?m)<a id="([^"]*)">|^#+ (.*)$"#).unwrap();
    // The anchors that documentation tools create from headings.
    let slug = |heading: &str| heading.to_lowercase().replace(' ', "-").replace('\\', "");
    let places = |page: &str| {
        let found = place.captures_iter(page);
        found.map(|found| found.get(1).map_or_else(|| slug(&found[2]), |id| id.as_str().to_owned())).collect()
    };
    let link = Regex::new(r#"\]\(([^) ]*)(?: "[^"]*")?\)"#).unwrap();
    let followed = check(generated("md"), ".md", &link, places);
    assert!(followed > 400, "{followed}");
}

/// Files that a browser loads by itself are next to the pages.
#[test]
fn nothing_is_loaded_from_elsewhere() {
    let loaded = Regex::new(
        r#"<(?:script|link|img|iframe|form)[^>]* (?:src|href|action)="([^"]*)"|url\(([^)]*)\)|@import"#,
    )
    .unwrap();
    let mut seen = 0;
    for (path, content) in
        generated("html").iter().filter(|(path, _)| path.ends_with("ml") || path.ends_with("css"))
    {
        for found in loaded.captures_iter(content) {
            let address = found.get(1).map(|address| address.as_str()).unwrap_or_default();
            let beside = ["reference.css", "reference.js", "data:,"].iter().any(|own| address.ends_with(own));
            assert!(beside && !address.contains("//"), "{path}: {}", &found[0]);
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
}
