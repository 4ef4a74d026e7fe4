//! Groups of `$apply`: steps on them and their JSON form.

mod cell;
mod key_rows;
mod transform;

use std::cmp::Ordering;

use model::query::{BoundGrouping, BoundKey, Group, Measured, Part, Period};
use model::{Property, Reference, Uuid, Value};
use serde_json::{Map, Value as Json};

use crate::bind::apply::GroupStep;
use crate::control_names::control_names;
use crate::negotiate::MetadataLevel;
use crate::payload::{Links, Style};
use cell::{Cell, CellValue, Row, in_order, is_decimal};
pub use key_rows::KeyRows;

/// A table of groups. Each row has the columns of its sequence.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    rows: Vec<Row>,
}

impl Groups {
    /// Creates the table from the groups that the store returned for a query.
    pub fn new(question: &BoundGrouping, groups: Vec<Group>) -> Self {
        let rows = groups.into_iter().map(|group| row(question, group));
        let mut groups = Self { rows: rows.collect() };
        // Without an order, all database engines still return the same sequence.
        groups.rows.sort_by(|left, right| in_order(&left.cells, &right.cells));
        groups
    }

    /// Appends the groups of another table.
    pub fn extend(&mut self, others: Self) {
        self.rows.extend(others.rows);
    }

    /// Returns the number of groups.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether there are no groups.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the distinct targets of a key that is a reference.
    pub fn referenced(&self, column: &str) -> Vec<Uuid> {
        let cells = self.rows.iter().filter_map(|row| row.cell(column));
        let mut ids: Vec<_> = cells.filter_map(|cell| cell.value.guid()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Returns the keys that are references, by the names of their columns.
    pub fn references(&self) -> Vec<(String, &'static Reference)> {
        let mut found: Vec<(String, &'static Reference)> = Vec::new();
        for cell in self.rows.iter().flat_map(|row| &row.cells) {
            if let Some(reference) =
                cell.reference.filter(|_| !found.iter().any(|(name, _)| *name == cell.name))
            {
                found.push((cell.name.clone(), reference));
            }
        }
        found
    }

    /// Applies a step to the groups.
    pub fn apply(&mut self, step: &GroupStep) {
        match step {
            GroupStep::Having(having) => self.rows.retain(|row| row.meets(having)),
            GroupStep::OrderBy(keys) => self.rows.sort_by(|left, right| ordered(left, right, keys)),
            GroupStep::Top(count) => self.rows.truncate(usize::try_from(*count).unwrap_or(usize::MAX)),
            GroupStep::Skip(count) => {
                let count = usize::try_from(*count).unwrap_or(usize::MAX).min(self.rows.len());
                self.rows.drain(..count);
            }
            GroupStep::Ranked { ranking, limit, by } => self.rank(*ranking, *limit, by),
            GroupStep::Group { by, measures } => self.group(by, measures),
        }
    }

    /// Returns the response body. `rows` has the rows that are included in the place of keys.
    pub fn body(&self, style: Style<'_>, context: &str, ends: &Ends, rows: &KeyRows) -> Vec<u8> {
        let (names, ieee754) = (control_names(style.version), style.form.ieee754);
        let rows: Vec<Json> =
            self.rows.iter().map(|row| row.json(names.id, ieee754, style.skip_nulls, rows)).collect();
        let mut body = Map::new();
        if style.form.level != MetadataLevel::None {
            body.insert(names.context.to_owned(), context.into());
        }
        if let Some(count) = ends.count {
            let count = if ieee754 { count.to_string().into() } else { count.into() };
            body.insert(names.count.to_owned(), count);
        }
        body.insert("value".to_owned(), rows.into());
        if let Some(next) = &ends.links.next {
            body.insert(names.next_link.to_owned(), next.as_str().into());
        }
        Json::Object(body).to_string().into_bytes()
    }
}

/// What a page of groups says beside them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// The number of all groups, if it is requested.
    pub count: Option<usize>,
    /// The link to the next page.
    pub links: Links,
}

fn row(question: &BoundGrouping, group: Group) -> Row {
    let keys = question.keys().iter().zip(group.keys).map(|(key, value)| key_cell(key, &value));
    let measures = question.measures().iter().zip(group.measures).map(|(measure, measured)| Cell {
        name: measure.alias.clone(),
        reference: None,
        decimal: is_decimal(measure.method),
        value: match measured {
            Measured::Mean(mean) => CellValue::Number(mean),
            Measured::Value(value) => CellValue::from_value(&value, None),
        },
    });
    Row { cells: keys.chain(measures).collect() }
}

fn key_cell(key: &BoundKey, value: &Value) -> Cell {
    let steps = key.path.steps.iter().map(|(reference, _)| reference.name);
    let path: Vec<_> = steps.chain([key.path.property.name()]).collect();
    match (&key.part, key.path.property) {
        (Some((part, alias)), _) => Cell::plain(alias.clone(), part_value(*part, value)),
        (None, property) => Cell {
            name: path.join("/"),
            reference: if let Property::Reference(reference) = property { Some(reference) } else { None },
            value: CellValue::from_value(value, Some(property)),
            decimal: false,
        },
    }
}

/// Returns the value of a part: a year, month or date is a text such as `2026-01`.
fn part_value(part: Part, value: &Value) -> CellValue {
    let (Part::Period(period), Value::Int(number)) = (part, value) else {
        return CellValue::from_value(value, None);
    };
    let number = *number;
    match period {
        Period::Year => CellValue::Text(format!("{number:04}")),
        Period::YearMonth => CellValue::Text(format!("{:04}-{:02}", number / 100, number % 100)),
        Period::Date => {
            let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
            CellValue::Text(format!("{year:04}-{month:02}-{day:02}"))
        }
        Period::Month | Period::Day => CellValue::Int(number),
    }
}

fn ordered(left: &Row, right: &Row, keys: &[(String, bool)]) -> Ordering {
    let compared = keys.iter().map(|(name, descending)| {
        let order = left.value(name).order(right.value(name));
        if *descending { order.reverse() } else { order }
    });
    compared.fold(Ordering::Equal, Ordering::then)
}
