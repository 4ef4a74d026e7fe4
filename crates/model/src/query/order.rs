//! The order of rows, and positions in it.

use super::lookup::{find_property, limit};
use super::{Comparison, Expr, Query, QueryError};
use crate::{Attribute, DataType, Entity, Property, Value};

const MAX_ORDER_KEYS: usize = 5;

/// A key of a bound order.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// The attribute.
    pub attribute: &'static Attribute,
    /// Whether greater values come first.
    pub descending: bool,
}

/// Returns the order of a query without one: by identifier or, if the filter is nothing but a range of one
/// attribute, by that attribute. Its index returns the range in this order; by identifier, all rows would
/// have to be read to find the few in the range.
pub(super) fn natural_order(entity: &'static Entity, filter: &Expr) -> Vec<Order> {
    let mut ranged = None;
    let of_id = Order { attribute: entity.id(), descending: false };
    if !is_range(filter, &mut ranged) {
        return vec![of_id];
    }
    let by = ranged.filter(|attribute| attribute.name != of_id.attribute.name);
    by.map(|attribute| Order { attribute, descending: false }).into_iter().chain([of_id]).collect()
}

/// Returns whether a filter is a range of one attribute, the same as the one found before.
fn is_range(filter: &Expr, found: &mut Option<&'static Attribute>) -> bool {
    match filter {
        Expr::And(all) => all.iter().all(|inner| is_range(inner, found)),
        Expr::Compare(Property::Attribute(attribute), comparison, _) => {
            let same = found.is_none_or(|known| known.name == attribute.name);
            *found = Some(attribute);
            same && !matches!(comparison, Comparison::Eq | Comparison::Ne)
        }
        _ => false,
    }
}

/// Binds the keys of a query's order.
pub(super) fn bind_order(entity: &'static Entity, query: &Query) -> Result<Vec<Order>, QueryError> {
    limit("the number of keys in the order", query.order_by.len(), MAX_ORDER_KEYS)?;
    let mut order = Vec::with_capacity(query.order_by.len() + 1);
    for key in &query.order_by {
        let is_name = key.name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        // A path or function is not looked up; the error lists the supported attributes.
        let property = if is_name { Some(find_property(entity, &key.name)?) } else { None };
        let Some(Property::Attribute(attribute)) = property else {
            return Err(not_orderable(entity, &key.name));
        };
        if !attribute.is_sortable() {
            return Err(not_orderable(entity, &key.name));
        }
        order.push(Order { attribute, descending: key.descending });
    }
    if order.last().is_none_or(|last| last.attribute.name != entity.id().name) {
        let descending = order.last().is_some_and(|last| last.descending);
        order.push(Order { attribute: entity.id(), descending });
    }
    Ok(order)
}

/// Checks that a position has a value of the right type for each key of the order.
pub(super) fn check_position(order: &[Order], after: Option<&[Value]>) -> Result<(), QueryError> {
    let Some(after) = after else { return Ok(()) };
    let fits = |(key, value): (&Order, &Value)| match (key.attribute.data_type, value) {
        (_, Value::Null) => key.attribute.nullable,
        (DataType::Text, Value::Text(text)) => !text.contains('\0'),
        (DataType::DateTime, Value::Time(_))
        | (DataType::Guid, Value::Guid(_))
        | (DataType::Int32, Value::Int(_))
        | (DataType::Bool, Value::Bool(_)) => true,
        (DataType::Enum(kind), value) => kind.stored(value).is_some(),
        _ => false,
    };
    if after.len() == order.len() && order.iter().zip(after).all(fits) {
        Ok(())
    } else {
        Err(QueryError::BadPosition)
    }
}

fn not_orderable(entity: &'static Entity, name: &str) -> QueryError {
    let orderable = entity.properties().filter(|property| property.is_sortable());
    QueryError::NotOrderable { property: name.to_owned(), allowed: orderable.map(Property::name).collect() }
}
