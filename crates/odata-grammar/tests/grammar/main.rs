//! Texts that match the rules of the ABNF, and texts that do not, with the position of the mismatch.

mod charset;
mod expressions;
mod lists;
mod literals;
mod names;
mod paths;
mod search_and_apply;

use odata_grammar::check;

/// A rule with texts that match, and texts that do not, with the position of the mismatch: a missing word is
/// reported at its first character.
pub(crate) struct Rule {
    name: &'static str,
    texts: &'static [&'static str],
    mismatches: &'static [(&'static str, usize)],
}

const AREAS: [&[Rule]; 6] = [
    expressions::RULES,
    lists::RULES,
    literals::RULES,
    paths::RULES,
    search_and_apply::RULES,
    charset::RULES,
];

fn rules() -> impl Iterator<Item = &'static Rule> {
    AREAS.into_iter().flatten()
}

#[test]
fn rules_match_their_texts() {
    let wrong: Vec<String> = rules()
        .flat_map(|rule| rule.texts.iter().map(move |text| (rule.name, *text)))
        .filter_map(|(rule, text)| {
            check(rule, text).err().map(|mismatch| format!("{rule} {text}: {mismatch:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn mismatches_are_at_the_first_character_that_does_not_match() {
    let wrong: Vec<String> = rules()
        .flat_map(|rule| rule.mismatches.iter().map(move |(text, at)| (rule.name, *text, *at)))
        .filter_map(|(rule, text, at)| match check(rule, text) {
            Err(mismatch) if mismatch.at == at => None,
            other => Some(format!("{rule} {text}: {other:?} instead of {at}")),
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_query_option_may_lack_its_dollar_and_its_name() {
    for rule in rules().filter(|rule| rule.name != "queryOptions") {
        for text in rule.texts.iter().filter_map(|text| text.strip_prefix(&format!("${}=", rule.name))) {
            // The name is not optional for a text that begins with it; a token has one name only.
            assert_eq!(check(rule.name, text), Ok(()), "{} {text}", rule.name);
            if rule.name != "skiptoken" {
                let without_dollar = format!("{}={text}", rule.name.to_uppercase());
                assert_eq!(check(rule.name, &without_dollar), Ok(()), "{without_dollar}");
            }
        }
    }
}

#[test]
fn percent_encoded_texts_are_the_same_with_positions_in_the_given_text() {
    let encode = |text: &str| -> String {
        text.chars()
            .map(|c| match c {
                '%' | '$' | '=' | '&' | '/' | '?' | '#' => c.to_string(),
                c if c.is_ascii_alphanumeric() => c.to_string(),
                c => c.to_string().bytes().map(|byte| format!("%{byte:02x}")).collect(),
            })
            .collect()
    };
    let is_decoded = |rule: &&Rule| !charset::RULES.iter().any(|sign| sign.name == rule.name);
    for rule in rules().filter(is_decoded) {
        let is_payload = rule.name.ends_with("Value");
        let encoded_whole =
            !is_payload && !matches!(rule.name, "resourcePath" | "odataRelativeUri" | "keyPredicate");
        for text in rule.texts.iter().filter(|text| encoded_whole && !text.contains('%')) {
            assert_eq!(check(rule.name, &encode(text)), Ok(()), "{} {}", rule.name, encode(text));
        }
    }
    let at = |rule, text| check(rule, text).map_err(|mismatch| mismatch.at);
    assert_eq!(at("filter", "$filter=A%20eq%20%27x"), Err(21));
    assert_eq!(at("filter", "$filter=A%20eq%20%C3%A4%20%29"), Err(26));
    assert_eq!(at("filter", "$filter=A%2"), Err(9));
    assert_eq!(at("resourcePath", "A%28%27x%27%29/$count"), Err(15));
}

#[test]
fn names_have_at_most_128_characters() {
    let name = "x".repeat(128);
    assert_eq!(check("entitySetName", &name), Ok(()));
    for rule in ["entitySetName", "commonExpr", "resourcePath"] {
        let at = check(rule, &format!("{name}y")).map_err(|mismatch| mismatch.at);
        assert_eq!(at, Err(128), "{rule}");
    }
}

#[test]
fn an_unknown_rule_is_named() {
    let mismatch = check("noRule", "x").map_err(|mismatch| (mismatch.at, mismatch.message));
    assert_eq!(mismatch, Err((0, "unknown rule 'noRule'".to_owned())));
}
