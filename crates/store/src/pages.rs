//! Pages of rows for bound queries.

use std::collections::HashMap;

use model::query::{BoundExpand, BoundQuery, Expanded, Expansion, Object, Order, Page, QueryError};
use model::{Attribute, Property, Uuid, Value};
use sea_query::{Condition, Expr, ExprTrait, Func, NullOrdering, Query, SelectStatement};

use crate::cell::{Cell, bound};
use crate::expr::condition;
use crate::{Read, StoreError};

/// How many rows of collections one page may include.
const MAX_CHILDREN: u64 = 10_000;

impl Read<'_> {
    /// Reads one page: at most `query.top` rows, and with them what the query expands.
    pub fn page(&self, query: &BoundQuery) -> Result<Page, StoreError> {
        let count = if query.count { Some(self.count(query)?) } else { None };
        let wanted = query.top.unwrap_or(MAX_CHILDREN);
        let mut objects =
            if wanted == 0 { Vec::new() } else { self.objects(query, query.skip, wanted.saturating_add(1))? };
        let more = objects.len() as u64 > wanted;
        objects.truncate(usize::try_from(wanted).unwrap_or(usize::MAX));
        let next = if more { objects.last().map(|last| position(query, last)) } else { None };
        self.expand(query, &mut objects)?;
        Ok(Page { objects, count, next })
    }

    /// Counts the rows that match, however many a page takes.
    pub fn count(&self, query: &BoundQuery) -> Result<u64, StoreError> {
        let entity = query.entity();
        let mut statement = Query::select();
        let all = Func::count(Expr::col((entity.table, Attribute::ID_COLUMN)));
        statement.expr(all).from(entity.table).and_where(condition(entity, query.filter()));
        let first = self.query_dynamic(&statement)?.into_iter().flatten().next();
        let count = first.map_or(Ok(0), Cell::int)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    fn objects(&self, query: &BoundQuery, offset: u64, limit: u64) -> Result<Vec<Object>, StoreError> {
        let rows = self.query_dynamic(&select(query, offset, limit))?;
        rows.into_iter().map(|row| object(query, row)).collect()
    }

    fn expand(&self, query: &BoundQuery, objects: &mut [Object]) -> Result<(), StoreError> {
        for expand in query.expand() {
            match expand.expansion {
                Expansion::Reference(reference) => self.expand_reference(expand, reference.name, objects)?,
                Expansion::Collection(collection) => {
                    let via = collection.target().reference(collection.via);
                    if let Some(via) = via.map(Property::Reference) {
                        self.expand_collection(expand, via, objects)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn expand_reference(
        &self,
        expand: &BoundExpand,
        name: &'static str,
        objects: &mut [Object],
    ) -> Result<(), StoreError> {
        let mut ids: Vec<Uuid> = objects.iter().filter_map(|object| object.guid(name)).collect();
        ids.sort_unstable();
        ids.dedup();
        let query = expand.query.clone().limited_to(
            Property::Attribute(expand.query.entity().id()),
            ids.into_iter().map(Value::Guid).collect(),
        );
        let mut found = self.objects(&query, 0, MAX_CHILDREN)?;
        self.expand(&query, &mut found)?;
        let found: HashMap<Uuid, Object> = found.into_iter().map(|object| (object.id, object)).collect();
        for object in objects {
            let target = object.guid(name).and_then(|id| found.get(&id)).cloned();
            object.expanded.push((name, Expanded::One(target.map(Box::new))));
        }
        Ok(())
    }

    fn expand_collection(
        &self,
        expand: &BoundExpand,
        via: Property,
        objects: &mut [Object],
    ) -> Result<(), StoreError> {
        let owners = objects.iter().map(|object| Value::Guid(object.id)).collect();
        let query = expand.query.clone().limited_to(via, owners);
        let mut children = self.objects(&query, 0, MAX_CHILDREN + 1)?;
        if children.len() as u64 > MAX_CHILDREN {
            let limit = usize::try_from(MAX_CHILDREN).unwrap_or(usize::MAX);
            return Err(QueryError::TooMuch { what: "the number of expanded rows", limit }.into());
        }
        self.expand(&query, &mut children)?;
        let mut by_owner: HashMap<Uuid, Vec<Object>> = HashMap::new();
        for child in children {
            if let Some(owner) = child.guid(via.name()) {
                by_owner.entry(owner).or_default().push(child);
            }
        }
        for object in objects {
            let own = by_owner.remove(&object.id).unwrap_or_default();
            let count = query.count.then_some(own.len() as u64);
            let skip = usize::try_from(query.skip).unwrap_or(usize::MAX);
            let top = query.top.and_then(|top| usize::try_from(top).ok()).unwrap_or(usize::MAX);
            let taken = own.into_iter().skip(skip).take(top).collect();
            object.expanded.push((expand.expansion.name(), Expanded::Many(taken, count)));
        }
        Ok(())
    }
}

fn select(query: &BoundQuery, offset: u64, limit: u64) -> SelectStatement {
    let entity = query.entity();
    let mut statement = Query::select();
    statement.from(entity.table);
    statement.columns([Attribute::ID_COLUMN, Attribute::VERSION_COLUMN].map(|column| (entity.table, column)));
    statement.columns(query.fetched().iter().filter_map(|property| Some((entity.table, property.column()?))));
    statement.and_where(condition(entity, query.filter()));
    if let Some(after) = query.after() {
        statement.cond_where(behind(entity.table, query.order(), after));
    }
    for key in query.order() {
        let column = (entity.table, key.attribute.column.unwrap_or(Attribute::ID_COLUMN));
        // Null comes before every value (OData 4.01, part 2, 5.1.3).
        let (order, nulls) = if key.descending {
            (sea_query::Order::Desc, NullOrdering::Last)
        } else {
            (sea_query::Order::Asc, NullOrdering::First)
        };
        if key.attribute.nullable {
            statement.order_by_with_nulls(column, order, nulls);
        } else {
            statement.order_by(column, order);
        }
    }
    statement.limit(limit);
    if offset > 0 {
        statement.offset(offset);
    }
    statement
}

/// The rows behind a position in the order: greater in the first key in which they differ.
fn behind(table: &'static str, order: &[Order], after: &[Value]) -> Condition {
    let mut any = Condition::any();
    let mut equal = Condition::all();
    for (key, value) in order.iter().zip(after) {
        let column = || Expr::col((table, key.attribute.column.unwrap_or(Attribute::ID_COLUMN)));
        let bound = bound(value, key.attribute.data_type);
        let null = value.is_null();
        let beyond = match (null, key.descending) {
            (true, true) => None,
            (true, false) => Some(column().is_not_null()),
            (false, false) => Some(column().gt(bound.clone())),
            (false, true) if key.attribute.nullable => {
                Some(column().lt(bound.clone()).or(column().is_null()))
            }
            (false, true) => Some(column().lt(bound.clone())),
        };
        if let Some(beyond) = beyond {
            any = any.add(equal.clone().add(beyond));
        }
        equal = equal.add(if null { column().is_null() } else { column().eq(bound) });
    }
    Condition::all().add_option(leading(table, order, after)).add(any)
}

/// What the first key alone says, so that an index can be entered in the right place.
fn leading(table: &'static str, order: &[Order], after: &[Value]) -> Option<Expr> {
    let (key, value) = order.first().zip(after.first())?;
    let column = Expr::col((table, key.attribute.column?));
    let bound = bound(value, key.attribute.data_type);
    match (value.is_null(), key.descending) {
        (false, false) => Some(column.gte(bound)),
        (false, true) if !key.attribute.nullable => Some(column.lte(bound)),
        _ => None,
    }
}

fn position(query: &BoundQuery, last: &Object) -> Vec<Value> {
    let value = |key: &Order| last.value(key.attribute.name).cloned().unwrap_or(Value::Guid(last.id));
    query.order().iter().map(value).collect()
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
