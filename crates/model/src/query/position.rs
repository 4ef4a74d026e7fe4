//! Positions in an order, for pages that begin behind one row and end before another, in either direction.

use super::{BoundQuery, Comparison, Expr, Object, Order};
use crate::{Property, Value};

impl BoundQuery {
    /// The values of the order's keys of a row that the question gave: where it stands.
    pub fn position(&self, object: &Object) -> Vec<Value> {
        let value = |key: &Order| object.value(key.attribute.name).cloned().unwrap_or(Value::Guid(object.id));
        self.order().iter().map(value).collect()
    }

    /// The same question in the opposite order.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        for key in self.order_mut() {
            key.descending = !key.descending;
        }
        self
    }

    /// The same question about the rows of which an attribute has no value, whether or not it may be compared.
    #[must_use]
    pub fn without_value(self, attribute: &str) -> Self {
        let found = self.entity().attribute(attribute);
        let none = found.map_or(Expr::Const(false), |found| Expr::IsNull(Property::Attribute(found)));
        self.filtered(none)
    }

    /// The same question about the rows behind a position alone.
    #[must_use]
    pub fn behind(self, position: &[Value]) -> Self {
        let beyond = beyond(self.order(), position);
        self.filtered(beyond)
    }

    /// The same question about the rows before a position alone.
    #[must_use]
    pub fn before(self, position: &[Value]) -> Self {
        self.reversed().behind(position).reversed()
    }
}

/// The rows behind a position, whose values are those of the order's keys.
fn beyond(order: &[Order], position: &[Value]) -> Expr {
    let mut ways = Vec::new();
    let mut same = Expr::Const(true);
    for (key, value) in order.iter().zip(position) {
        let property = Property::Attribute(key.attribute);
        if let Some(step) = step(key, property, value) {
            ways.push(same.clone().and(step));
        }
        let equal = match value {
            Value::Null => Expr::IsNull(property),
            value => Expr::Compare(property, Comparison::Eq, value.clone()),
        };
        same = same.and(equal);
    }
    match ways.len() {
        0 => Expr::Const(false),
        1 => ways.remove(0),
        _ => Expr::Or(ways),
    }
}

/// What comes behind a value of one key. Null comes before every value (OData 4.01, part 2, 5.1.3).
fn step(key: &Order, property: Property, value: &Value) -> Option<Expr> {
    match (value, key.descending) {
        (Value::Null, true) => None,
        (Value::Null, false) => Some(Expr::IsNull(property).negated()),
        (value, false) => Some(Expr::Compare(property, Comparison::Gt, value.clone())),
        (value, true) => {
            let less = Expr::Compare(property, Comparison::Lt, value.clone());
            Some(if key.attribute.nullable { less.or(Expr::IsNull(property)) } else { less })
        }
    }
}
