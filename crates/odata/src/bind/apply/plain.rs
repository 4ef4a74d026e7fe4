//! `$apply` without groups, expressed by the other options.

use crate::OdataError;
use crate::ast::{Expr, Kind, Options, Search, Transformation};
use crate::bind::errors::not_offered;

/// Returns options without `$apply` that request the same rows.
pub(in crate::bind) fn without_apply(options: &Options) -> Result<Options, OdataError> {
    let mut plain = Options { apply: Vec::new(), ..options.clone() };
    for step in &options.apply {
        match step {
            Transformation::Identity => {}
            Transformation::Filter(filter) => plain.filter = Some(both(filter.clone(), plain.filter.take())),
            Transformation::Search(search) => {
                plain.search = Some(match plain.search.take() {
                    Some(other) => Search::And(vec![search.clone(), other]),
                    None => search.clone(),
                });
            }
            Transformation::Compute(items) => plain.compute.extend(items.iter().cloned()),
            Transformation::OrderBy(items) if options.order_by.is_empty() => plain.order_by = items.clone(),
            Transformation::OrderBy(_) => {}
            _ => return Err(not_offered("$apply with groups here", None)),
        }
    }
    Ok(plain)
}

fn both(first: Expr, other: Option<Expr>) -> Expr {
    let at = first.at;
    match other {
        Some(other) => Expr::new(Kind::And(vec![first, other]), at),
        None => first,
    }
}
