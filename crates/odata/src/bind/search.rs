//! `$search`.

use model::query::Search;

use crate::ast;

/// Converts a search to the model's notation.
pub(in crate::bind) fn search(expr: &ast::Search) -> Search {
    match expr {
        ast::Search::Term(term) | ast::Search::Incomplete(term) => Search::Term(term.clone()),
        ast::Search::Not(inner) => Search::Not(Box::new(search(inner))),
        ast::Search::And(all) => Search::And(all.iter().map(search).collect()),
        ast::Search::Or(any) => Search::Or(any.iter().map(search).collect()),
    }
}
