//! Short functions to build queries.

use model::query::{
    Actor, BoundQuery, Comparison, Condition, Expand, Literal, OrderBy, Page, Query, Search, TextCase,
    TextTest, TimePart,
};
use model::{Entity, Record, Timestamp, Uuid};
use store::{Store, StoreError};

fn path(text: &str) -> Vec<String> {
    text.split('/').map(str::to_owned).collect()
}

pub(crate) fn compare(property: &str, comparison: Comparison, literal: Literal) -> Condition {
    Condition::Compare(path(property), comparison, literal)
}

pub(crate) fn eq(property: &str, literal: Literal) -> Condition {
    compare(property, Comparison::Eq, literal)
}

pub(crate) fn ne(property: &str, literal: Literal) -> Condition {
    compare(property, Comparison::Ne, literal)
}

pub(crate) fn or_null(property: &str, comparison: Comparison, literal: Literal) -> Condition {
    Condition::OrNull(path(property), comparison, literal)
}

pub(crate) fn one_of(property: &str, literals: &[Literal]) -> Condition {
    Condition::In(path(property), literals.to_vec())
}

pub(crate) fn contains(property: &str, text: &str, case: TextCase) -> Condition {
    Condition::Text { path: path(property), test: TextTest::Contains, text: text.to_owned(), case }
}

pub(crate) fn part(property: &str, part: TimePart, comparison: Comparison, number: i64) -> Condition {
    Condition::Part(path(property), part, comparison, Some(number))
}

pub(crate) fn count(collection: &str, comparison: Comparison, number: i64) -> Condition {
    Condition::Count(path(collection), None, comparison, number)
}

pub(crate) fn searching(term: &str) -> Query {
    Query { search: Some(Search::Term(term.to_owned())), ..Query::default() }
}

pub(crate) fn any(collection: &str, inner: Condition) -> Condition {
    Condition::Any(path(collection), Some(Box::new(inner)))
}

pub(crate) fn all(collection: &str, inner: Condition) -> Condition {
    Condition::All(path(collection), Box::new(inner))
}

pub(crate) fn not(inner: Condition) -> Condition {
    Condition::Not(Box::new(inner))
}

pub(crate) fn and(left: Condition, right: Condition) -> Condition {
    Condition::And(Box::new(left), Box::new(right))
}

pub(crate) fn text(value: &str) -> Literal {
    Literal::Text(value.to_owned())
}

pub(crate) fn time(value: Timestamp) -> Literal {
    Literal::Time(value)
}

pub(crate) fn filtered(filter: Condition) -> Query {
    Query { filter: Some(filter), ..Query::default() }
}

pub(crate) fn ordered(name: &str, descending: bool) -> Query {
    Query { order_by: vec![OrderBy { name: name.to_owned(), descending }], ..Query::default() }
}

pub(crate) fn expanding(name: &str, query: Query) -> Query {
    Query { expand: vec![Expand::rows(name, query)], ..Query::default() }
}

pub(crate) fn bind(entity: &'static Entity, query: &Query, actor: Actor) -> BoundQuery {
    query.bind(entity, actor).unwrap_or_else(|error| panic!("{query:?}: {error}"))
}

/// Returns the page of a query.
pub(crate) async fn page<R: Record>(store: &Store, query: &Query, actor: Actor) -> Page {
    let bound = bind(R::entity(), query, actor);
    let answer: Result<_, StoreError> = store.read(move |read| read.page(&bound)).await;
    answer.unwrap_or_else(|error| panic!("{query:?}: {error}"))
}

/// Returns the identifiers of the rows that match a filter, in ascending order, after comparing their
/// number with the registry's count.
pub(crate) async fn found<R: Record>(store: &Store, filter: Condition, actor: Actor) -> Vec<Uuid> {
    let page = page::<R>(store, &Query { count: true, ..filtered(filter) }, actor).await;
    assert_eq!(page.count, Some(page.objects.len() as u64));
    page.objects.iter().map(|object| object.id).collect()
}
