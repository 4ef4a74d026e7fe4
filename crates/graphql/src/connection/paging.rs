//! Pages by cursors (Relay cursor connections): a cursor is a row's position in the order, which begins the page in
//! the index.

use async_graphql::connection::PageInfo;
use authority::Fault;
use model::query::{BoundQuery, Object};
use odata::skiptoken::{Mac, decode_token, encode};

use crate::context::ResolverContext;

/// The largest number of rows of a page.
pub(crate) const MAX_PAGE: u64 = 500;
/// The default number of rows of a page.
pub(crate) const DEFAULT_PAGE: u64 = 50;

/// The paging arguments of a connection.
#[derive(Clone, Default)]
pub(crate) struct Paging {
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<String>,
    pub(crate) last: Option<i32>,
    pub(crate) before: Option<String>,
}

/// A query of one page, in the direction in which it is read.
#[derive(Clone)]
pub(super) struct Window {
    /// The query of all rows, in their order.
    pub(super) all: BoundQuery,
    /// Where the page begins, if not at the beginning.
    after: Option<Vec<model::Value>>,
    /// Where the page ends, if not at the end.
    before: Option<Vec<model::Value>>,
    size: u64,
    backwards: bool,
}

impl Window {
    pub(super) fn open(resolver: &ResolverContext, all: BoundQuery, paging: &Paging) -> Result<Self, Fault> {
        let (size, backwards) = size(paging)?;
        let position = |field: &'static str, cursor: &Option<String>| {
            cursor.as_ref().map(|cursor| read_cursor(resolver, &all, field, cursor)).transpose()
        };
        let (after, before) = (position("after", &paging.after)?, position("before", &paging.before)?);
        Ok(Self { all, after, before, size, backwards })
    }

    /// Returns the query that begins at a position in the index.
    pub(super) fn entered(&self) -> BoundQuery {
        let (begin, end) =
            if self.backwards { (&self.before, &self.after) } else { (&self.after, &self.before) };
        let mut query = if self.backwards { self.all.clone().reversed() } else { self.all.clone() };
        if let Some(end) = end {
            query = query.rows_before(end);
        }
        if let Some(begin) = begin {
            query = query.continued(begin.clone());
        }
        query.top = Some(self.size);
        query
    }

    /// Returns the query with both positions as conditions, for the pages of several owners.
    pub(super) fn limited(&self) -> BoundQuery {
        let mut query = self.all.clone();
        if let Some(after) = &self.after {
            query = query.rows_after(after);
        }
        if let Some(before) = &self.before {
            query = query.rows_before(before);
        }
        query = if self.backwards { query.reversed() } else { query };
        query.top = Some(self.size);
        query
    }

    /// The rows that were read in their order, with what lies around them.
    pub(super) fn shown(&self, resolver: &ResolverContext, mut rows: Vec<Object>, more: bool) -> Rows {
        if self.backwards {
            rows.reverse();
        }
        let rows: Vec<_> =
            rows.into_iter().map(|row| (write_cursor(resolver, &self.all, &row), row)).collect();
        let (previous, next) =
            if self.backwards { (more, self.before.is_some()) } else { (self.after.is_some(), more) };
        let info = PageInfo {
            has_previous_page: previous,
            has_next_page: next,
            start_cursor: rows.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: rows.last().map(|(cursor, _)| cursor.clone()),
        };
        Rows { rows, info }
    }
}

/// The rows of a page, each with its cursor.
pub(super) struct Rows {
    pub(super) rows: Vec<(String, Object)>,
    pub(super) info: PageInfo,
}

/// Returns the number of requested rows, and whether they are the last ones.
fn size(paging: &Paging) -> Result<(u64, bool), Fault> {
    let (field, given) = match (paging.first, paging.last) {
        (None, None) => return Ok((DEFAULT_PAGE, false)),
        (Some(_), Some(_)) => return Err(bad("last", "give 'first' or 'last', not both")),
        (Some(first), None) => ("first", first),
        (None, Some(last)) => ("last", last),
    };
    let size = u64::try_from(given).ok().filter(|size| *size <= MAX_PAGE);
    let size = size.ok_or_else(|| bad(field, &format!("a page has between 0 and {MAX_PAGE} rows")))?;
    Ok((size, field == "last"))
}

fn bad(field: &'static str, message: &str) -> Fault {
    Fault::BadField { field, message: message.to_owned() }
}

/// Returns the scope of a cursor: the kind of the rows and their order.
fn scope(all: &BoundQuery) -> String {
    let keys = all
        .order()
        .iter()
        .map(|key| format!(" {}{}", if key.descending { '-' } else { '+' }, key.attribute.name));
    keys.fold(all.entity().set_name(), |text, key| text + &key)
}

fn with_mac<T>(resolver: &ResolverContext, work: impl FnOnce(Mac<'_>) -> T) -> T {
    work(&|data: &[u8]| resolver.ctx.authenticate("graphql cursor", data))
}

fn write_cursor(resolver: &ResolverContext, all: &BoundQuery, row: &Object) -> String {
    with_mac(resolver, |mac| encode(&all.position(row), &scope(all), mac))
}

fn read_cursor(
    resolver: &ResolverContext,
    all: &BoundQuery,
    field: &'static str,
    cursor: &str,
) -> Result<Vec<model::Value>, Fault> {
    let found = with_mac(resolver, |mac| decode_token(cursor, &scope(all), mac));
    found.map_err(|_| bad(field, "this is no cursor of these rows in this order"))
}
