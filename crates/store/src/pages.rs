//! Pages of rows for bound queries.

use model::query::{BoundQuery, Comparison, Expr as Filter, Object, Order, Page};
use model::{Attribute, Property, Value};
use sea_query::{Condition, Expr, ExprTrait, Func, NullOrdering, OrderedStatement, Query, SelectStatement};

use crate::cell::{Cell, bound};
use crate::expr::condition;
use crate::{Read, StoreError, state};

/// Maximum number of rows of a page, and of included rows of a collection.
pub(crate) const MAX_ROWS: u64 = 10_000;

impl Read<'_> {
    /// Reads one page: at most `query.top` rows, and never more than 10,000, with their included references
    /// and collections. If the query starts after a position, `skip` was applied before that position.
    pub fn page(&self, query: &BoundQuery) -> Result<Page, StoreError> {
        let count = if query.count { Some(self.count(query)?) } else { None };
        let wanted = query.top.map_or(MAX_ROWS, |top| Ord::min(top, MAX_ROWS));
        let mut objects = if wanted == 0 { Vec::new() } else { self.objects(query, query.skip, wanted + 1)? };
        let more = objects.len() as u64 > wanted;
        objects.truncate(usize::try_from(wanted).unwrap_or(usize::MAX));
        let next = if more { objects.last().map(|last| query.position(last)) } else { None };
        self.expand(query, &mut objects)?;
        Ok(Page { objects, count, next })
    }

    /// Counts all matching rows, regardless of the page size.
    pub fn count(&self, query: &BoundQuery) -> Result<u64, StoreError> {
        let entity = query.entity();
        let mut statement = Query::select();
        let all = Func::count(Expr::col((entity.table, Attribute::ID_COLUMN)));
        statement.expr(all).from(entity.table).and_where(condition(entity, query.filter()));
        let first = self.query_dynamic(&statement)?.into_iter().flatten().next();
        let count = first.map_or(Ok(0), Cell::int)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Returns the engine's plan of a page, line by line, for tests of the indexes.
    #[doc(hidden)]
    pub fn explain(&self, query: &BoundQuery) -> Result<Vec<String>, StoreError> {
        let ranges =
            query.after().map(|after| ranges(query.entity().table, unique_prefix(query.order()), after));
        let ranges = ranges.map_or_else(|| vec![None], |ranges| ranges.into_iter().map(Some).collect());
        let mut lines = Vec::new();
        for range in ranges {
            let mut statement = select(query, range);
            statement.limit(query.top.unwrap_or(MAX_ROWS));
            lines.append(&mut self.plan(&self.dialect().dynamic(&statement))?);
        }
        Ok(lines)
    }

    /// Reads the first rows of a query: after its position or, without one, after the skipped rows.
    pub(crate) fn objects(
        &self,
        query: &BoundQuery,
        skip: u64,
        limit: u64,
    ) -> Result<Vec<Object>, StoreError> {
        let Some(after) = query.after() else {
            let mut statement = select(query, None);
            statement.limit(limit);
            if skip > 0 {
                // Both engines use signed numbers; no offset is that large.
                statement.offset(Ord::min(skip, i64::MAX.unsigned_abs()));
            }
            return self.objects_of(query, &statement);
        };
        let mut objects = Vec::new();
        for range in ranges(query.entity().table, unique_prefix(query.order()), after) {
            let missing = limit.saturating_sub(objects.len() as u64);
            if missing == 0 {
                break;
            }
            let mut statement = select(query, Some(range));
            statement.limit(missing);
            objects.append(&mut self.objects_of(query, &statement)?);
        }
        Ok(objects)
    }

    pub(crate) fn objects_of(
        &self,
        query: &BoundQuery,
        statement: &SelectStatement,
    ) -> Result<Vec<Object>, StoreError> {
        let rows = self.query_dynamic(statement)?;
        rows.into_iter().map(|row| object(query, row)).collect()
    }
}

/// Returns the columns of a query's rows, in the order in which [`Read::objects_of`] reads them.
pub(crate) fn columns(query: &BoundQuery) -> impl Iterator<Item = &'static str> {
    let fetched = query.fetched().iter().filter_map(|property| property.column());
    [Attribute::ID_COLUMN, Attribute::VERSION_COLUMN].into_iter().chain(fetched)
}

/// Returns the value of a column, which is stored or derived.
pub(crate) fn value_of(query: &BoundQuery, column: &'static str) -> Expr {
    let is_derived = |property: &Property| match property {
        Property::Attribute(attribute) => attribute.derived && attribute.column == Some(column),
        Property::Reference(_) => false,
    };
    if query.fetched().iter().any(is_derived) {
        return state::derived(query.entity(), query.now());
    }
    Expr::col((query.entity().table, column))
}

/// Selects the rows of a query, optionally restricted to a range of its order.
fn select(query: &BoundQuery, range: Option<Condition>) -> SelectStatement {
    let entity = query.entity();
    let mut statement = Query::select();
    statement.from(entity.table);
    statement.exprs(columns(query).map(|column| value_of(query, column)));
    statement.and_where(condition(entity, &residual_filter(query)));
    if let Some(range) = range {
        statement.cond_where(range);
    }
    ordered(&mut statement, entity.table, query.order());
    statement
}

/// Returns the filter without the conditions that the position implies. With two bounds at the same end of
/// a range, an engine starts its index scan at one of them, which must be the position.
fn residual_filter(query: &BoundQuery) -> Filter {
    let (Some(key), Some(after)) = (query.order().first(), query.after().and_then(<[_]>::first)) else {
        return query.filter().clone();
    };
    strip_implied(query.filter(), key, after)
}

fn strip_implied(filter: &Filter, key: &Order, after: &Value) -> Filter {
    match filter {
        Filter::And(all) => {
            all.iter().map(|inner| strip_implied(inner, key, after)).fold(Filter::Const(true), Filter::and)
        }
        Filter::Compare(Property::Attribute(attribute), comparison, bound)
            if attribute.name == key.attribute.name =>
        {
            let same_end = match comparison {
                Comparison::Gt | Comparison::Ge => !key.descending,
                Comparison::Lt | Comparison::Le => key.descending,
                Comparison::Eq | Comparison::Ne => false,
            };
            let is_met = match (after, bound) {
                (Value::Time(after), Value::Time(bound)) => comparison.holds(after.cmp(bound)),
                (Value::Int(after), Value::Int(bound)) => comparison.holds(after.cmp(bound)),
                _ => false,
            };
            if same_end && is_met { Filter::Const(true) } else { filter.clone() }
        }
        other => other.clone(),
    }
}

/// Adds the order of the rows.
pub(crate) fn ordered(statement: &mut impl OrderedStatement, table: &'static str, order: &[Order]) {
    for key in unique_prefix(order) {
        let column = (table, column_of(key));
        // Null sorts before all values (OData 4.01, part 2, 5.1.3).
        let (order, nulls) = if key.descending {
            (sea_query::Order::Desc, NullOrdering::Last)
        } else {
            (sea_query::Order::Asc, NullOrdering::First)
        };
        // Indexes of unique columns have no NULLS clause, all others have one.
        if is_distinct(key.attribute) {
            statement.order_by(column, order);
        } else {
            statement.order_by_with_nulls(column, order, nulls);
        }
    }
}

/// Returns the rows after a position as ranges that are consecutive in the order. Each range has one
/// condition on a key and fixes the keys before it, so that the index scan starts at the beginning of the
/// range.
fn ranges(table: &'static str, order: &[Order], after: &[Value]) -> Vec<Condition> {
    let mut levels = Vec::new();
    let mut same = Condition::all();
    for (key, value) in order.iter().zip(after) {
        let column = || Expr::col((table, column_of(key)));
        let bound = || bound(value, key.attribute.data_type);
        // Null sorts before all values in ascending order, and after them in descending order.
        let beyond = match (value.is_null(), key.descending) {
            (true, true) => vec![],
            (true, false) => vec![column().is_not_null()],
            (false, false) => vec![column().gt(bound())],
            (false, true) if key.attribute.nullable => vec![column().lt(bound()), column().is_null()],
            (false, true) => vec![column().lt(bound())],
        };
        levels.push(beyond.into_iter().map(|beyond| same.clone().add(beyond)).collect::<Vec<_>>());
        same = same.add(if value.is_null() { column().is_null() } else { column().eq(bound()) });
    }
    levels.into_iter().rev().flatten().collect()
}

/// Returns the keys up to the first unique one; later keys have no effect.
fn unique_prefix(order: &[Order]) -> &[Order] {
    let unique = order.iter().position(|key| is_distinct(key.attribute));
    unique.map_or(order, |last| &order[..=last])
}

fn is_distinct(attribute: &Attribute) -> bool {
    !attribute.nullable && (attribute.unique || attribute.column == Some(Attribute::ID_COLUMN))
}

fn column_of(key: &Order) -> &'static str {
    key.attribute.column.unwrap_or(Attribute::ID_COLUMN)
}

fn object(query: &BoundQuery, row: Vec<Cell>) -> Result<Object, StoreError> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    let id = next().uuid()?;
    let version = next().int()?;
    let mut values = Vec::with_capacity(query.fetched().len());
    for property in query.fetched() {
        values.push((*property, next().into_value(property.data_type())?));
    }
    Ok(Object { entity: query.entity(), id, version, values, expanded: Vec::new() })
}
