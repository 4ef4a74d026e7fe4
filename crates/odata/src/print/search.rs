//! Text form of `$search`.

use std::fmt::{self, Display, Formatter};

use crate::ast::{Search, is_search_word};

/// Returns the precedence of a condition; higher binds tighter.
const fn precedence(search: &Search) -> u8 {
    match search {
        Search::Or(_) => 0,
        Search::And(_) => 1,
        Search::Not(_) | Search::Term(_) | Search::Incomplete(_) => 2,
    }
}

impl Display for Search {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Term(text) if is_search_word(text) => f.write_str(text),
            Self::Term(text) => write!(f, "\"{text}\""),
            Self::Incomplete(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Not(inner) => {
                f.write_str("NOT ")?;
                write_part(inner, 2, f)
            }
            Self::And(all) => write_chain(all, " AND ", 2, f),
            Self::Or(any) => write_chain(any, " OR ", 1, f),
        }
    }
}

fn write_chain(all: &[Search], word: &str, least: u8, f: &mut Formatter<'_>) -> fmt::Result {
    for (index, part) in all.iter().enumerate() {
        if index > 0 {
            f.write_str(word)?;
        }
        write_part(part, least, f)?;
    }
    Ok(())
}

fn write_part(part: &Search, least: u8, f: &mut Formatter<'_>) -> fmt::Result {
    if precedence(part) < least { write!(f, "({part})") } else { part.fmt(f) }
}
