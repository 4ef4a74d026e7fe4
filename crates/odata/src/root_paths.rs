//! Paths from the service root in expressions (`$root/…`, OData 4.01 part 2, section 5.1.1.14), whose values
//! must be looked up before binding.

use model::query::Object;
use model::{Attribute, DataType, Entity, Value};

use crate::OdataError;
use crate::ast::{Expr, Kind, Literal, Options, Path, Root};
use crate::error::Place;
use crate::path::{Part, Resource, RowKey};

/// Maximum number of distinct paths from the service root per request.
const MAX_ROOTS: usize = 10;

/// A path from the service root.
#[derive(Clone, Debug)]
pub struct RootPath {
    /// The path as in the options.
    path: String,
    /// The target of the path.
    pub target: RootTarget,
}

/// The target of a path from the service root.
#[derive(Clone, Copy, Debug)]
pub enum RootTarget {
    /// A property of a row.
    Property(RowKey, &'static Attribute),
    /// The number of rows of a set.
    Count(&'static Entity),
}

/// Returns the paths from the service root in options.
///
/// ```
/// use odata::{QueryOptions, RootTarget, root_paths};
///
/// let options = QueryOptions::parse("$filter=5 lt $root/Systems_Security_Users/$count")?;
/// let paths = root_paths(&options.query)?;
/// assert!(matches!(paths[0].target, RootTarget::Count(_)));
/// # Ok::<(), odata::OdataError>(())
/// ```
///
/// # Errors
/// The errors of [`Resource::parse`], [`OdataError::NotOffered`] for a path without a single value, and
/// [`OdataError::Limit`].
pub fn root_paths(options: &Options) -> Result<Vec<RootPath>, OdataError> {
    let mut found = Vec::new();
    in_options(options, &mut found)?;
    Ok(found)
}

impl RootPath {
    /// Stores the value of the path in the options.
    pub fn resolve(self, value: Literal, options: &mut Options) {
        options.aliases.push((self.path, Expr::new(Kind::Literal(value), 0)));
    }
}

/// Returns the value of a row's attribute as a literal.
pub fn attribute_literal(object: &Object, attribute: &'static Attribute) -> Literal {
    let value = object.value(attribute.name).unwrap_or(&Value::Null);
    match (value, attribute.data_type) {
        (Value::Null, _) => Literal::Null,
        (Value::Bool(value), _) => Literal::Bool(*value),
        (value, DataType::Enum(kind)) => {
            kind.stored(value).map_or(Literal::Null, |member| Literal::Text(member.name.to_owned()))
        }
        (Value::Int(value), _) => Literal::Int(*value),
        (Value::Text(text), _) => Literal::Text(text.clone()),
        (Value::Time(time), _) => Literal::DateTimeOffset(time.to_string()),
        (Value::Guid(id), _) => Literal::Guid(*id),
    }
}

fn in_options(options: &Options, found: &mut Vec<RootPath>) -> Result<(), OdataError> {
    let conditions = options.filter.iter().chain(options.aliases.iter().map(|(_, value)| value));
    let values = options.compute.iter().map(|item| &item.expr);
    for expr in conditions.chain(values).chain(options.order_by.iter().map(|item| &item.expr)) {
        in_expr(expr, found)?;
    }
    options.expand.iter().try_for_each(|item| in_options(&item.options, found))
}

fn in_expr(expr: &Expr, found: &mut Vec<RootPath>) -> Result<(), OdataError> {
    let Kind::Path(path @ Path { root: Root::Service, .. }) = &expr.kind else {
        return expr.kind.children().try_for_each(|child| in_expr(child, found));
    };
    let path = path.to_string();
    if found.iter().any(|known| known.path == path) {
        return Ok(());
    }
    let place = || Place { option: "$root".to_owned(), at: expr.at };
    if found.len() == MAX_ROOTS {
        let what = "the number of paths from the root";
        return Err(OdataError::Limit { place: place(), what, limit: MAX_ROOTS });
    }
    let target = match Resource::parse(path.trim_start_matches("$root/"))? {
        Resource::Attribute { row, attribute, raw: false } => RootTarget::Property(row, attribute),
        Resource::Set(entity, Part::Count) => RootTarget::Count(entity),
        _ => {
            let what = "$root other than for a property of a row or the number of rows of a set".to_owned();
            return Err(OdataError::NotOffered { what, place: Some(place()) });
        }
    };
    found.push(RootPath { path, target });
    Ok(())
}
