//! What the store asks of a bound query, and how it is restricted further.

use super::{BoundExpand, BoundQuery};
use crate::query::{Comparison, Computation, Expr, Order};
use crate::{Entity, Property, Timestamp, Uuid, Value};

impl BoundQuery {
    /// Returns whether the query reads values that are encrypted at rest, of its rows or of included ones.
    pub fn shows_sealed(&self) -> bool {
        let is_sealed =
            |property: &Property| matches!(property, Property::Attribute(attribute) if attribute.sealed);
        self.fetched.iter().any(is_sealed) || self.expand.iter().any(|expand| expand.query.shows_sealed())
    }

    /// Returns the time of the query.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Returns the entity of the rows.
    pub fn entity(&self) -> &'static Entity {
        self.entity
    }
    /// Returns the filter on the rows, including the caller's visibility.
    pub fn filter(&self) -> &Expr {
        &self.filter
    }
    /// Returns the keys of the order; the last is always the identifier.
    pub fn order(&self) -> &[Order] {
        &self.order
    }
    /// Returns the properties to show.
    pub fn shown(&self) -> &[Property] {
        &self.shown
    }
    /// Returns the computed properties to show.
    pub fn computed(&self) -> &[Computation] {
        &self.computed
    }
    /// Returns the properties to read: those to show and those that the order, the display text and the
    /// expansions need.
    pub fn fetched(&self) -> &[Property] {
        &self.fetched
    }
    /// Returns the references and collections to include.
    pub fn expand(&self) -> &[BoundExpand] {
        &self.expand
    }
    /// Returns the values of the order's keys after which the page starts.
    pub fn after(&self) -> Option<&[Value]> {
        self.after.as_deref()
    }

    /// Returns the query for the rows after a position that its page reported.
    #[must_use]
    pub fn continued(mut self, after: Vec<Value>) -> Self {
        self.after = Some(after);
        self.skip = 0;
        self
    }

    pub(in crate::query) fn order_mut(&mut self) -> &mut [Order] {
        &mut self.order
    }

    pub(in crate::query) fn filtered(mut self, condition: Expr) -> Self {
        self.filter = self.filter.and(condition);
        self
    }

    /// Returns the query restricted to one row.
    #[must_use]
    pub fn with_id(mut self, id: Uuid) -> Self {
        let same = Expr::Compare(Property::Attribute(self.entity.id()), Comparison::Eq, Value::Guid(id));
        self.filter = self.filter.and(same);
        self
    }

    /// Returns the query restricted to rows whose property has one of `values`, for an expansion.
    #[must_use]
    pub fn limited_to(mut self, property: Property, values: Vec<Value>) -> Self {
        self.filter = self.filter.and(Expr::In(property, values));
        if !self.fetched.iter().any(|fetched| fetched.name() == property.name()) {
            self.fetched.push(property);
        }
        self
    }
}
