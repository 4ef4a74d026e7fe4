//! The characters that displayed texts may have, by the properties of Unicode 18.

use std::fmt;

use unicode_normalization::char::canonical_combining_class;
use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};
use unicode_script::{Script, UnicodeScript};

/// A character that a text may not have, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit {
    character: char,
    why: &'static str,
}

impl Unfit {
    /// The character.
    #[must_use]
    pub const fn character(self) -> char {
        self.character
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the character U+{:04X} is not allowed: {}", u32::from(self.character), self.why)
    }
}

/// The most combining marks on one letter: more of them cover the lines above and below.
const MAX_MARKS: usize = 8;
/// The canonical combining class of a virama (RFC 5892, appendix A).
const VIRAMA: u8 = 9;
const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';
const EMOJI_FORM: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';
const BLACK_FLAG: char = '\u{1f3f4}';
const LAST_TAG: char = '\u{e007f}';

/// Returns the first character that a line of text may not have: control and format characters, line separators, private
/// and unassigned code points, and what is invisible. Emoji sequences and the joiners that scripts need are allowed.
#[must_use]
pub fn unfit(text: &str) -> Option<Unfit> {
    if text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return None;
    }
    let letters: Vec<char> = text.chars().collect();
    (0..letters.len()).find_map(|at| {
        why(&letters[..at], letters[at], &letters[at + 1..]).map(|why| Unfit { character: letters[at], why })
    })
}

/// Returns a text without the characters that a line may not have.
pub(super) fn fit(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut kept = Vec::with_capacity(letters.len());
    for (at, letter) in letters.iter().enumerate() {
        if why(&kept, *letter, &letters[at + 1..]).is_none() {
            kept.push(*letter);
        }
    }
    kept.into_iter().collect()
}

/// Returns why a character is not allowed between those `before` and those `after` it.
fn why(before: &[char], letter: char, after: &[char]) -> Option<&'static str> {
    match letter.general_category() {
        GeneralCategory::Control => Some("it is a control character"),
        GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator => Some("it ends the line"),
        GeneralCategory::PrivateUse => Some("it is for private use"),
        GeneralCategory::Unassigned | GeneralCategory::Surrogate => Some("Unicode does not assign it"),
        GeneralCategory::Format if is_needed(before, letter, after) => None,
        GeneralCategory::Format => Some("it is invisible or changes the direction of text"),
        _ if letter == EMOJI_FORM && has_emoji_form(before, after) => None,
        _ if is_invisible(letter) => Some("it is invisible"),
        GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark if is_stacked(before) => {
            Some("the letter before it has too many marks")
        }
        _ => None,
    }
}

/// What is no format character by its category, but shows nothing (`Default_Ignorable_Code_Point`, and the blank of Braille).
const fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Whether a format character is part of an emoji or of a word.
fn is_needed(before: &[char], letter: char, after: &[char]) -> bool {
    match letter {
        JOINER => is_after_virama(before) || joins_emoji(before, after),
        NON_JOINER => is_after_virama(before) || separates_cursive(before, after),
        '\u{e0020}'..='\u{e007f}' => is_flag(before, letter, after),
        _ => false,
    }
}

/// RFC 5892, appendix A.1 and A.2.
fn is_after_virama(before: &[char]) -> bool {
    before.last().is_some_and(|last| canonical_combining_class(*last) == VIRAMA)
}

/// RFC 5892, appendix A.1: between letters of a script that is written joined, as in Persian words.
fn separates_cursive(before: &[char], after: &[char]) -> bool {
    let is_cursive = |letter: &char| {
        use Script::{Adlam, Arabic, Mandaic, Mongolian, Nko, Syriac};
        matches!(letter.script(), Arabic | Syriac | Mandaic | Mongolian | Nko | Adlam)
    };
    before.iter().rfind(|letter| !is_mark(**letter)).is_some_and(is_cursive)
        && after.first().is_some_and(is_cursive)
}

/// UTS 51: `ZWJ` between two emoji makes one of them.
fn joins_emoji(before: &[char], after: &[char]) -> bool {
    let last = before.iter().rfind(|letter| **letter != EMOJI_FORM);
    last.is_some_and(|letter| is_pictograph(*letter))
        && after.first().is_some_and(|letter| is_pictograph(*letter))
}

/// UTS 51: an emoji that is shown as one, or a keycap.
fn has_emoji_form(before: &[char], after: &[char]) -> bool {
    let is_key = |letter: &char| letter.is_ascii_digit() || *letter == '#' || *letter == '*';
    before
        .last()
        .is_some_and(|letter| is_pictograph(*letter) || (is_key(letter) && after.first() == Some(&KEYCAP)))
}

fn is_pictograph(letter: char) -> bool {
    !letter.is_ascii() && letter.is_emoji_char()
}

/// UTS 51: the flag of a region is a black flag with tags behind it, up to the one that ends them.
fn is_flag(before: &[char], letter: char, after: &[char]) -> bool {
    let is_tag = |letter: &char| ('\u{e0020}'..=LAST_TAG).contains(letter);
    let begins = before.iter().rfind(|letter| !is_tag(letter)) == Some(&BLACK_FLAG);
    let last = after.iter().take_while(|letter| is_tag(letter)).last().copied().unwrap_or(letter);
    begins && last == LAST_TAG && !before.ends_with(&[LAST_TAG])
}

fn is_mark(letter: char) -> bool {
    matches!(
        letter.general_category(),
        GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark | GeneralCategory::SpacingMark
    )
}

fn is_stacked(before: &[char]) -> bool {
    before.iter().rev().take_while(|letter| is_mark(**letter)).count() >= MAX_MARKS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_or_hides_text_is_named() {
        for (text, character) in [
            ("Notes\u{202e} ecafruoy", 0x202e),
            ("b\u{200b}en", 0x200b),
            ("a\u{2066}b\u{2069}", 0x2066),
            ("a\u{200f}b", 0x200f),
            ("soft\u{ad}hyphen", 0xad),
            ("\u{feff}ben", 0xfeff),
            ("two\nlines", 0x0a),
            ("two\u{2028}lines", 0x2028),
            ("bell\u{7}", 0x07),
            ("own\u{e000}", 0xe000),
            ("none\u{378}", 0x378),
            ("no\u{ffff}", 0xffff),
            ("tag\u{e0041}", 0xe0041),
            ("\u{1f3f4}\u{e0067}", 0xe0067),
            ("a\u{fe0f}", 0xfe0f),
            ("1\u{fe0f}", 0xfe0f),
            ("漢\u{e0100}", 0xe0100),
            ("blank\u{3164}", 0x3164),
            ("blank\u{2800}", 0x2800),
            ("a\u{200d}b", 0x200d),
            ("a\u{200c}b", 0x200c),
        ] {
            let found = unfit(text).map(|unfit| u32::from(unfit.character));
            assert_eq!(found, Some(character), "{text:?}");
        }
        let zalgo = format!("a{}", "\u{301}".repeat(MAX_MARKS + 1));
        assert!(unfit(&zalgo).unwrap().to_string().contains("U+0301"));
        assert_eq!(
            unfit("x\u{202e}").unwrap().to_string(),
            "the character U+202E is not allowed: it is invisible or changes the direction of text"
        );
    }

    #[test]
    fn the_names_of_people_everywhere_are_allowed() {
        for text in [
            "Ada Lovelace",
            "Elif Aydın",
            "José – “Pepe” (½)",
            "山田太郎",
            "עברית 1",
            "مرحبا",
            "می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष",
            "👨\u{200d}👩\u{200d}👧",
            "❤\u{fe0f}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "1\u{fe0f}\u{20e3}",
            "Nguyễn Thị",
            "a\u{3000}b",
            "",
        ] {
            assert_eq!(unfit(text), None, "{text:?}");
        }
    }

    /// Every code point, by itself between two letters: nothing without a visible form passes.
    #[test]
    fn no_code_point_hides_in_a_word() {
        let allowed = (0..=u32::from(char::MAX))
            .filter_map(char::from_u32)
            .filter(|letter| unfit(&format!("a{letter}b")).is_none());
        for letter in allowed {
            use GeneralCategory::{
                Control, Format, LineSeparator, ParagraphSeparator, PrivateUse, Unassigned,
            };
            let category = letter.general_category();
            let hidden = [Control, Format, LineSeparator, ParagraphSeparator, PrivateUse, Unassigned]
                .contains(&category);
            assert!(!hidden && !is_invisible(letter), "U+{:04X}", u32::from(letter));
        }
    }
}
