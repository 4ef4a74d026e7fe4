//! Syntax tree of `$search`.

/// A condition of `$search`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// A word, or a phrase in double quotes.
    Term(String),
    /// `'…'`: an incomplete text, for search as you type.
    Incomplete(String),
    /// `NOT`
    Not(Box<Search>),
    /// A conjunction: `AND`, or only spaces between the terms.
    And(Vec<Search>),
    /// A disjunction: `OR`.
    Or(Vec<Search>),
}

/// Returns whether a text can be written as a word, without the quotes of a phrase.
pub fn is_search_word(text: &str) -> bool {
    !matches!(text, "" | "AND" | "OR" | "NOT")
        && !text.starts_with('\'')
        && text.chars().all(continues_search_word)
}

/// Returns whether a character is allowed in a word (`searchChar`, and `'` after the first).
pub(crate) fn continues_search_word(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !matches!(c, '(' | ')' | '"' | ';')
}
