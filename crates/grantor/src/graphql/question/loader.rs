//! What several fields of one answer need is read at once.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Pos;
use async_graphql::dataloader::DataLoader;
use authority::actions::query;
use authority::{Caller, Ctx, Fault};
use model::query::{BoundQuery, Object, Page, Query};
use model::{Entity, Property, Reference, Uuid, Value};

/// Reads for one caller.
pub(in crate::graphql) struct Loader {
    ctx: Ctx,
    caller: Caller,
}

/// How long keys are gathered before they are read.
const GATHER: Duration = Duration::from_millis(3);

/// What gathers the keys of one answer.
pub(in crate::graphql) type Loaders = DataLoader<Loader>;

impl Loader {
    pub(in crate::graphql) fn gather(ctx: Ctx, caller: Caller) -> Loaders {
        DataLoader::new(Self { ctx, caller }, tokio::spawn).delay(GATHER)
    }
}

/// Keys are gathered across tasks, so what goes wrong is told to all.
type Shared = Arc<Fault>;

/// A fault that others were told too.
pub(in crate::graphql) fn alone(fault: &Fault) -> Fault {
    match fault {
        Fault::InsufficientScope(scope) => Fault::InsufficientScope(scope.clone()),
        Fault::Unavailable(what) => Fault::Unavailable(what.clone()),
        Fault::Query(error) => Fault::Query(error.clone()),
        other => Fault::Internal(format!("{other:?}")),
    }
}

/// A row by its identifier.
#[derive(Clone)]
pub(in crate::graphql) struct RowKey {
    pub(in crate::graphql) entity: &'static Entity,
    pub(in crate::graphql) properties: &'static [&'static str],
    pub(in crate::graphql) id: Uuid,
}

impl RowKey {
    fn identity(&self) -> (&'static str, Uuid) {
        (self.entity.table, self.id)
    }
}

/// The page of one owner's rows that a field of the document asks for.
#[derive(Clone)]
pub(super) struct PageKey {
    /// The field; all its owners are asked the same.
    pub(super) field: Pos,
    pub(super) via: &'static Reference,
    pub(super) question: Arc<BoundQuery>,
    pub(super) owner: Uuid,
}

/// The number of one owner's rows.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct CountKey(pub(super) PageKey);

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

impl async_graphql::dataloader::Loader<RowKey> for Loader {
    type Value = Object;
    type Error = Shared;

    async fn load(&self, keys: &[RowKey]) -> Result<HashMap<RowKey, Object>, Shared> {
        let mut found = HashMap::new();
        for group in groups(keys, |key| key.entity.table) {
            let Some(first) = group.first() else { continue };
            let rows = self.rows(first, group.iter().map(|key| Value::Guid(key.id)).collect()).await?;
            found.extend(rows.into_iter().map(|row| (RowKey { id: row.id, ..(*first).clone() }, row)));
        }
        Ok(found)
    }
}

impl Loader {
    async fn rows(&self, key: &RowKey, ids: Vec<Value>) -> Result<Vec<Object>, Fault> {
        let select = key.properties.iter().map(|name| (*name).to_owned()).collect();
        let query = Query { select, ..Query::default() };
        let bound = query::bind(&self.ctx, &self.caller, key.entity, &query)?;
        let bound = bound.limited_to(Property::Attribute(key.entity.id()), ids);
        Ok(query::fetch(&self.ctx, &bound).await?.objects)
    }
}

impl async_graphql::dataloader::Loader<PageKey> for Loader {
    type Value = Arc<Page>;
    type Error = Shared;

    async fn load(&self, keys: &[PageKey]) -> Result<HashMap<PageKey, Arc<Page>>, Shared> {
        let mut found = HashMap::new();
        for group in groups(keys, |key| (key.field, key.via.column)) {
            let Some(first) = group.first() else { continue };
            let owners = group.iter().map(|key| key.owner).collect();
            let pages = query::pages_of(&self.ctx, &first.question, first.via, owners).await?;
            let keyed = |(owner, page)| (PageKey { owner, ..(*first).clone() }, Arc::new(page));
            found.extend(pages.into_iter().map(keyed));
        }
        Ok(found)
    }
}

impl async_graphql::dataloader::Loader<CountKey> for Loader {
    type Value = u64;
    type Error = Shared;

    async fn load(&self, keys: &[CountKey]) -> Result<HashMap<CountKey, u64>, Shared> {
        let mut found = HashMap::new();
        for group in groups(keys, |CountKey(key)| (key.field, key.via.column)) {
            let Some(CountKey(first)) = group.first() else { continue };
            let owners = group.iter().map(|CountKey(key)| key.owner).collect();
            let counts = query::counts_of(&self.ctx, &first.question, first.via, owners).await?;
            let keyed = |(owner, count)| (CountKey(PageKey { owner, ..first.clone() }), count);
            found.extend(counts.into_iter().map(keyed));
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
