//! Binding of syntax trees to queries of the model.

mod alias;
pub(crate) mod apply;
mod arithmetic;
mod calls;
mod cases;
mod classify;
mod comparison;
mod compute;
mod condition;
mod constant;
mod convert;
mod errors;
mod evaluate;
mod expand;
mod lambda;
mod number;
mod operand;
mod paths;
mod search;
mod select;
mod substitute;
mod temporal;
mod types;

use std::cell::Cell;

use model::query::{OrderBy, Query};
use model::{Entity, Timestamp};

use crate::OdataError;
use crate::ast::{Expr, Kind, Options, Path, Root, Step};
use crate::options::OptionName;
use alias::{Aliases, alias_name};
use condition::{Conditions, Rows};
use errors::not_offered;
use evaluate::Scope;
use search::search;
use substitute::Substitution;

/// Binds options to a query of an entity's rows. `now` is the value of `now()`.
///
/// [`Query::bind`] checks names and values against the model afterwards.
///
/// ```
/// use model::Timestamp;
/// use model::query::Condition;
/// use odata::{QueryOptions, bind};
///
/// let users = model::find_entity("Systems_Security_Users").expect("an entity");
/// let options = QueryOptions::parse("$filter=Active&$orderby=CreatedTimestamp desc")?;
/// let query = bind(users, &options.query, Timestamp::from_seconds(0))?;
/// assert!(matches!(query.filter, Some(Condition::Compare(..))));
/// assert!(query.order_by[0].descending);
/// # Ok::<(), odata::OdataError>(())
/// ```
///
/// # Errors
/// [`OdataError::NotOffered`] for valid syntax that the service does not support, [`OdataError::Meaning`] for
/// expressions without meaning, and [`OdataError::Limit`].
pub fn bind(entity: &'static Entity, options: &Options, now: Timestamp) -> Result<Query, OdataError> {
    let (bound, expanded) = (Cell::new(0), Cell::new(0));
    let plain = if options.apply.is_empty() { None } else { Some(apply::without_apply(options)?) };
    let options = plain.as_ref().unwrap_or(options);
    let aliases = Aliases::from_options(options);
    Binder { aliases, now, bound: &bound, expanded: &expanded, depth: 0 }.query(entity, options)
}

/// Binds the options of a request, or of one item of `$expand`.
struct Binder<'a> {
    aliases: Aliases<'a>,
    now: Timestamp,
    /// Number of conditions and values bound so far.
    bound: &'a Cell<usize>,
    /// Number of references and collections expanded so far.
    expanded: &'a Cell<usize>,
    /// Number of enclosing expansions.
    depth: usize,
}

impl<'a> Binder<'a> {
    fn scope(&self, option: &'static str) -> Scope<'_> {
        Scope { aliases: &self.aliases, now: self.now, bound: self.bound, option, row: None }
    }

    fn query(&self, entity: &'static Entity, options: &'a Options) -> Result<Query, OdataError> {
        if !options.apply.is_empty() {
            return Err(not_offered("$apply within $expand", None));
        }
        let computed = self.computed(entity, options)?;
        let named = |option, expr: &Expr| match computed.as_slice() {
            [] => Ok(expr.clone()),
            names => Substitution::new(option, names, &self.aliases).expr(expr),
        };
        let filter =
            options.filter.as_ref().map(|filter| named(OptionName::Filter.name(), filter)).transpose()?;
        // `$it` is the row of the resource, also within `$expand` (OData 4.01 part 2, section 5.1.1.11.1).
        let rows = if self.depth == 0 { Rows::Resource } else { Rows::Members };
        let conditions = Conditions::new(self.scope(OptionName::Filter.name()), rows, entity);
        let order_scope = self.scope(OptionName::OrderBy.name());
        let mut query = Query {
            filter: filter.as_ref().map(|filter| conditions.condition(filter)).transpose()?,
            search: options.search.as_ref().map(search),
            order_by: options
                .order_by
                .iter()
                .map(|item| order_by(&order_scope, &named(order_scope.option, &item.expr)?, item.descending))
                .collect::<Result<_, _>>()?,
            expand: self.expand(entity, &options.expand)?,
            top: options.top,
            skip: options.skip.unwrap_or(0),
            count: options.count.unwrap_or(false),
            compute: self.computations(entity, computed.clone())?,
            ..Query::default()
        };
        select::select(entity, &options.select, &mut query)?;
        Ok(query)
    }
}

/// Binds one sort key by name. Any other expression is passed on as text; the model reports which names are
/// sortable.
fn order_by(scope: &Scope<'_>, expr: &Expr, descending: bool) -> Result<OrderBy, OdataError> {
    let expr = match alias_name(expr) {
        Some(name) => scope.alias(&name, expr.at)?,
        None => expr,
    };
    let name = match &expr.kind {
        Kind::Path(Path { root: Root::Row | Root::It | Root::This, steps }) => match steps.as_slice() {
            [Step::Name(name)] => name.clone(),
            _ => expr.to_string(),
        },
        _ => expr.to_string(),
    };
    Ok(OrderBy { name, descending })
}
