//! What single pages must show, and when.

use std::collections::BTreeMap;

use super::html::{Tag, tags};
use super::samples;

fn page(name: &str) -> String {
    samples::plain().into_iter().find(|(known, _)| *known == name).unwrap().1
}

/// The words of a page without its tags, with single spaces.
fn words(name: &str) -> String {
    let separator = |tag: &Tag| if tag.name.trim_start_matches('/') == "bdi" { "" } else { " " };
    let text: String =
        tags(&page(name)).iter().map(|tag| format!("{}{}", separator(tag), tag.text)).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn assert_words(name: &str, wanted: &[&str]) {
    let words = words(name);
    for text in wanted {
        assert!(words.contains(text), "{name} lacks {text:?}: {words}");
    }
}

fn fields(name: &str) -> BTreeMap<String, Tag> {
    tags(&page(name)).into_iter().filter_map(|tag| Some((tag.get("id")?.to_owned(), tag))).collect()
}

fn buttons(name: &str) -> Vec<(String, String)> {
    let pair = |tag: &Tag| Some((tag.get("name")?.to_owned(), tag.get("value")?.to_owned()));
    tags(&page(name)).iter().filter(|tag| tag.name == "button").filter_map(pair).collect()
}

fn links(name: &str) -> Vec<String> {
    tags(&page(name))
        .iter()
        .filter(|tag| tag.name == "a")
        .filter_map(|tag| tag.get("href"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn an_approval_shows_all_that_a_person_needs_to_decide() {
    assert_words(
        "device-approval",
        &[
            "Name Grantor command line",
            "Client id grantor-cli",
            "Description The command-line tool that comes with Grantor.",
            "Registered part of Grantor",
            "In the application’s own words, not verified grantor login on build-3.example.org, by ada",
            "Create, change and delete data that you can change update",
            "Asked from 2001:db8:85a3::8a2e:370:7334",
            "Asked at 14 Mar 2026, 09:05 UTC",
            "Valid until 14 Mar 2026, 09:20 UTC",
            "WDJB-MJHT",
            "Only go on if you started this yourself and the code matches.",
        ],
    );
    let decision = |value: &str| ("decision".to_owned(), value.to_owned());
    assert_eq!(buttons("device-approval"), [decision("approve"), decision("deny")]);
}

#[test]
fn an_approval_says_what_is_missing() {
    assert_words(
        "device-approval-unknown",
        &[
            "Description none",
            "Registered by an administrator",
            "The application does not say what the request is for.",
            "it asks for no permission",
        ],
    );
}

#[test]
fn each_outcome_has_its_own_page() {
    assert_words("device-approved", &["Grantor command line may now act in your name."]);
    assert_words("device-denied", &["The application got nothing"]);
    assert_words("device-expired", &["The code has expired"]);
    assert_words("device-used", &["The code was already used"]);
}

#[test]
fn the_list_offers_to_revoke_what_is_active_and_nothing_else() {
    let page = tags(&page("tokens-all"));
    let leads = |end: &str| {
        let action = |tag: &&Tag| tag.name == "form" && tag.get("action").is_some_and(|to| to.ends_with(end));
        page.iter().filter(action).count()
    };
    assert_eq!(leads("/revoke"), 10, "four active rows of seven, and what was made with leaked tokens");
    assert_eq!(leads("/narrow"), 3, "those of them that requests carry, with more than one scope");
    assert_words(
        "tokens-all",
        &[
            "personal token",
            "without description",
            "never",
            "13 Mar 2026, 23:59 UTC 203.0.113.7",
            "2 May 2026, 10:00 UTC",
            "expired",
            "revoked",
            "used",
        ],
    );
    assert!(links("tokens-all").contains(&"/tokens?show=all&before=0197f3c2".to_owned()));
    assert_words("tokens-none", &["You have no active tokens"]);
}

#[test]
fn the_filter_marks_what_is_shown() {
    for (name, current) in [("tokens", "/tokens"), ("tokens-all", "/tokens?show=all")] {
        let page = page(name);
        let tabs = &page[page.find("class=\"tabs\"").unwrap()..];
        let marked = format!("<a href=\"{}\" aria-current=\"page\">", current.replace('&', "&#38;"));
        assert!(tabs.contains(&marked), "{name}");
        assert_eq!(tabs.matches("aria-current").count(), 1, "{name}");
    }
}

#[test]
fn a_revocation_says_what_goes_with_it() {
    assert_words("revoke", &["nothing else is revoked"]);
    assert_words("revoke-one", &["1 grant that came from it will be revoked with it."]);
    assert_words("revoke-many", &["12 grants that came from it will be revoked with it."]);
    let confirm = tags(&page("revoke-many")).iter().any(|tag| tag.get("name") == Some("confirm"));
    assert!(confirm);
}

#[test]
fn an_id_cannot_leave_its_path() {
    let (_, page) = samples::with("../x?y").into_iter().find(|(name, _)| *name == "revoke").unwrap();
    assert!(tags(&page).iter().any(|tag| tag.get("action") == Some("/tokens/..%2Fx%3Fy/revoke")));
}

#[test]
fn a_refused_form_keeps_its_values_and_says_what_is_wrong_where() {
    let fields = fields("new-token-error");
    assert_eq!(fields["description"].get("value"), Some("Nightly export"));
    assert_eq!(fields["expires_on"].get("value"), Some("2025-01-01"));
    assert_eq!(fields["allowed_ip_addresses"].text, "203.0.113.7\n10.0.0.300");
    for id in ["client_id", "description", "scope", "expiry", "expires_on", "allowed_ip_addresses"] {
        assert_eq!(fields[id].get("aria-invalid"), Some("true"), "{id}");
        assert!(fields[id].get("aria-describedby").unwrap().contains(&format!("{id}-error")), "{id}");
    }
    let selected: Vec<_> =
        tags(&page("new-token-error")).into_iter().filter(|tag| tag.get("selected").is_some()).collect();
    assert_eq!(selected.iter().filter_map(|tag| tag.get("value")).collect::<Vec<_>>(), ["warehouse", "date"]);
    assert_eq!(fields["scope-1"].get("checked"), Some(""));
    assert_eq!(fields["scope-2"].get("checked"), None);
}

#[test]
fn a_form_without_errors_has_no_alert() {
    for (name, alert) in
        [("new-token", false), ("new-token-error", true), ("set-up", false), ("set-up-error", true)]
    {
        assert_eq!(page(name).contains("role=\"alert\""), alert, "{name}");
    }
    assert_words("new-token-none", &["There is no application for which you may make tokens."]);
}

#[test]
fn a_password_is_never_written_into_a_page() {
    for name in ["sign-in", "sign-in-error", "set-up", "set-up-error"] {
        for tag in tags(&page(name)).iter().filter(|tag| tag.get("type") == Some("password")) {
            assert_eq!(tag.get("value"), None, "{name}");
        }
    }
}

#[test]
fn a_new_token_is_shown_with_a_command_that_uses_it() {
    let secret = "grt_pat_8KZ2xq0V5mY1wQ7rT3nB9sLdFhJgPcAeUiXoNvMyWz42f9Kd1";
    let fields = fields("token-created");
    assert_eq!(fields["secret"].get("value"), Some(secret));
    assert_eq!(
        fields["example"].text,
        format!(
            "curl -H 'Authorization: Bearer {secret}' \\\n\
             'https://grants.example.org/api/domain/odata/Systems_Security_AccessTokens?$top=5'"
        )
    );
    assert_words("token-created", &["it will not be shown again"]);
    assert_words("token-created-bare", &["Expires never", "Scopes none"]);
}

#[test]
fn the_frame_knows_who_is_signed_in() {
    assert_words("tokens", &["Signed in as Grace Sommer grace", "Registry", "Demonstration."]);
    let own = words("new-token");
    assert!(own.contains("Signed in as Ada Winter ada") && !own.contains("Registry"));
    assert!(!page("sign-in").contains("/signout"));
    assert_words("start", &[concat!("Grantor ", env!("CARGO_PKG_VERSION"))]);
}

#[test]
fn the_start_page_leads_on() {
    let links = links("start");
    for path in ["/signin", "/id/.well-known/openid-configuration", "/api/domain/odata/$metadata", "/graphql"]
    {
        assert!(links.iter().any(|link| link == path), "{path}");
    }
    assert!(!page("start").contains("demo.json"));
    assert_words("start-demo", &["demo.json"]);
}

#[test]
fn the_graphql_page_has_an_example() {
    assert!(page("graphql").contains("curl <bdi>https://grants.example.org</bdi>/graphql"));
    assert!(links("graphql").iter().any(|link| link == "/graphql/schema.graphql"));
}

#[test]
fn an_error_says_what_to_do_next() {
    assert_words("error-403", &["Error 403", "Open the page again, and send the form once more."]);
    assert_words("error-404", &["Error 404", "Check the address"]);
    assert_words("error-500", &["Error 500", "Try again in a moment"]);
    assert_words("error-503", &["Error 503", "not available at the moment", "Try again in a moment"]);
}
