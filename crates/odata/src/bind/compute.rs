//! `$compute`: values computed from a row.
//!
//! In `$filter` and `$orderby`, a computed property abbreviates its expression and is allowed where the
//! expression is. Computed values in responses are evaluated after the rows are read.

use std::cell::Cell;
use std::sync::Arc;

use model::query::{Computation, Computed, Formula, Object};
use model::{DataType, Entity, Property, Timestamp, Value};

use super::Binder;
use super::alias::Aliases;
use super::constant::Constant;
use super::convert;
use super::errors::meaning;
use super::evaluate::{Row, Scope};
use super::number::Number;
use super::substitute::Substitution;
use crate::OdataError;
use crate::ast::{Expr, Options, Path, Root, Step};
use crate::options::OptionName;

const OPTION: &str = OptionName::Compute.name();

impl Binder<'_> {
    /// Returns the computed properties with their expressions, with all aliases and computed names
    /// substituted.
    pub(super) fn computed(
        &self,
        entity: &'static Entity,
        options: &Options,
    ) -> Result<Vec<(String, Expr)>, OdataError> {
        let mut known: Vec<(String, Expr)> = Vec::new();
        for item in &options.compute {
            let name = &item.alias;
            let taken = entity.attribute(name).is_some()
                || entity.property(name).is_some()
                || entity.collection(name).is_some()
                || known.iter().any(|(known, _)| known == name);
            if taken {
                let message = format!("a property '{name}' already exists");
                return Err(meaning(OPTION, item.expr.at, message));
            }
            let expr = Substitution::new(OPTION, &known, &self.aliases).expr(&item.expr)?;
            known.push((name.clone(), expr));
        }
        Ok(known)
    }

    /// Returns the computations that responses show.
    pub(super) fn computations(
        &self,
        entity: &'static Entity,
        computed: Vec<(String, Expr)>,
    ) -> Result<Vec<Computation>, OdataError> {
        computed.into_iter().map(|(name, expr)| self.computation(entity, name, expr)).collect()
    }

    fn computation(
        &self,
        entity: &'static Entity,
        name: String,
        expr: Expr,
    ) -> Result<Computation, OdataError> {
        let mut needs = Vec::new();
        collect_names(&expr, &mut needs);
        // Otherwise the model reports the unknown name with a suggestion.
        if needs.iter().all(|name| entity.property(name).is_some() || entity.collection(name).is_some()) {
            let sample = Sample(entity);
            let scope = Scope { row: Some(&sample), ..self.scope(OPTION) };
            scope.evaluate(&expr)?;
        }
        Ok(Computation { name, needs, formula: Arc::new(Expression { expr, now: self.now }) })
    }
}

/// Collects the names of the row's own properties in an expression.
fn collect_names(expr: &Expr, names: &mut Vec<String>) {
    if let crate::ast::Kind::Path(Path { root: Root::Row | Root::It | Root::This, steps }) = &expr.kind
        && let [Step::Name(name)] = steps.as_slice()
        && !names.contains(name)
    {
        names.push(name.clone());
    }
    expr.kind.children().for_each(|child| collect_names(child, names));
}

/// An expression with its value of `now()`.
#[derive(Debug)]
struct Expression {
    expr: Expr,
    now: Timestamp,
}

impl Formula for Expression {
    fn value(&self, row: &Object) -> Computed {
        let (aliases, bound) = (Aliases::default(), Cell::new(0));
        let scope = Scope { aliases: &aliases, now: self.now, bound: &bound, option: OPTION, row: Some(row) };
        // Types were checked at binding; a row without a result has null.
        scope.evaluate(&self.expr).map_or(Computed::Null, |value| computed(&value))
    }
}

impl Row for Object {
    fn value(&self, name: &str) -> Option<Constant> {
        let property = self.entity.property(name)?;
        if property.column().is_none() {
            return Some(Constant::Text(self.display_text()));
        }
        Some(match (property.data_type(), Self::value(self, name)?) {
            (_, Value::Null) => Constant::Null,
            (DataType::Enum(_), _) => self.text(name).map_or(Constant::Null, Constant::Text),
            (_, Value::Bool(value)) => Constant::Bool(*value),
            (_, Value::Int(number)) => Constant::Number(Number::Whole(*number)),
            (_, Value::Text(text)) => Constant::Text(text.clone()),
            (_, Value::Time(time)) => Constant::Moment { micros: time.micros(), offset: 0 },
            (_, Value::Guid(id)) => Constant::Guid(*id),
        })
    }

    fn is_sample(&self) -> bool {
        false
    }
}

/// A row in which every attribute has a value of its type.
struct Sample(&'static Entity);

impl Row for Sample {
    fn value(&self, name: &str) -> Option<Constant> {
        let Property::Attribute(attribute) = self.0.property(name)? else { return None };
        Some(match attribute.data_type {
            DataType::Text | DataType::Enum(_) => Constant::Text("x".to_owned()),
            DataType::DateTime => Constant::Moment { micros: 0, offset: 0 },
            DataType::Guid => Constant::Guid(model::Uuid::nil()),
            DataType::Int32 => Constant::Number(Number::Whole(1)),
            DataType::Bool => Constant::Bool(true),
        })
    }

    fn is_sample(&self) -> bool {
        true
    }
}

/// Converts a value to its form in responses; null if it has no text.
fn computed(value: &Constant) -> Computed {
    let other = |name| convert::text(value).map_or(Computed::Null, |text| Computed::Other(name, text));
    match value {
        Constant::Null => Computed::Null,
        Constant::Bool(value) => Computed::Bool(*value),
        Constant::Number(Number::Whole(number)) => Computed::Int(*number),
        Constant::Number(Number::Double(number)) => Computed::Double(*number),
        Constant::Number(number @ Number::Decimal { .. }) => Computed::Decimal(number.to_string()),
        Constant::Text(text) => Computed::Text(text.clone()),
        Constant::Guid(_) => other("Guid"),
        Constant::Date(_) => other("Date"),
        Constant::Time(_) => other("TimeOfDay"),
        Constant::Moment { .. } => other("DateTimeOffset"),
        Constant::Duration(_) => other("Duration"),
        Constant::Other(_) => convert::text(value).map_or(Computed::Null, Computed::Text),
    }
}
