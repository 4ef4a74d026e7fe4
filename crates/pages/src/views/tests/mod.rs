//! What holds for every page: escaping, the security policy, protected forms, labelled fields, sound structure.

use std::collections::BTreeSet;

use html::{Tag, tags};

mod html;
pub(crate) mod samples;
mod shows;

/// Breaks out of text, of attributes and of scripts where a page forgets to escape it.
const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&lt;";

/// Turns the text around it where it is not isolated.
const TURNING: &str = "\u{202e}\u{5d0}\u{5d1}\u{5d2}";

/// The only page that loads from other sites: the frames that notify applications of a sign-out.
const WITH_FRAMES: &str = "signed-out-frames";
/// The pages that link to an application.
const LEADING_ON: [&str; 5] =
    [WITH_FRAMES, "signed-out-unverified", "external-redirect", "return", "return-posted"];

fn each_page(check: impl Fn(&str, &[Tag])) {
    for (name, page) in samples::plain().into_iter().chain(samples::with(HOSTILE)) {
        check(name, &tags(&page));
    }
}

#[test]
fn hostile_text_stays_text() {
    for ((name, plain), (_, hostile)) in samples::plain().iter().zip(&samples::with(HOSTILE)) {
        assert!(!hostile.contains("<script>") && !hostile.contains("<img src=x"), "{name}");
        let structure = |page: &str| tags(page).into_iter().map(|tag| tag.name).collect::<Vec<_>>();
        assert_eq!(structure(plain), structure(hostile), "{name}");
    }
}

#[test]
fn hostile_text_is_shown_as_it_is() {
    let (_, page) = samples::with(HOSTILE).into_iter().find(|(name, _)| *name == "token-created").unwrap();
    let tags = tags(&page);
    let secret = tags.iter().find(|tag| tag.get("id") == Some("secret")).unwrap();
    assert_eq!(secret.get("value"), Some(HOSTILE));
    assert!(tags.iter().any(|tag| tag.name == "bdi" && tag.text == HOSTILE));
}

#[test]
fn foreign_text_does_not_turn_the_sentence_around_it() {
    let mut isolated = 0;
    for (page, text) in samples::with(TURNING) {
        let tags = tags(&text);
        let mut open: Vec<&Tag> = Vec::new();
        for tag in &tags {
            match tag.name.strip_prefix('/') {
                Some(_) => drop(open.pop()),
                None if ["meta", "link", "input", "img", "br"].contains(&tag.name.as_str()) => {}
                None => open.push(tag),
            }
            let Some(inside) = open.last().filter(|_| tag.text.contains(TURNING)) else { continue };
            let bare = tag.text.replace(&format!("\u{2068}{TURNING}\u{2069}"), "");
            // The value of a field and a text to copy are separate elements.
            let alone = inside.name == "textarea" || (inside.name == "code" && inside.get("id").is_some());
            assert!(
                inside.name == "bdi" || alone || !bare.contains(TURNING),
                "{page}: {inside:?} {:?}",
                tag.text
            );
            isolated += 1;
        }
    }
    assert!(isolated > 200, "only {isolated} texts were looked at");
}

#[test]
fn nothing_is_inline_that_the_policy_forbids() {
    each_page(|page, tags| {
        for tag in tags {
            assert!(tag.name != "style", "{page}: a style element");
            assert!(
                tag.name != "script" || (tag.get("src").is_some() && tag.text.is_empty()),
                "{page}: {tag:?}"
            );
            assert!(tag.name != "base" && tag.name != "object", "{page}: {tag:?}");
            let framed = tag.name != "iframe" || (page == WITH_FRAMES && tag.get("sandbox").is_some());
            assert!(framed, "{page}: {tag:?}");
            for name in tag.attributes.keys() {
                assert!(name != "style" && !name.starts_with("on"), "{page}: {tag:?}");
            }
        }
    });
}

#[test]
fn everything_is_loaded_from_here() {
    for (page, text) in samples::plain() {
        for tag in tags(&text) {
            let loaded = tag.get("src").or(if tag.name == "link" { tag.get("href") } else { None });
            let is_button = tag.get("class").is_some_and(|class| class.starts_with("button"));
            let leads_on = is_button || tag.name == "iframe" || tag.name == "form";
            if LEADING_ON.contains(&page) && leads_on {
                continue;
            }
            assert!(loaded.is_none_or(|path| path.starts_with("/static/")), "{page}: {tag:?}");
            for address in ["href", "action", "formaction"].iter().filter_map(|name| tag.get(name)) {
                assert!(address.starts_with('/') || address.starts_with('#'), "{page}: {tag:?}");
            }
        }
    }
}

#[test]
fn every_form_posts_and_is_protected() {
    let mut forms = 0;
    for (page, text) in samples::plain() {
        let tags = tags(&text);
        for (at, form) in tags.iter().enumerate().filter(|(_, tag)| tag.name == "form") {
            assert_eq!(form.get("method"), Some("post"), "{page}: {form:?}");
            let inside: Vec<_> = tags[at..].iter().take_while(|tag| tag.name != "/form").collect();
            let csrf = inside.iter().filter(|tag| tag.get("name") == Some("csrf")).collect::<Vec<_>>();
            if form.get("action").is_some_and(|action| !action.starts_with('/')) {
                assert!(csrf.is_empty(), "{page}: what protects our forms is sent elsewhere");
                continue;
            }
            assert_eq!(csrf.len(), 1, "{page}: {form:?}");
            assert_eq!(
                (csrf[0].get("type"), csrf[0].get("value")),
                (Some("hidden"), Some("f0c3b1")),
                "{page}"
            );
            assert!(
                inside.iter().any(|tag| tag.name == "button" && tag.get("type") == Some("submit")),
                "{page}"
            );
            forms += 1;
        }
    }
    assert!(forms > 20, "only {forms} forms were looked at");
}

#[test]
fn every_field_has_a_label_and_its_descriptions() {
    each_page(|page, tags| {
        let values = |name: &str| tags.iter().filter_map(|tag| tag.get(name)).collect::<BTreeSet<_>>();
        let (ids, labelled) = (values("id"), values("for"));
        assert!(labelled.is_subset(&ids), "{page}: labels {:?}", labelled.difference(&ids));
        for tag in tags.iter().filter(|tag| ["input", "select", "textarea"].contains(&tag.name.as_str())) {
            let labelled = tag.get("id").is_some_and(|id| labelled.contains(id));
            assert!(labelled || tag.get("type") == Some("hidden"), "{page}: {tag:?}");
        }
        for name in ["aria-describedby", "aria-labelledby", "data-copy"] {
            for id in tags.iter().filter_map(|tag| tag.get(name)).flat_map(str::split_whitespace) {
                assert!(ids.contains(id), "{page}: {name} names {id}");
            }
        }
        for anchor in tags.iter().filter_map(|tag| tag.get("href")?.strip_prefix('#')) {
            assert!(ids.contains(anchor), "{page}: a link leads to #{anchor}");
        }
    });
}

#[test]
fn every_page_is_sound() {
    each_page(|page, tags| {
        let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
        assert_eq!((count("h1"), count("main"), count("title")), (1, 1, 1), "{page}");
        let ids: Vec<_> = tags.iter().filter_map(|tag| tag.get("id")).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{page}: an id twice in {ids:?}");
        let autofocus = tags.iter().filter(|tag| tag.get("autofocus").is_some()).count();
        assert!(autofocus <= 1, "{page}: {autofocus} fields want the focus");
        assert_nested(page, tags);
    });
}

/// Every element that has an end is ended, in the right order.
fn assert_nested(page: &str, tags: &[Tag]) {
    let mut open = Vec::new();
    for tag in tags {
        match tag.name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{page}"),
            None if ["meta", "link", "input", "img", "br"].contains(&tag.name.as_str()) => {}
            None => open.push(&tag.name),
        }
    }
    assert!(open.is_empty(), "{page}: {open:?} stay open");
}
