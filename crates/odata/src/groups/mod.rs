//! The groups that `$apply` gives: what is done with them, and how they are written.

mod again;

use std::cmp::Ordering;

use model::query::{BoundGrouping, BoundKey, Comparison, Group, Literal, Measured, Method};
use model::{DataType, Property, Reference, Timestamp, Uuid, Value};
use serde_json::{Map, Value as Json, json};

use crate::bind::apply::{After, Having};
use crate::negotiate::{JsonForm, MetadataLevel, Version};
use crate::payload::{control_names, odata_id};

/// Groups as a table: each row has the columns of the sequence that it comes from.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    cells: Vec<Cell>,
}

#[derive(Clone, Debug)]
struct Cell {
    /// As in the answer, with `/` between the steps of a path.
    name: String,
    /// What a reference points to.
    reference: Option<&'static Reference>,
    shown: Shown,
    /// Whether it is a number of the type `Decimal`, as sums and numbers of rows are (Aggregation 4.0, section 3.1).
    decimal: bool,
}

/// A value as an answer shows it.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    Null,
    Bool(bool),
    Int(i64),
    Number(f64),
    Text(String),
    Time(Timestamp),
    Guid(Uuid),
}

impl Groups {
    /// The groups that the store gave for a question.
    pub fn new(question: &BoundGrouping, groups: Vec<Group>) -> Self {
        let rows = groups.into_iter().map(|group| row(question, group));
        let mut groups = Self { rows: rows.collect() };
        // Without an order, the same question gives the same answer on every engine.
        groups.rows.sort_by(|left, right| in_order(&left.cells, &right.cells));
        groups
    }

    /// Puts other groups behind these.
    pub fn extend(&mut self, others: Self) {
        self.rows.extend(others.rows);
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows that a reference points to in any group.
    pub fn referenced(&self, reference: &'static Reference) -> Vec<Uuid> {
        let cells = self.rows.iter().flat_map(|row| &row.cells);
        let of_reference =
            cells.filter(|cell| cell.reference.is_some_and(|own| std::ptr::eq(own, reference)));
        let mut ids: Vec<_> = of_reference.filter_map(|cell| cell.shown.guid()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The references by which the rows are grouped.
    pub fn references(&self) -> Vec<&'static Reference> {
        let mut found: Vec<&'static Reference> = Vec::new();
        for reference in self.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.reference) {
            if !found.iter().any(|known| std::ptr::eq(*known, reference)) {
                found.push(reference);
            }
        }
        found
    }

    /// Does something with the groups.
    pub fn then(&mut self, after: &After) {
        match after {
            After::Having(having) => self.rows.retain(|row| row.meets(having)),
            After::OrderBy(keys) => self.rows.sort_by(|left, right| ordered(left, right, keys)),
            After::Top(count) => self.rows.truncate(usize::try_from(*count).unwrap_or(usize::MAX)),
            After::Skip(count) => {
                let count = usize::try_from(*count).unwrap_or(usize::MAX).min(self.rows.len());
                self.rows.drain(..count);
            }
            After::Ranked { ranking, limit, by } => self.rank(*ranking, *limit, by),
            After::Group { by, measures } => self.group(by, measures),
        }
    }

    /// The body of the answer in a version. `text` gives the display text of a referenced row, where it is wanted.
    pub fn body(
        &self,
        (version, form): (Version, JsonForm),
        context: &str,
        count: Option<usize>,
        skip_nulls: bool,
        text: &dyn Fn(Uuid) -> Option<String>,
    ) -> Vec<u8> {
        let names = control_names(version);
        let rows: Vec<Json> =
            self.rows.iter().map(|row| row.json(names.id, form.ieee754, skip_nulls, text)).collect();
        let mut body = Map::new();
        if form.level != MetadataLevel::None {
            body.insert(names.context.to_owned(), context.into());
        }
        if let Some(count) = count {
            let count = if form.ieee754 { count.to_string().into() } else { count.into() };
            body.insert(names.count.to_owned(), count);
        }
        body.insert("value".to_owned(), rows.into());
        Json::Object(body).to_string().into_bytes()
    }
}

fn row(question: &BoundGrouping, group: Group) -> Row {
    let keys = question.keys().iter().zip(group.keys).map(|(key, value)| key_cell(key, &value));
    let measures = question.measures().iter().zip(group.measures).map(|(measure, measured)| Cell {
        name: measure.alias.clone(),
        reference: None,
        decimal: is_decimal(measure.method),
        shown: match measured {
            Measured::Mean(mean) => Shown::Number(mean),
            Measured::Value(value) => Shown::of(&value, None),
        },
    });
    Row { cells: keys.chain(measures).collect() }
}

/// Whether the result of a method is a `Decimal`, whatever is aggregated.
const fn is_decimal(method: Method) -> bool {
    matches!(method, Method::Count | Method::CountDistinct | Method::Sum)
}

fn key_cell(key: &BoundKey, value: &Value) -> Cell {
    let steps = key.path.steps.iter().map(|(reference, _)| reference.name);
    let path: Vec<_> = steps.chain([key.path.property.name()]).collect();
    match (&key.period, key.path.property) {
        (Some((_, alias)), _) => Cell::plain(alias.clone(), Shown::of(value, None)),
        (None, property) => Cell {
            name: path.join("/"),
            reference: if let Property::Reference(reference) = property { Some(reference) } else { None },
            shown: Shown::of(value, Some(property)),
            decimal: false,
        },
    }
}

impl Shown {
    fn of(value: &Value, property: Option<Property>) -> Self {
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

    fn of_literal(literal: &Literal) -> Self {
        match literal {
            Literal::Null => Self::Null,
            Literal::Bool(value) => Self::Bool(*value),
            Literal::Int(value) => Self::Int(*value),
            Literal::Number(text) => text.parse().map_or(Self::Null, Self::Number),
            Literal::Text(text) | Literal::Member(text) => {
                // A reference is compared by its OData id.
                let id = text
                    .rsplit_once('(')
                    .and_then(|(_, rest)| Uuid::parse_str(rest.trim_end_matches(')')).ok());
                id.map_or_else(|| Self::Text(text.clone()), Self::Guid)
            }
            Literal::Guid(id) => Self::Guid(*id),
            Literal::Time(time) => Self::Time(*time),
        }
    }

    const fn guid(&self) -> Option<Uuid> {
        if let Self::Guid(id) = self { Some(*id) } else { None }
    }

    /// How two values of the same kind lie to each other; null comes first in an order and compares with nothing.
    fn compared(&self, other: &Self) -> Option<Ordering> {
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

    #[allow(clippy::cast_precision_loss, reason = "a mean is compared with a whole number")]
    const fn number(&self) -> f64 {
        match self {
            Self::Int(number) => *number as f64,
            Self::Number(number) => *number,
            _ => f64::NAN,
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Less,
            (_, Self::Null) => Ordering::Greater,
            _ => self.compared(other).unwrap_or(Ordering::Equal),
        }
    }

    fn json(&self) -> Json {
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

fn in_order(left: &[Cell], right: &[Cell]) -> Ordering {
    let cells = left.iter().zip(right).map(|(left, right)| left.shown.order(&right.shown));
    cells.fold(Ordering::Equal, Ordering::then)
}

fn ordered(left: &Row, right: &Row, keys: &[(String, bool)]) -> Ordering {
    let compared = keys.iter().map(|(name, descending)| {
        let order = left.shown(name).order(right.shown(name));
        if *descending { order.reverse() } else { order }
    });
    compared.fold(Ordering::Equal, Ordering::then)
}

impl Row {
    fn cell(&self, name: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.name == name)
    }

    /// The value of a column; null where the row has none of that name.
    fn shown(&self, name: &str) -> &Shown {
        self.cell(name).map_or(&Shown::Null, |cell| &cell.shown)
    }

    fn meets(&self, having: &Having) -> bool {
        match having {
            Having::And(all) => all.iter().all(|inner| self.meets(inner)),
            Having::Or(any) => any.iter().any(|inner| self.meets(inner)),
            Having::Not(inner) => !self.meets(inner),
            Having::Compare(name, comparison, literal) => {
                compare(self.shown(name), *comparison, &Shown::of_literal(literal))
            }
        }
    }

    fn json(&self, id: &str, ieee754: bool, skip_nulls: bool, text: &dyn Fn(Uuid) -> Option<String>) -> Json {
        let mut object = Map::new();
        for cell in &self.cells {
            if skip_nulls && cell.shown == Shown::Null {
                continue;
            }
            let path: Vec<&str> = cell.name.split('/').collect();
            put(&mut object, &path, cell.json(id, ieee754, text));
        }
        Json::Object(object)
    }
}

/// Puts a value at the end of a path of objects.
fn put(object: &mut Map<String, Json>, path: &[&str], value: Json) {
    match path {
        [] => {}
        [name] => drop(object.insert((*name).to_owned(), value)),
        [name, rest @ ..] => {
            let inner = object.entry((*name).to_owned()).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

fn compare(left: &Shown, comparison: Comparison, right: &Shown) -> bool {
    let null = *left == Shown::Null || *right == Shown::Null;
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
    fn plain(name: String, shown: Shown) -> Self {
        Self { name, reference: None, shown, decimal: false }
    }

    fn json(&self, id_name: &str, ieee754: bool, text: &dyn Fn(Uuid) -> Option<String>) -> Json {
        if let (true, true, Shown::Int(number)) = (self.decimal, ieee754, &self.shown) {
            return number.to_string().into();
        }
        let (Some(reference), Some(id)) = (self.reference, self.shown.guid()) else {
            return self.shown.json();
        };
        let mut object = json!({ id_name: odata_id(&reference.target().set_name(), id) });
        if let Some(text) = text(id) {
            object["Id"] = id.to_string().into();
            object["DisplayText"] = text.into();
        }
        object
    }
}
