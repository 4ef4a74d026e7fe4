use std::collections::HashSet;

use super::filter::Binder;
use super::order::{bind_order, check_position, natural_order};
use super::{
    Actor, Comparison, Computation, Expand, ExpandShape, Expr, Order, Query, QueryError, visibility,
};
use crate::display::display_members;
use crate::{Collection, Entity, Property, Reference, Uuid, Value, nearest};

/// A question that the store may answer: checked against the model, limited to what the caller may see.
///
/// Only [`Query::bind`] makes one.
#[derive(Clone, Debug)]
pub struct BoundQuery {
    entity: &'static Entity,
    filter: Expr,
    order: Vec<Order>,
    shown: Vec<Property>,
    computed: Vec<Computation>,
    fetched: Vec<Property>,
    expand: Vec<BoundExpand>,
    /// How many rows at the most.
    pub top: Option<u64>,
    /// How many rows to leave out first.
    pub skip: u64,
    /// Whether the number of all matching rows is asked for.
    pub count: bool,
    after: Option<Vec<Value>>,
}

/// What an expansion follows.
#[derive(Clone, Copy, Debug)]
pub enum Expansion {
    /// A reference to one row.
    Reference(&'static Reference),
    /// A collection of children.
    Collection(&'static Collection),
}

impl Expansion {
    /// The name in every API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reference(reference) => reference.name,
            Self::Collection(collection) => collection.name,
        }
    }

    /// The entity of the included rows.
    pub fn target(self) -> &'static Entity {
        match self {
            Self::Reference(reference) => reference.target(),
            Self::Collection(collection) => collection.target(),
        }
    }
}

/// A reference or collection to include, with the bound question about its rows.
#[derive(Clone, Debug)]
pub struct BoundExpand {
    /// What is followed.
    pub expansion: Expansion,
    /// What is included of the rows.
    pub shape: ExpandShape,
    /// What is asked of the included rows.
    pub query: BoundQuery,
}

/// How deep expansions may be nested.
pub const MAX_EXPAND_DEPTH: usize = 5;
const MAX_EXPANDS: usize = 20;
const MAX_COMPUTED: usize = 20;

impl Query {
    /// Checks the question against the model and limits it to what the caller may see.
    pub fn bind(&self, entity: &'static Entity, actor: Actor) -> Result<BoundQuery, QueryError> {
        limit("the number of expanded properties", self.expansions(), MAX_EXPANDS)?;
        self.bind_at(entity, actor, 0)
    }

    /// How many properties are expanded, at every depth: each is a statement of its own.
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
        })
    }
}

impl BoundQuery {
    /// The entity asked about.
    pub fn entity(&self) -> &'static Entity {
        self.entity
    }
    /// Which rows, the caller's visibility included.
    pub fn filter(&self) -> &Expr {
        &self.filter
    }
    /// The keys of the order; the last is always the identifier.
    pub fn order(&self) -> &[Order] {
        &self.order
    }
    /// The properties to show.
    pub fn shown(&self) -> &[Property] {
        &self.shown
    }
    /// What is worked out of what is read, and shown.
    pub fn computed(&self) -> &[Computation] {
        &self.computed
    }
    /// The properties to read: what is shown and what the order, the display text and the expansions need.
    pub fn fetched(&self) -> &[Property] {
        &self.fetched
    }
    /// The references and collections to include.
    pub fn expand(&self) -> &[BoundExpand] {
        &self.expand
    }
    /// The values of the order's keys after which the page begins.
    pub fn after(&self) -> Option<&[Value]> {
        self.after.as_deref()
    }

    /// The same question about what follows a position that its page reported.
    #[must_use]
    pub fn continued(mut self, after: Vec<Value>) -> Self {
        self.after = Some(after);
        self.skip = 0;
        self
    }

    pub(super) fn order_mut(&mut self) -> &mut [Order] {
        &mut self.order
    }

    pub(super) fn filtered(mut self, condition: Expr) -> Self {
        self.filter = self.filter.and(condition);
        self
    }

    /// The same question about one row.
    #[must_use]
    pub fn with_id(mut self, id: Uuid) -> Self {
        let same = Expr::Compare(Property::Attribute(self.entity.id()), Comparison::Eq, Value::Guid(id));
        self.filter = self.filter.and(same);
        self
    }

    /// The same question about the rows whose property has one of the values, as an expansion needs it.
    #[must_use]
    pub fn limited_to(mut self, property: Property, values: Vec<Value>) -> Self {
        self.filter = self.filter.and(Expr::In(property, values));
        if !self.fetched.iter().any(|fetched| fetched.name() == property.name()) {
            self.fetched.push(property);
        }
        self
    }
}

/// What is worked out and shown, with what it needs.
fn bind_compute(
    entity: &'static Entity,
    query: &Query,
) -> Result<(Vec<Computation>, Vec<Property>), QueryError> {
    limit("the number of computed properties", query.compute.len(), MAX_COMPUTED)?;
    // What is wrong with a name is said whether or not its value is shown.
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
            // A selected collection is shown only where it is expanded too.
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

/// What has to be read so that `shown`, the order, the display text and the expansions can be made.
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

pub(super) fn find_property(entity: &'static Entity, name: &str) -> Result<Property, QueryError> {
    entity.property(name).ok_or_else(|| match entity.collection(name) {
        Some(_) => wrong_member(name, "a collection", "an attribute or a reference"),
        None => unknown(entity, name),
    })
}

pub(super) fn wrong_member(name: &str, found: &'static str, expected: &'static str) -> QueryError {
    QueryError::WrongMember { name: name.to_owned(), found, expected }
}

pub(super) fn unknown(entity: &'static Entity, name: &str) -> QueryError {
    let visible = entity.properties().map(Property::name).filter(|name| entity.property(name).is_some());
    let names = visible.chain(entity.collections().iter().map(|collection| collection.name));
    let meant = nearest(name, names).map(str::to_owned);
    QueryError::UnknownProperty { entity: entity.set_name(), name: name.to_owned(), meant }
}

pub(super) fn limit(what: &'static str, count: usize, limit: usize) -> Result<(), QueryError> {
    if count > limit { Err(QueryError::TooMuch { what, limit }) } else { Ok(()) }
}
