//! What looks the same: the skeleton of UTS 39 (section 4), without regard to case.

use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

/// What an identifier such as a login looks like.
pub fn identifier_look(text: &str) -> String {
    let text: String = text.nfkc().collect();
    // A capital I looks like a small l, and a small m like rn: a skeleton is made of both cases.
    let look = folded(&skeleton(&text).collect::<String>());
    folded(&skeleton(&look).collect::<String>())
}

/// Articles of languages with which an imitation could begin.
const ARTICLES: [&str; 14] =
    ["the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "los", "il", "lo", "de"];

/// What a name looks like: articles at its beginning, accents, spaces and punctuation do not distinguish names. A name of
/// nothing else looks like itself.
pub fn name_look(text: &str) -> String {
    let look = without_article(&without_accents(text)).join(" ");
    let letters: String = identifier_look(&look).chars().filter(|letter| letter.is_alphanumeric()).collect();
    if letters.is_empty() { identifier_look(text) } else { letters }
}

/// Returns the looks of the single words of a name.
pub fn word_looks(text: &str) -> Vec<String> {
    words(&without_accents(text)).into_iter().map(identifier_look).collect()
}

/// Accents are combining diacritical marks after decomposition. Vowel signs of other scripts distinguish words.
fn without_accents(text: &str) -> String {
    let bare: String = text.nfkd().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)).collect();
    bare.nfc().collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

/// The words without an article before the others. It is compared by its look.
fn without_article(text: &str) -> Vec<&str> {
    let mut words = words(text);
    let is_article = |word: &&str| {
        let look = identifier_look(word);
        ARTICLES.iter().any(|article| identifier_look(article) == look)
    };
    if words.len() > 1 && words.first().is_some_and(is_article) {
        words.remove(0);
    }
    words
}

fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_have_one_look() {
        for other in [
            "team board",
            "Team  Board!",
            "Te\u{430}m bo\u{430}rd",
            "ＴＥＡＭ board",
            "Team-board",
            "The Team board",
            "Th\u{435} Team board",
            "T\u{e9}am b\u{f6}ard",
            "Te\u{301}am board",
        ] {
            assert_eq!(name_look(other), name_look("Team board"), "{other}");
        }
        for (one, other) in [("App-1", "app-I"), ("APP-l", "app-1"), ("TEAM", "tearn"), ("0", "o")] {
            assert_eq!(identifier_look(one), identifier_look(other), "{one} {other}");
        }
        assert_ne!(name_look("Team boards"), name_look("Team board"));
        assert_eq!(name_look("!!"), "!!");
        assert_eq!(name_look("The"), "the");
        assert!(word_looks("Gr\u{e4}ntor log-in").contains(&identifier_look("Grantor")));
    }
}
