//! Grouping of rows and aggregation of their values.

use super::lookup::{limit, unknown};
use super::part::{Part, Period, is_groupable_by_period, is_groupable_by_substring};
use super::{Actor, Condition, Expr, PropertyPath, Query, QueryError, visibility};
use crate::{DataType, Entity, Filters, Property, Reference};

/// A grouped query, in names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grouping {
    /// Filter on the rows.
    pub filter: Option<Condition>,
    /// Keys to group by; if empty, all rows form one group.
    pub by: Vec<GroupKey>,
    /// Values computed for each group.
    pub measures: Vec<Measure>,
}

/// A key that the rows of a group share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupKey {
    /// The property.
    pub path: PropertyPath,
    /// Part of the value to group by, instead of the whole value, and the name of the result.
    pub part: Option<(Part, String)>,
}

/// A value computed for each group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The property; `None` for the number of rows.
    pub path: Option<PropertyPath>,
    /// Aggregation method.
    pub method: Method,
    /// Name of the result.
    pub alias: String,
}

/// An aggregation method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The number of rows.
    Count,
    /// The number of distinct values.
    CountDistinct,
    /// The minimum.
    Min,
    /// The maximum.
    Max,
    /// The sum.
    Sum,
    /// The arithmetic mean.
    Average,
}

impl Method {
    /// Returns the name in expressions.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "$count",
            Self::CountDistinct => "countdistinct",
            Self::Min => "min",
            Self::Max => "max",
            Self::Sum => "sum",
            Self::Average => "average",
        }
    }

    /// The methods that aggregate the values of a property.
    pub const OF_VALUES: [Self; 5] = [Self::CountDistinct, Self::Min, Self::Max, Self::Sum, Self::Average];

    /// Finds a method by name, ignoring case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::OF_VALUES.into_iter().find(|method| method.name().eq_ignore_ascii_case(name))
    }

    /// Returns whether the method can aggregate the values of `property`.
    pub fn applies_to(self, property: Property) -> bool {
        match self {
            _ if property.column().is_none() => false,
            Self::Count => true,
            Self::CountDistinct => is_groupable(property),
            Self::Min | Self::Max => matches!(property.data_type(), DataType::DateTime | DataType::Int32),
            Self::Sum | Self::Average => matches!(property.data_type(), DataType::Int32),
        }
    }
}

/// A checked grouped query that the store can run. Only [`Grouping::bind`] creates it.
#[derive(Clone, Debug)]
pub struct BoundGrouping {
    entity: &'static Entity,
    filter: Expr,
    keys: Vec<BoundKey>,
    measures: Vec<BoundMeasure>,
}

/// A property at the end of a path of references, each restricted to the rows that the caller may see.
#[derive(Clone, Debug)]
pub struct BoundPath {
    /// The references, each with the visibility filter of its target.
    pub steps: Vec<(&'static Reference, Expr)>,
    /// The property.
    pub property: Property,
}

/// A key of the groups.
#[derive(Clone, Debug)]
pub struct BoundKey {
    /// The property.
    pub path: BoundPath,
    /// Part of the value, and the name of the result.
    pub part: Option<(Part, String)>,
}

/// A value computed for each group.
#[derive(Clone, Debug)]
pub struct BoundMeasure {
    /// The property; `None` for the number of rows.
    pub path: Option<BoundPath>,
    /// Aggregation method.
    pub method: Method,
    /// Name of the result.
    pub alias: String,
}

const MAX_KEYS: usize = 8;
const MAX_MEASURES: usize = 16;

/// Returns whether rows can be grouped by `property`: properties that support `eq`, and references.
pub fn is_groupable(property: Property) -> bool {
    let is_stored = match property {
        Property::Attribute(attribute) => attribute.column.is_some() && !attribute.derived,
        Property::Reference(_) => true,
    };
    is_stored && property.filters().allows(Filters::EQUALS)
}

impl Grouping {
    /// Checks the query against the model and restricts it to the rows that the caller may see.
    pub fn bind(&self, entity: &'static Entity, actor: Actor) -> Result<BoundGrouping, QueryError> {
        limit("the number of properties to group by", self.by.len(), MAX_KEYS)?;
        limit("the number of aggregated values", self.measures.len(), MAX_MEASURES)?;
        let rows = Query { filter: self.filter.clone(), ..Query::default() }.bind(entity, actor)?;
        Ok(BoundGrouping {
            entity,
            filter: rows.filter().clone(),
            keys: self.by.iter().map(|key| bind_key(entity, actor, key)).collect::<Result<_, _>>()?,
            measures: self
                .measures
                .iter()
                .map(|measure| bind_measure(entity, actor, measure))
                .collect::<Result<_, _>>()?,
        })
    }
}

impl BoundGrouping {
    /// Returns the entity of the rows.
    pub fn entity(&self) -> &'static Entity {
        self.entity
    }
    /// Returns the filter on the rows, including the caller's visibility.
    pub fn filter(&self) -> &Expr {
        &self.filter
    }
    /// Returns the keys to group by.
    pub fn keys(&self) -> &[BoundKey] {
        &self.keys
    }
    /// Returns the values computed for each group.
    pub fn measures(&self) -> &[BoundMeasure] {
        &self.measures
    }
}

fn bind_key(entity: &'static Entity, actor: Actor, key: &GroupKey) -> Result<BoundKey, QueryError> {
    let path = bind_path(entity, actor, &key.path)?;
    let allowed = match &key.part {
        Some((part, _)) => part.applies_to(path.property),
        None => is_groupable(path.property),
    };
    let wanted = key.part.as_ref().map_or("groupby", |(part, _)| part.name());
    if allowed { Ok(BoundKey { path, part: key.part.clone() }) } else { Err(refused(path.property, wanted)) }
}

fn bind_measure(
    entity: &'static Entity,
    actor: Actor,
    measure: &Measure,
) -> Result<BoundMeasure, QueryError> {
    let path = measure.path.as_ref().map(|path| bind_path(entity, actor, path)).transpose()?;
    if let Some(path) = path.as_ref().filter(|path| !measure.method.applies_to(path.property)) {
        return Err(refused(path.property, measure.method.name()));
    }
    Ok(BoundMeasure { path, method: measure.method, alias: measure.alias.clone() })
}

fn bind_path(entity: &'static Entity, actor: Actor, names: &[String]) -> Result<BoundPath, QueryError> {
    let (name, references) =
        names.split_last().map_or(("", names), |(name, references)| (name.as_str(), references));
    limit("the number of references in a path", references.len(), MAX_STEPS)?;
    let (mut entity, mut steps) = (entity, Vec::new());
    for name in references {
        let reference = entity.reference(name).ok_or_else(|| unknown_in_path(entity, name))?;
        entity = reference.target();
        steps.push((reference, visibility(entity, actor)));
    }
    Ok(BoundPath { steps, property: entity.property(name).ok_or_else(|| unknown_in_path(entity, name))? })
}

const MAX_STEPS: usize = 3;

fn refused(property: Property, wanted: &'static str) -> QueryError {
    let mut allowed = Vec::new();
    if is_groupable(property) {
        allowed.extend(["groupby", Method::CountDistinct.name()]);
    }
    if is_groupable_by_period(property) {
        allowed.extend(Period::ALL.map(Period::name));
    }
    if is_groupable_by_substring(property) {
        allowed.push("substring");
    }
    let others = Method::OF_VALUES.into_iter().filter(|method| *method != Method::CountDistinct);
    allowed.extend(others.filter(|method| method.applies_to(property)).map(Method::name));
    QueryError::NotGroupable { property: property.name().to_owned(), wanted, allowed }
}

/// Returns the error for a name that does not fit its position in a path.
fn unknown_in_path(entity: &'static Entity, name: &str) -> QueryError {
    let is_member = entity.property(name).is_some() || entity.collection(name).is_some();
    match unknown(entity, name) {
        QueryError::UnknownProperty { entity, name, .. } if is_member => {
            QueryError::UnknownProperty { entity, name, meant: None }
        }
        error => error,
    }
}

/// A group of a result: the values of the keys and the aggregated values.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Values of the keys.
    pub keys: Vec<crate::Value>,
    /// Aggregated values.
    pub measures: Vec<Measured>,
}

/// An aggregated value.
#[derive(Clone, Debug, PartialEq)]
pub enum Measured {
    /// A value of the property's type, a number of rows or a sum.
    Value(crate::Value),
    /// An arithmetic mean.
    Mean(f64),
}
