//! Included rows: references and collections of the rows of a page.

use std::collections::{BTreeSet, HashMap};

use model::query::{
    BoundExpand, BoundQuery, ExpandShape, Expanded, Expansion, Expr as Bound, Object, Page, QueryError,
};
use model::{Collection, Property, Reference, Uuid, Value};
use sea_query::{Alias, Expr, ExprTrait, Func, Query, SelectStatement, WindowStatement};

use crate::cell::Cell;
use crate::expr::condition;
use crate::pages::{MAX_ROWS, columns, ordered, value_of};
use crate::{Read, StoreError};

impl Read<'_> {
    /// Adds the included references and collections to each row.
    pub(crate) fn expand(&self, query: &BoundQuery, objects: &mut [Object]) -> Result<(), StoreError> {
        if objects.is_empty() {
            return Ok(());
        }
        for expand in query.expand() {
            match expand.expansion {
                Expansion::Reference(reference) => self.expand_reference(expand, reference.name, objects)?,
                Expansion::Collection(collection) if expand.shape == ExpandShape::Count => {
                    let counts = self.counts_in(&expand.query, collection, objects)?;
                    for object in objects.iter_mut() {
                        let count = counts.get(&object.id).copied().unwrap_or(0);
                        object.expanded.push((collection.name, Expanded::Count(count)));
                    }
                }
                Expansion::Collection(collection) => self.expand_collection(expand, collection, objects)?,
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
        let mut found = self.objects(&query, 0, MAX_ROWS)?;
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
        collection: &'static Collection,
        objects: &mut [Object],
    ) -> Result<(), StoreError> {
        let Some(via) = collection.target().reference(collection.via).map(Property::Reference) else {
            return Ok(());
        };
        let query = expand.query.clone().limited_to(via, owners(objects));
        let mut children = self.expanded_children(&query, collection)?;
        if children.len() as u64 > MAX_ROWS {
            let limit = usize::try_from(MAX_ROWS).unwrap_or(usize::MAX);
            return Err(QueryError::LimitExceeded { what: "the number of expanded rows", limit }.into());
        }
        self.expand(&query, &mut children)?;
        let counts =
            if query.count { Some(self.counts_in(&expand.query, collection, objects)?) } else { None };
        let mut by_owner: HashMap<Uuid, Vec<Object>> = HashMap::new();
        for child in children {
            if let Some(owner) = child.guid(via.name()) {
                by_owner.entry(owner).or_default().push(child);
            }
        }
        for object in objects {
            let own = by_owner.remove(&object.id).unwrap_or_default();
            let count = counts.as_ref().map(|counts| counts.get(&object.id).copied().unwrap_or(0));
            object.expanded.push((collection.name, Expanded::Many(own, count)));
        }
        Ok(())
    }

    /// Reads the children of the owners, for each owner those after `skip` and up to `top`.
    fn expanded_children(
        &self,
        query: &BoundQuery,
        collection: &'static Collection,
    ) -> Result<Vec<Object>, StoreError> {
        if query.top == Some(0) {
            return Ok(Vec::new());
        }
        if query.top.is_none() && query.skip == 0 {
            return self.objects(query, 0, MAX_ROWS + 1);
        }
        self.objects_of(query, &numbered(query, collection.via_column()))
    }

    /// Reads for each owner a page of the rows that refer to it, in one statement. The query's `skip` and
    /// position are ignored.
    pub fn pages_of(
        &self,
        query: &BoundQuery,
        via: &'static Reference,
        owners: &[Uuid],
    ) -> Result<HashMap<Uuid, Page>, StoreError> {
        let wanted = query.top.map_or(MAX_ROWS, |top| Ord::min(top, MAX_ROWS));
        let values = owners.iter().copied().map(Value::Guid).collect();
        let mut query = query.clone().limited_to(Property::Reference(via), values);
        query.top = Some(wanted + 1);
        query.skip = 0;
        let objects = self.objects_of(&query, &numbered(&query, via.column))?;
        if objects.len() as u64 > MAX_ROWS {
            let limit = usize::try_from(MAX_ROWS).unwrap_or(usize::MAX);
            return Err(QueryError::LimitExceeded { what: "the number of rows in all pages", limit }.into());
        }
        let mut pages: HashMap<Uuid, Page> = HashMap::new();
        for object in objects {
            let Some(owner) = object.guid(via.name) else { continue };
            let page = pages.entry(owner).or_default();
            if (page.objects.len() as u64) < wanted {
                page.objects.push(object);
            } else {
                page.next = page.objects.last().map(|last| query.position(last));
            }
        }
        Ok(pages)
    }

    /// Counts for each owner the rows that refer to it, in one statement.
    pub fn counts_of(
        &self,
        query: &BoundQuery,
        via: &'static Reference,
        owners: &[Uuid],
    ) -> Result<HashMap<Uuid, u64>, StoreError> {
        self.counts(query, via, owners.iter().copied().map(Value::Guid).collect())
    }

    /// Counts the children of each row that match the query, including those that it skips or truncates.
    fn counts_in(
        &self,
        query: &BoundQuery,
        collection: &'static Collection,
        objects: &[Object],
    ) -> Result<HashMap<Uuid, u64>, StoreError> {
        let via = collection.target().reference(collection.via);
        via.map_or_else(|| Ok(HashMap::new()), |via| self.counts(query, via, owners(objects)))
    }

    fn counts(
        &self,
        query: &BoundQuery,
        via: &'static Reference,
        owners: Vec<Value>,
    ) -> Result<HashMap<Uuid, u64>, StoreError> {
        let target = query.entity();
        let owner = (target.table, via.column);
        let wanted = query.filter().clone().and(Bound::In(Property::Reference(via), owners));
        let mut statement = Query::select();
        statement.column(owner).expr(Expr::val(1_i64).count()).from(target.table);
        statement.and_where(condition(target, &wanted)).group_by_col(owner);
        let count = |row: Vec<Cell>| {
            let mut cells = row.into_iter();
            let mut next = || cells.next().unwrap_or(Cell::Null);
            Ok((next().uuid()?, u64::try_from(next().int()?).unwrap_or(0)))
        };
        self.query_dynamic(&statement)?.into_iter().map(count).collect()
    }
}

fn owners(objects: &[Object]) -> Vec<Value> {
    objects.iter().map(|object| Value::Guid(object.id)).collect()
}

/// Builds the statement that selects children by their row number within their owner.
fn numbered(query: &BoundQuery, owner: &'static str) -> SelectStatement {
    const CHILDREN: &str = "children";
    const NUMBER: &str = "number_of_owner";
    let table = query.entity().table;
    let mut window = WindowStatement::partition_by((table, owner));
    ordered(&mut window, table, query.order());
    let mut all = Query::select();
    // Each column once: a name must be unambiguous in the outer query.
    let distinct: BTreeSet<_> = columns(query).collect();
    for column in distinct {
        all.expr_as(value_of(query, column), Alias::new(column));
    }
    all.expr_window_as(Func::cust("ROW_NUMBER"), window, Alias::new(NUMBER));
    all.from(table).and_where(condition(query.entity(), query.filter()));
    let number = || Expr::col((Alias::new(CHILDREN), Alias::new(NUMBER)));
    let mut taken = Query::select();
    taken.columns(columns(query).map(|column| (Alias::new(CHILDREN), column)));
    taken.from_subquery(all, Alias::new(CHILDREN));
    // Both engines use signed numbers; no row number is that large.
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    taken.and_where(number().gt(signed(query.skip)));
    if let Some(top) = query.top {
        taken.and_where(number().lte(signed(query.skip.saturating_add(top))));
    }
    taken.order_by((Alias::new(CHILDREN), Alias::new(NUMBER)), sea_query::Order::Asc);
    taken.limit(MAX_ROWS + 1);
    taken
}
