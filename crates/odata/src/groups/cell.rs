//! Rows of groups, with their cells and values.

use std::cmp::Ordering;

use model::query::{Comparison, Literal, Method};
use model::{DataType, Property, Reference, Timestamp, Uuid, Value};
use serde_json::{Map, Value as Json};

use super::key_rows::KeyRows;
use crate::bind::apply::Having;
use crate::payload::odata_id;

#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
}

#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// Column name as in the response, with `/` between path segments.
    pub(super) name: String,
    /// The reference whose target the value is.
    pub(super) reference: Option<&'static Reference>,
    pub(super) value: CellValue,
    /// Whether the value has the type `Decimal`, like sums and counts (Aggregation 4.0, section 3.1).
    pub(super) decimal: bool,
}

/// A value in a response.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum CellValue {
    Null,
    Bool(bool),
    Int(i64),
    Number(f64),
    Text(String),
    Time(Timestamp),
    Guid(Uuid),
}

impl CellValue {
    pub(super) fn from_value(value: &Value, property: Option<Property>) -> Self {
        let kind = property.map(|property| (property.data_type(), property));
        match (kind, value) {
            (_, Value::Null) => Self::Null,
            (Some((DataType::Enum(kind), Property::Attribute(_))), value) => {
                kind.stored(value).map_or(Self::Null, |member| Self::Text(member.name.to_owned()))
            }
            (_, Value::Bool(value)) => Self::Bool(*value),
            (_, Value::Int(value)) => Self::Int(*value),
            (_, Value::Text(value)) => Self::Text(value.clone()),
            (_, Value::Time(value)) => Self::Time(*value),
            (_, Value::Guid(value)) => Self::Guid(*value),
        }
    }

    pub(super) fn from_literal(literal: &Literal) -> Self {
        match literal {
            Literal::Null => Self::Null,
            Literal::Bool(value) => Self::Bool(*value),
            Literal::Int(value) => Self::Int(*value),
            Literal::Number(text) => text.parse().map_or(Self::Null, Self::Number),
            Literal::Text(text) | Literal::Member(text) => {
                // A reference compares by its OData id.
                let id = text
                    .rsplit_once('(')
                    .and_then(|(_, rest)| Uuid::parse_str(rest.trim_end_matches(')')).ok());
                id.map_or_else(|| Self::Text(text.clone()), Self::Guid)
            }
            Literal::Guid(id) => Self::Guid(*id),
            Literal::Time(time) => Self::Time(*time),
        }
    }

    pub(super) const fn guid(&self) -> Option<Uuid> {
        if let Self::Guid(id) = self { Some(*id) } else { None }
    }

    /// Orders two values of the same kind. Null compares with nothing.
    pub(super) fn compared(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(left), Self::Bool(right)) => Some(left.cmp(right)),
            (Self::Int(left), Self::Int(right)) => Some(left.cmp(right)),
            (Self::Text(left), Self::Text(right)) => Some(left.cmp(right)),
            (Self::Time(left), Self::Time(right)) => Some(left.cmp(right)),
            (Self::Guid(left), Self::Guid(right)) => Some(left.cmp(right)),
            (Self::Int(_) | Self::Number(_), Self::Int(_) | Self::Number(_)) => {
                self.number().partial_cmp(&other.number())
            }
            _ => None,
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "a mean is compared with an integer")]
    pub(super) const fn number(&self) -> f64 {
        match self {
            Self::Int(number) => *number as f64,
            Self::Number(number) => *number,
            _ => f64::NAN,
        }
    }

    pub(super) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Less,
            (_, Self::Null) => Ordering::Greater,
            _ => self.compared(other).unwrap_or(Ordering::Equal),
        }
    }

    pub(super) fn json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => (*value).into(),
            Self::Int(value) => (*value).into(),
            Self::Number(value) => (*value).into(),
            Self::Text(value) => value.clone().into(),
            Self::Time(value) => value.to_string().into(),
            Self::Guid(value) => value.to_string().into(),
        }
    }
}

impl Row {
    pub(super) fn cell(&self, name: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.name == name)
    }

    /// Returns the value of a column; null if the row does not have it.
    pub(super) fn value(&self, name: &str) -> &CellValue {
        self.cell(name).map_or(&CellValue::Null, |cell| &cell.value)
    }

    pub(super) fn meets(&self, having: &Having) -> bool {
        match having {
            Having::And(all) => all.iter().all(|inner| self.meets(inner)),
            Having::Or(any) => any.iter().any(|inner| self.meets(inner)),
            Having::Not(inner) => !self.meets(inner),
            Having::Compare(name, comparison, literal) => {
                compare(self.value(name), *comparison, &CellValue::from_literal(literal))
            }
        }
    }

    pub(super) fn json(&self, id: &str, ieee754: bool, skip_nulls: bool, rows: &KeyRows) -> Json {
        let mut object = Map::new();
        for cell in &self.cells {
            if skip_nulls && cell.value == CellValue::Null {
                continue;
            }
            let path: Vec<&str> = cell.name.split('/').collect();
            insert_at(&mut object, &path, cell.json(id, ieee754, rows));
        }
        Json::Object(object)
    }
}

/// Inserts a value at the end of a path of objects.
fn insert_at(object: &mut Map<String, Json>, path: &[&str], value: Json) {
    match path {
        [] => {}
        [name] => drop(object.insert((*name).to_owned(), value)),
        [name, rest @ ..] => {
            let inner = object.entry((*name).to_owned()).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(inner) = inner {
                insert_at(inner, rest, value);
            }
        }
    }
}

fn compare(left: &CellValue, comparison: Comparison, right: &CellValue) -> bool {
    let null = *left == CellValue::Null || *right == CellValue::Null;
    let order = if null { (left == right).then_some(Ordering::Equal) } else { left.compared(right) };
    match comparison {
        Comparison::Eq => order == Some(Ordering::Equal),
        Comparison::Ne => order != Some(Ordering::Equal),
        _ if null => false,
        Comparison::Gt => order == Some(Ordering::Greater),
        Comparison::Ge => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        Comparison::Lt => order == Some(Ordering::Less),
        Comparison::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
    }
}

impl Cell {
    pub(super) fn plain(name: String, value: CellValue) -> Self {
        Self { name, reference: None, value, decimal: false }
    }

    pub(super) fn json(&self, id_name: &str, ieee754: bool, rows: &KeyRows) -> Json {
        if let (true, true, CellValue::Int(number)) = (self.decimal, ieee754, &self.value) {
            return number.to_string().into();
        }
        let (Some(reference), Some(id)) = (self.reference, self.value.guid()) else {
            return self.value.json();
        };
        let mut object = Map::new();
        object.insert(id_name.to_owned(), odata_id(&reference.target().set_name(), id).into());
        match rows.find(&self.name, id) {
            Some(row) => object.extend(row.clone()),
            None => drop(object.insert("Id".to_owned(), id.to_string().into())),
        }
        Json::Object(object)
    }
}

/// Returns whether the result of a method is a `Decimal`, whatever the aggregated type.
pub(super) const fn is_decimal(method: Method) -> bool {
    matches!(method, Method::Count | Method::CountDistinct | Method::Sum)
}

/// Orders two rows cell by cell.
pub(super) fn in_order(left: &[Cell], right: &[Cell]) -> Ordering {
    let cells = left.iter().zip(right).map(|(left, right)| left.value.order(&right.value));
    cells.fold(Ordering::Equal, Ordering::then)
}
