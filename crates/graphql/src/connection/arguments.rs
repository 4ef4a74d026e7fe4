//! The arguments of connections.

use model::query::{Condition, OrderBy};

use super::paging::Paging;
use crate::model_types::{Filter, Order};

/// The arguments of a connection.
pub(crate) struct ConnectionArguments {
    pub(crate) filter: Option<Condition>,
    pub(crate) order_by: Vec<OrderBy>,
    pub(crate) paging: Paging,
}

impl ConnectionArguments {
    /// Combines the arguments of a field.
    pub(crate) fn new<R>(filter: Option<Filter<R>>, order_by: Option<Vec<Order<R>>>, paging: Paging) -> Self {
        let order_by = order_by.unwrap_or_default().into_iter().map(|order| order.key).collect();
        Self { filter: filter.map(|filter| filter.condition), order_by, paging }
    }
}
