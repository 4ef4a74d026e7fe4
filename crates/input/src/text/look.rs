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

/// What a name looks like: spaces and punctuation tell nobody apart. A name of nothing else looks like itself.
pub fn name_look(text: &str) -> String {
    let look = identifier_look(text);
    let letters: String = look.chars().filter(|letter| letter.is_alphanumeric()).collect();
    if letters.is_empty() { look } else { letters }
}

fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_have_one_look() {
        for other in ["team board", "Team  Board!", "Te\u{430}m bo\u{430}rd", "ＴＥＡＭ board", "Team-board"]
        {
            assert_eq!(name_look(other), name_look("Team board"), "{other}");
        }
        for (one, other) in [("App-1", "app-I"), ("APP-l", "app-1"), ("TEAM", "tearn"), ("0", "o")] {
            assert_eq!(identifier_look(one), identifier_look(other), "{one} {other}");
        }
        assert_ne!(name_look("Team boards"), name_look("Team board"));
        assert_eq!(name_look("!!"), "!!");
    }
}
