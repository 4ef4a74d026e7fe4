//! What `$search` says.

/// A condition of `$search`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// A word, or a phrase in double quotes.
    Term(String),
    /// `'…'`: a text that is not finished, as it is looked for while somebody types.
    Incomplete(String),
    /// `NOT`
    Not(Box<Search>),
    /// All of them: `AND`, or nothing but space between them.
    And(Vec<Search>),
    /// `OR`: at least one of them.
    Or(Vec<Search>),
}

/// Whether a word can stand for itself, without the quotes of a phrase.
pub fn is_search_word(text: &str) -> bool {
    !matches!(text, "" | "AND" | "OR" | "NOT")
        && !text.starts_with('\'')
        && text.chars().all(continues_search_word)
}

/// Whether a character may stand in a word (`searchChar`, and `'` behind the first).
pub(crate) fn continues_search_word(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !matches!(c, '(' | ')' | '"' | ';')
}
