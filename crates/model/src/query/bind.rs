mod bound_query;

use std::collections::HashSet;

use super::filter::Binder;
use super::lookup::{find_property, limit, unknown, wrong_member};
use super::order::{bind_order, check_position, natural_order};
use super::{Actor, Computation, Expand, ExpandShape, Expr, Order, Query, QueryError, visibility};
use crate::display::display_members;
use crate::{Collection, Entity, Property, Reference, Timestamp, Value};

/// A query that the store can run: checked against the model and restricted to the rows that the caller may
/// see.
///
/// Only [`Query::bind`] creates it.
#[derive(Clone, Debug)]
pub struct BoundQuery {
    entity: &'static Entity,
    filter: Expr,
    order: Vec<Order>,
    shown: Vec<Property>,
    computed: Vec<Computation>,
    fetched: Vec<Property>,
    expand: Vec<BoundExpand>,
    /// Maximum number of rows.
    pub top: Option<u64>,
    /// Number of rows to skip first.
    pub skip: u64,
    /// Whether to count all matching rows.
    pub count: bool,
    after: Option<Vec<Value>>,
    now: Timestamp,
}

/// The member that an expansion follows.
#[derive(Clone, Copy, Debug)]
pub enum Expansion {
    /// A reference to one row.
    Reference(&'static Reference),
    /// A collection of children.
    Collection(&'static Collection),
}

impl Expansion {
    /// Returns the name in all APIs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reference(reference) => reference.name,
            Self::Collection(collection) => collection.name,
        }
    }

    /// Returns the entity of the included rows.
    pub fn target(self) -> &'static Entity {
        match self {
            Self::Reference(reference) => reference.target(),
            Self::Collection(collection) => collection.target(),
        }
    }
}

/// A reference or collection to include, with the bound query on its rows.
#[derive(Clone, Debug)]
pub struct BoundExpand {
    /// The reference or collection.
    pub expansion: Expansion,
    /// Included parts of the rows.
    pub shape: ExpandShape,
    /// Query on the included rows.
    pub query: BoundQuery,
}

/// Maximum depth of nested expansions.
pub const MAX_EXPAND_DEPTH: usize = 5;
const MAX_EXPANDS: usize = 20;
const MAX_COMPUTED: usize = 20;

impl Query {
    /// Checks the query against the model and restricts it to the rows that the caller may see.
    ///
    /// # Errors
    /// [`QueryError`], if the query names unknown properties, uses them in a way that the model does not
    /// support, or exceeds a limit.
    ///
    /// ```
    /// use model::query::{Actor, OrderBy, Query};
    /// use model::{Record as _, Uuid, entities::AccessToken};
    ///
    /// let newest = OrderBy { name: "CreationTimestamp".into(), descending: true };
    /// let query = Query { order_by: vec![newest], ..Query::default() };
    /// let bound = query.bind(AccessToken::entity(), Actor::user(Uuid::from_u128(1))).unwrap();
    /// let keys: Vec<_> = bound.order().iter().map(|key| key.attribute.name).collect();
    /// assert_eq!(keys, ["CreationTimestamp", "Id"]);
    /// ```
    pub fn bind(&self, entity: &'static Entity, actor: Actor) -> Result<BoundQuery, QueryError> {
        limit("the number of expanded properties", self.expansions(), MAX_EXPANDS)?;
        self.bind_at(entity, actor, 0)
    }

    /// Returns the number of expanded properties at all depths. Each of them takes a statement of its own.
    fn expansions(&self) -> usize {
        self.expand.iter().map(|expand| 1 + expand.query.expansions()).sum()
    }

    fn bind_at(&self, entity: &'static Entity, actor: Actor, depth: usize) -> Result<BoundQuery, QueryError> {
        limit("the depth of expansion", depth, MAX_EXPAND_DEPTH)?;
        let asked = match &self.filter {
            Some(condition) => Binder { entity, actor }.condition(condition)?,
            None => Expr::Const(true),
        };
        let mentioned = self.search.as_ref().map_or(Expr::Const(true), |search| search.bound(entity));
        let filter = visibility(entity, actor).and(asked).and(mentioned);
        let order = match self.order_by.as_slice() {
            [] if depth == 0 => natural_order(entity, &filter),
            _ => bind_order(entity, self)?,
        };
        check_position(&order, self.after.as_deref())?;
        let expand: Vec<_> = self
            .expand
            .iter()
            .map(|expand| bind_expand(entity, actor, expand, depth))
            .collect::<Result<_, _>>()?;
        let shown = bind_select(entity, self)?;
        let (computed, needed) = bind_compute(entity, self)?;
        let read: Vec<_> = shown.iter().copied().chain(needed).collect();
        Ok(BoundQuery {
            entity,
            filter,
            fetched: fetched(entity, &read, &order, &expand),
            order,
            shown,
            computed,
            expand,
            top: self.top,
            skip: self.skip,
            count: self.count,
            after: self.after.clone(),
            now: actor.now,
        })
    }
}

/// Returns the computed properties to show and the properties that they need.
fn bind_compute(
    entity: &'static Entity,
    query: &Query,
) -> Result<(Vec<Computation>, Vec<Property>), QueryError> {
    limit("the number of computed properties", query.compute.len(), MAX_COMPUTED)?;
    // Unknown names are errors even if the computed property is not shown.
    let needs = query.compute.iter().flat_map(|computation| &computation.needs);
    needs.map(|name| find_property(entity, name)).collect::<Result<Vec<_>, _>>()?;
    let all = query.select.is_empty() || query.select.iter().any(|name| name == "*" || name == "default");
    let shown = query.compute.iter().filter(|computation| all || query.select.contains(&computation.name));
    let shown: Vec<Computation> = shown.cloned().collect();
    let needs = shown.iter().flat_map(|computation| &computation.needs);
    let needed = needs.filter_map(|name| entity.property(name)).collect();
    Ok((shown, needed))
}

fn bind_select(entity: &'static Entity, query: &Query) -> Result<Vec<Property>, QueryError> {
    let select = &query.select;
    let mut shown: Vec<Property> = Vec::new();
    let mut seen = HashSet::new();
    let mut show = |property: Property| {
        if seen.insert(property.name()) {
            shown.push(property);
        }
    };
    for name in select {
        match name.as_str() {
            "*" => entity
                .properties()
                .filter(|property| entity.property(property.name()).is_some())
                .for_each(&mut show),
            "default" => entity.default_properties().for_each(&mut show),
            // A selected collection is shown only if it is also expanded.
            name if entity.collection(name).is_some() => {}
            name if query.compute.iter().any(|computation| computation.name == name) => {}
            name => show(find_property(entity, name)?),
        }
    }
    if select.is_empty() {
        entity.default_properties().for_each(show);
    }
    Ok(shown)
}

fn bind_expand(
    entity: &'static Entity,
    actor: Actor,
    expand: &Expand,
    depth: usize,
) -> Result<BoundExpand, QueryError> {
    let reference = entity.reference(&expand.name).map(Expansion::Reference);
    let collection = || entity.collection(&expand.name).map(Expansion::Collection);
    let expansion = reference.or_else(collection).ok_or_else(|| match entity.property(&expand.name) {
        Some(_) => wrong_member(&expand.name, "an attribute", "a reference or a collection"),
        None => unknown(entity, &expand.name),
    })?;
    if let (ExpandShape::Count, Expansion::Reference(_)) = (expand.shape, expansion) {
        return Err(wrong_member(&expand.name, "a reference", "a collection"));
    }
    let mut query = expand.query.bind_at(expansion.target(), actor, depth + 1)?;
    if expand.shape != ExpandShape::Rows {
        query.shown.clear();
        query.computed.clear();
        query.fetched = fetched(query.entity, &query.shown, &query.order, &query.expand);
    }
    Ok(BoundExpand { expansion, shape: expand.shape, query })
}

/// Returns the properties to read for `shown`, the order, the display text and the expansions.
fn fetched(
    entity: &'static Entity,
    shown: &[Property],
    order: &[Order],
    expand: &[BoundExpand],
) -> Vec<Property> {
    let shows_display_text = shown.iter().any(|property| property.name() == "DisplayText");
    let display = display_members(entity.display_format).filter(|_| shows_display_text);
    let expanded = expand.iter().filter_map(|expand| match expand.expansion {
        Expansion::Reference(reference) => Some(Property::Reference(reference)),
        Expansion::Collection(_) => None,
    });
    let needed = shown
        .iter()
        .copied()
        .chain(order.iter().map(|key| Property::Attribute(key.attribute)))
        .chain(display.filter_map(|name| entity.property(name)))
        .chain(expanded);
    let mut seen = HashSet::new();
    needed.filter(|property| property.column().is_some() && seen.insert(property.name())).collect()
}
