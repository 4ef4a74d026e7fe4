//! Positions in an order, for pages that start after one row and end before another, in either direction.

use super::{BoundQuery, Comparison, Expr, Object, Order};
use crate::{Property, Value};

impl BoundQuery {
    /// Returns the position of a row of the result: the values of the order's keys.
    pub fn position(&self, object: &Object) -> Vec<Value> {
        let value = |key: &Order| object.value(key.attribute.name).cloned().unwrap_or(Value::Guid(object.id));
        self.order().iter().map(value).collect()
    }

    /// Returns the query in the opposite order.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        for key in self.order_mut() {
            key.descending = !key.descending;
        }
        self
    }

    /// Returns the query restricted to rows in which an attribute is null, whether or not the attribute is
    /// filterable.
    #[must_use]
    pub fn without_value(self, attribute: &str) -> Self {
        let found = self.entity().attribute(attribute);
        let none = found.map_or(Expr::Const(false), |found| Expr::IsNull(Property::Attribute(found)));
        self.filtered(none)
    }

    /// Returns the query restricted to rows after a position.
    #[must_use]
    pub fn rows_after(self, position: &[Value]) -> Self {
        let after = after_position(self.order(), position);
        self.filtered(after)
    }

    /// Returns the query restricted to rows before a position.
    #[must_use]
    pub fn rows_before(self, position: &[Value]) -> Self {
        self.reversed().rows_after(position).reversed()
    }
}

/// Returns the filter for rows after a position. The position has a value for each key of the order.
fn after_position(order: &[Order], position: &[Value]) -> Expr {
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

/// Returns the filter for rows after a value of one key. Null sorts before all values (OData 4.01, part 2,
/// 5.1.3).
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
