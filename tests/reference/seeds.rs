//! The original pages: every fact of theirs is on the generated page, and is found there by the same
//! extraction script.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::{generated, root};

fn facts_folder() -> PathBuf {
    root().join("tests/facts")
}

/// Returns the facts that the script finds on a page.
fn extract(name: &str, page: &str) -> Value {
    let path = std::env::temp_dir().join(format!("{}-{name}", std::process::id()));
    std::fs::File::create(&path).unwrap().write_all(page.as_bytes()).unwrap();
    let output =
        Command::new("python3").arg("-B").arg(facts_folder().join("extract.py")).arg(&path).output().unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn known(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(facts_folder().join(name)).unwrap()).unwrap()
}

/// Addresses of the original pages, and their equivalents in the reference.
const OURS: [(&str, &str); 3] = [
    ("/docs/apis/graphql/schemas/", "../"),
    ("https://docs.erp.net/tech/advanced/concepts/aggregates.html", "../concepts/aggregates.md"),
    ("https://testdb.my.erp.net/", "http://127.0.0.1:8080/"),
];

/// Returns the equivalent of an original address or text. The page of a type has no extension there, and
/// `.html` here.
fn ours(text: &str) -> String {
    let known = OURS.iter().find_map(|(theirs, ours)| Some((theirs, text.strip_prefix(theirs)?, ours)));
    let Some((theirs, rest, ours)) = known else { return text.to_owned() };
    let ending = if theirs.ends_with("schemas/") { ".html" } else { "" };
    // A link to a page in the same folder does not go up first.
    format!("{ours}{rest}{ending}").replace("../object/", "")
}

/// Whether everything in `wanted` is in `found`: objects can have more members, lists more items between the
/// wanted ones, in the same order.
fn check(at: &str, wanted: &Value, found: &Value, checked: &mut usize) {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            for (key, value) in wanted {
                let at = format!("{at}.{key}");
                // The text of a description with its tags is the one without them, and they are compared one
                // by one.
                if key == "description_text" {
                    continue;
                }
                // The original leaves this to its site; our page lists the rules of its entity itself.
                if ["erp.entity", "erp.type", "limit"].contains(&key.as_str()) {
                    continue;
                }
                check(&at, value, found.get(key).unwrap_or_else(|| panic!("{at} is missing")), checked);
            }
        }
        // Lists of words, such as tags and filters, must be equal.
        (Value::Array(wanted), Value::Array(found)) if !wanted.iter().any(Value::is_object) => {
            assert_eq!(wanted, found, "{at}");
            *checked += wanted.len();
        }
        (Value::Array(wanted), Value::Array(found)) => {
            let mut rest = found.iter();
            for (index, item) in wanted.iter().enumerate() {
                let same = |candidate: &&Value| identity(candidate) == identity(item);
                let twin = rest.find(same).unwrap_or_else(|| panic!("{at}: {} is missing", identity(item)));
                check(&format!("{at}[{index}]"), item, twin, checked);
            }
        }
        (Value::String(wanted), Value::String(found)) => {
            assert_eq!(&ours(wanted), found, "{at}");
            *checked += 1;
        }
        _ => {
            assert_eq!(wanted, found, "{at}");
            *checked += 1;
        }
    }
}

/// Returns the key that identifies an item of a list.
fn identity(item: &Value) -> String {
    ["name", "key", "value"].iter().find_map(|key| item.get(key)).unwrap_or(item).to_string()
}

#[test]
fn the_page_of_the_access_tokens_has_every_fact() {
    let page = &generated("md")["entities/Systems.Security.AccessTokens.md"];
    let found = extract("entity.md", page);
    let mut checked = 0;
    check("page", &known("odata-Systems.Security.AccessTokens.json"), &found, &mut checked);
    assert!(checked > 700, "{checked} facts");
}

#[test]
fn the_page_of_the_access_token_codes_has_every_fact() {
    let wanted = known("graphql-APIAccessTokenCode.json");
    let found = extract("type.html", &generated("html")["graphql/object/apiaccesstokencode.html"]);
    let mut checked = 0;
    for key in ["page", "name", "kind", "description", "fields", "interfaces"] {
        check(key, &wanted[key], &found[key], &mut checked);
    }
    assert!(checked > 50, "{checked} facts");
    let markdown = &generated("md")["graphql/object/apiaccesstokencode.md"];
    let title = wanted["front_matter"]["title"].as_str().unwrap();
    assert!(markdown.starts_with(&format!("---\ntitle: {title}\n")), "{markdown}");
    assert_eq!(wanted["front_matter"]["toc"], false);
    assert!(markdown.split("---\n").nth(1).unwrap().contains("\ntoc: false\n"), "{markdown}");
}
