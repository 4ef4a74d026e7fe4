//! Reads the rows that several fields of one response need in batches.

mod batch_loader;

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use async_graphql::Pos;
use authority::registry::query;
use authority::{Caller, Ctx, Fault};
use model::query::{BoundQuery, Object, Page, Query};
use model::{Entity, Property, Reference, Uuid, Value};

use batch_loader::BatchLoader;

/// Reads for one caller, and one operation: keys name fields by their places in its document.
pub(crate) struct Loaders {
    ctx: Ctx,
    caller: Caller,
    rows: BatchLoader<RowKey, Object>,
    pages: BatchLoader<PageKey, Arc<Page>>,
    counts: BatchLoader<PageKey, u64>,
}

/// Copies a fault for each field of the batch.
fn clone_fault(fault: &Fault) -> Fault {
    match fault {
        Fault::InsufficientScope(scope) => Fault::InsufficientScope(scope.clone()),
        Fault::Unavailable(what) => Fault::Unavailable(what.clone()),
        Fault::Query(error) => Fault::Query(error.clone()),
        other => Fault::Internal(format!("{other:?}")),
    }
}

/// A row by its identifier.
#[derive(Clone)]
pub(crate) struct RowKey {
    pub(crate) entity: &'static Entity,
    pub(crate) properties: &'static [&'static str],
    pub(crate) id: Uuid,
}

impl RowKey {
    fn identity(&self) -> (&'static str, Uuid) {
        (self.entity.table, self.id)
    }
}

/// The page of the rows of one owner that a field of the document requests.
#[derive(Clone)]
pub(super) struct PageKey {
    /// The field; it has the same arguments for all owners.
    pub(super) field: Pos,
    pub(super) via: &'static Reference,
    pub(super) query: Arc<BoundQuery>,
    pub(super) owner: Uuid,
}

impl PageKey {
    fn identity(&self) -> (usize, usize, &'static str, Uuid) {
        (self.field.line, self.field.column, self.via.column, self.owner)
    }
}

macro_rules! by_identity {
    ($($key:ty),+) => { $(
        impl PartialEq for $key {
            fn eq(&self, other: &Self) -> bool {
                self.identity() == other.identity()
            }
        }
        impl Eq for $key {}
        impl Hash for $key {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.identity().hash(state);
            }
        }
    )+ };
}

by_identity!(RowKey, PageKey);

impl Loaders {
    pub(crate) fn new(ctx: Ctx, caller: Caller) -> Self {
        Self {
            ctx,
            caller,
            rows: BatchLoader::default(),
            pages: BatchLoader::default(),
            counts: BatchLoader::default(),
        }
    }

    /// A row, unless the caller may not see it.
    pub(crate) async fn row(&self, key: RowKey) -> Result<Option<Object>, Fault> {
        self.rows.load(key, |keys| self.read_rows(keys)).await.map_err(|fault| clone_fault(&fault))
    }

    /// A page of one owner's rows.
    pub(super) async fn page(&self, key: PageKey) -> Result<Arc<Page>, Fault> {
        let found = self.pages.load(key, |keys| self.read_pages(keys)).await;
        Ok(found.map_err(|fault| clone_fault(&fault))?.unwrap_or_default())
    }

    /// The number of one owner's rows.
    pub(super) async fn count(&self, key: PageKey) -> Result<u64, Fault> {
        let found = self.counts.load(key, |keys| self.read_counts(keys)).await;
        Ok(found.map_err(|fault| clone_fault(&fault))?.unwrap_or_default())
    }

    async fn read_rows(&self, keys: Vec<RowKey>) -> Result<HashMap<RowKey, Object>, Fault> {
        let mut found = HashMap::new();
        for group in groups(&keys, |key| key.entity.table) {
            let Some(first) = group.first() else { continue };
            let select = first.properties.iter().map(|name| (*name).to_owned()).collect();
            let query = Query { select, ..Query::default() };
            let bound = query::bind(&self.ctx, &self.caller, first.entity, &query)?;
            let ids = group.iter().map(|key| Value::Guid(key.id)).collect();
            let bound = bound.limited_to(Property::Attribute(first.entity.id()), ids);
            let rows = query::fetch(&self.ctx, &bound).await?.objects;
            found.extend(rows.into_iter().map(|row| (RowKey { id: row.id, ..(*first).clone() }, row)));
        }
        Ok(found)
    }

    async fn read_pages(&self, keys: Vec<PageKey>) -> Result<HashMap<PageKey, Arc<Page>>, Fault> {
        let mut found = HashMap::new();
        for group in groups(&keys, |key| (key.field, key.via.column)) {
            let Some(first) = group.first() else { continue };
            let owners = group.iter().map(|key| key.owner).collect();
            let pages = query::pages_of(&self.ctx, &first.query, first.via, owners).await?;
            let keyed = |(owner, page)| (PageKey { owner, ..(*first).clone() }, Arc::new(page));
            found.extend(pages.into_iter().map(keyed));
        }
        Ok(found)
    }

    async fn read_counts(&self, keys: Vec<PageKey>) -> Result<HashMap<PageKey, u64>, Fault> {
        let mut found = HashMap::new();
        for group in groups(&keys, |key| (key.field, key.via.column)) {
            let Some(first) = group.first() else { continue };
            let owners = group.iter().map(|key| key.owner).collect();
            let counts = query::counts_of(&self.ctx, &first.query, first.via, owners).await?;
            found.extend(
                counts.into_iter().map(|(owner, count)| (PageKey { owner, ..(*first).clone() }, count)),
            );
        }
        Ok(found)
    }
}

/// The keys that one statement answers.
fn groups<K, G: PartialEq>(keys: &[K], of: impl Fn(&K) -> G) -> Vec<Vec<&K>> {
    let mut groups: Vec<(G, Vec<&K>)> = Vec::new();
    for key in keys {
        let group = of(key);
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, members)) => members.push(key),
            None => groups.push((group, vec![key])),
        }
    }
    groups.into_iter().map(|(_, members)| members).collect()
}
