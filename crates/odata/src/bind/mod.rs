//! Trees to questions of the model: what the grammar allows and the model can ask.

pub(crate) mod apply;
mod condition;
mod shape;
mod value;

use std::cell::Cell;

use model::Entity;
use model::query::{Expand, OrderBy, Query};

use crate::OdataError;
use crate::ast::{
    ExpandItem, ExpandShape, Expr, Kind, Levels, Options, OrderItem, Path, Root, SelectItem, Step,
};
use crate::error::Place;
use crate::options::OptionName;
use crate::parse::MAX_NODES;
use condition::Conditions;

/// Turns options into a question about the rows of an entity.
///
/// Names and values are checked against the model afterwards, by [`Query::bind`].
/// What the grammar has and the service cannot answer is [`OdataError::NotOffered`].
pub fn bind(entity: &'static Entity, options: &Options) -> Result<Query, OdataError> {
    Binder { aliases: options.aliases.iter().map(|(name, value)| (name.as_str(), value)).collect() }
        .query(entity, options)
}

/// The parameter aliases that are in scope.
struct Binder<'a> {
    aliases: Vec<(&'a str, &'a Expr)>,
}

impl<'a> Binder<'a> {
    fn query(&self, entity: &'static Entity, options: &'a Options) -> Result<Query, OdataError> {
        if let Some(what) = unoffered_option(options) {
            return Err(not_offered(what, None));
        }
        let filter = match &options.filter {
            Some(filter) => Some(Conditions::new(&self.aliases, &Cell::new(0)).condition(filter)?),
            None => None,
        };
        Ok(Query {
            filter,
            order_by: options.order_by.iter().map(order_by).collect::<Result<_, _>>()?,
            select: options.select.iter().map(select).collect::<Result<_, _>>()?,
            expand: self.expand(entity, &options.expand)?,
            top: options.top,
            skip: options.skip.unwrap_or(0),
            count: options.count.unwrap_or(false),
            after: None,
        })
    }

    fn expand(&self, entity: &'static Entity, items: &'a [ExpandItem]) -> Result<Vec<Expand>, OdataError> {
        let mut bound: Vec<Expand> = Vec::new();
        for item in items {
            check_expand(item)?;
            for name in expanded_names(entity, item) {
                let known = bound.iter().position(|expand| expand.name == name);
                match known {
                    // An item of its own says more than `*` (OData 4.01 part 2, section 5.1.3).
                    Some(_) if item.path == ["*"] => {}
                    Some(index) if items.iter().filter(|other| other.path == item.path).count() == 1 => {
                        bound[index] = self.expand_item(entity, name, item)?;
                    }
                    Some(_) => {
                        return Err(meaning("$expand", item.at, format!("'{name}' is expanded twice")));
                    }
                    None => bound.push(self.expand_item(entity, name, item)?),
                }
            }
        }
        Ok(bound)
    }

    fn expand_item(
        &self,
        entity: &'static Entity,
        name: String,
        item: &'a ExpandItem,
    ) -> Result<Expand, OdataError> {
        let reference = entity.reference(&name).map(model::Reference::target);
        let target = reference.or_else(|| entity.collection(&name).map(model::Collection::target));
        let query = match target {
            Some(target) => {
                let own = item.options.aliases.iter().map(|(name, value)| (name.as_str(), value));
                // The nearest alias of a name counts.
                let aliases = own.chain(self.aliases.iter().copied()).collect();
                Binder { aliases }.query(target, &item.options)?
            }
            // The model names what was meant.
            None => Query::default(),
        };
        Ok(Expand { name, query })
    }
}

/// The first option of which the model has no question.
fn unoffered_option(options: &Options) -> Option<&'static str> {
    let found = [
        (options.search.is_some(), OptionName::Search.name()),
        (!options.compute.is_empty(), OptionName::Compute.name()),
        (!options.apply.is_empty(), OptionName::Apply.name()),
        (matches!(options.levels, Some(Levels::Number(2..) | Levels::Max)), "$levels of more than 1"),
    ];
    found.into_iter().find(|(is_there, _)| *is_there).map(|(_, what)| what)
}

fn check_expand(item: &ExpandItem) -> Result<(), OdataError> {
    let wanted = match (item.shape, item.path.as_slice()) {
        (ExpandShape::References, _) => "/$ref in $expand",
        (ExpandShape::Count, _) => "/$count in $expand",
        (ExpandShape::Value, _) => "$expand=$value",
        (ExpandShape::Rows, [_]) => return Ok(()),
        (ExpandShape::Rows, _) => "a path in $expand",
    };
    Err(not_offered(wanted, Some(place("$expand", item.at))))
}

fn expanded_names(entity: &'static Entity, item: &ExpandItem) -> Vec<String> {
    if item.path != ["*"] {
        return item.path.clone();
    }
    let references = entity.references().iter().map(|reference| reference.name);
    references
        .chain(entity.collections().iter().map(|collection| collection.name))
        .map(str::to_owned)
        .collect()
}

fn order_by(item: &OrderItem) -> Result<OrderBy, OdataError> {
    if let Kind::Path(Path { root: Root::Row | Root::It, steps }) = &item.expr.kind
        && let [Step::Name(name)] = steps.as_slice()
    {
        return Ok(OrderBy { name: name.clone(), descending: item.descending });
    }
    let what = "ordering by anything but a property of the row itself";
    Err(not_offered(what, Some(place(OptionName::OrderBy.name(), item.expr.at))))
}

fn select(item: &SelectItem) -> Result<String, OdataError> {
    match item.path.as_slice() {
        [name] if is_plain(item) && !name.contains(['.', '@']) => Ok(name.clone()),
        _ => {
            let what = "anything but a property of the row itself in $select";
            Err(not_offered(what, Some(place(OptionName::Select.name(), item.at))))
        }
    }
}

fn is_plain(item: &SelectItem) -> bool {
    item.options == Options::default() && item.parameters.is_empty()
}

/// How many conditions and values one filter may become; aliases make more than were written.
const MAX_BOUND: usize = 2 * MAX_NODES;

fn place(option: &str, at: usize) -> Place {
    Place { option: option.to_owned(), at }
}

fn meaning(option: &str, at: usize, message: String) -> OdataError {
    OdataError::Meaning { place: place(option, at), message }
}

fn not_offered(what: impl Into<String>, place: Option<Place>) -> OdataError {
    OdataError::NotOffered { what: what.into(), place }
}
