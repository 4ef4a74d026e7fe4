//! A second implementation of bound expressions: naive evaluation over values in memory.

use std::cmp::Ordering;
use std::collections::HashMap;

use model::entities::GrantState;
use model::query::{Comparison, Expr, TextCase, TextTest, TimePart};
use model::{Collection, Entity, Property, Record, Timestamp, Uuid, Value};

type Row = HashMap<&'static str, Value>;

/// All rows of all tables.
#[derive(Default)]
pub(crate) struct World {
    tables: HashMap<&'static str, HashMap<Uuid, Row>>,
}

impl World {
    pub(crate) fn add<R: Record>(&mut self, record: &R) {
        let columns = R::entity().columns().map(|(column, _)| column);
        let row = columns.zip(record.to_values()).collect();
        self.tables.entry(R::entity().table).or_default().insert(record.id(), row);
    }

    /// Returns the identifiers of the rows that match an expression, in ascending order.
    pub(crate) fn rows(&self, entity: &Entity, expr: &Expr) -> Vec<Uuid> {
        let table = self.tables.get(entity.table).into_iter().flatten();
        let mut ids: Vec<_> = table.filter(|(_, row)| self.holds(row, expr)).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids
    }

    /// Returns the value of a column of a row.
    pub(crate) fn value(&self, entity: &Entity, id: Uuid, column: &str) -> Value {
        self.tables[entity.table][&id][column].clone()
    }

    fn holds(&self, row: &Row, expr: &Expr) -> bool {
        match expr {
            Expr::Const(value) => *value,
            Expr::Not(inner) => !self.holds(row, inner),
            Expr::And(all) => all.iter().all(|inner| self.holds(row, inner)),
            Expr::Or(any) => any.iter().any(|inner| self.holds(row, inner)),
            Expr::IsNull(property) => value(row, *property).is_null(),
            Expr::Compare(property, comparison, with) => compare(value(row, *property), *comparison, with),
            Expr::In(property, values) => values.contains(value(row, *property)),
            Expr::Part(property, part, comparison, with) => match value(row, *property) {
                Value::Time(moment) => comparison.holds(part_of(*moment, *part).cmp(with)),
                _ => *comparison == Comparison::Ne,
            },
            Expr::Text { property, test, text, case } => {
                value(row, *property).as_text().is_some_and(|found| {
                    let found = match case {
                        TextCase::AsIs => found.to_owned(),
                        TextCase::Lower => found.to_lowercase(),
                        TextCase::Upper => found.to_uppercase(),
                    };
                    match test {
                        TextTest::Equals => found == *text,
                        TextTest::Contains => found.contains(text),
                        TextTest::StartsWith => found.starts_with(text),
                        TextTest::EndsWith => found.ends_with(text),
                    }
                })
            }
            Expr::State(states, now) => states.contains(&self.state(row, *now)),
            Expr::Through(reference, inner) => {
                let target = value(row, Property::Reference(reference)).as_guid();
                let table = self.tables.get(reference.target().table);
                let target = target.and_then(|id| table?.get(&id));
                target.is_some_and(|target| self.holds(target, inner))
            }
            Expr::Any(collection, inner) => self.children(row, collection, inner) > 0,
            Expr::Count(collection, inner, comparison, with) => {
                comparison.holds(self.children(row, collection, inner).cmp(with))
            }
        }
    }

    /// The state of a grant without other clients' tokens above it.
    fn state(&self, row: &Row, now: Timestamp) -> GrantState {
        let passed = |column: &str| matches!(row[column], Value::Time(time) if time <= now);
        let flag = |table: &str, reference: &str, column: &str| {
            let target = row[reference].as_guid().and_then(|id| self.tables.get(table)?.get(&id));
            target.map(|target| target[column] == Value::Bool(true))
        };
        if !row["revoked_timestamp"].is_null() {
            GrantState::Revoked
        } else if !row["consumed_timestamp"].is_null() {
            GrantState::Used
        } else if passed("expire_timestamp") {
            GrantState::Expired
        } else if flag("Sec_Trusted_Applications", "trusted_application_id", "is_enabled") != Some(true)
            || flag("Sec_Users", "user_id", "active") == Some(false)
        {
            GrantState::Disabled
        } else {
            GrantState::Live
        }
    }

    fn children(&self, row: &Row, collection: &Collection, inner: &Expr) -> i64 {
        let own = value(row, Property::Attribute(collection.target().id()));
        let table = self.tables.get(collection.target().table).into_iter().flatten();
        let children = table.filter(|(_, child)| &child[collection.via_column()] == own);
        i64::try_from(children.filter(|(_, child)| self.holds(child, inner)).count()).unwrap()
    }
}

/// Returns a part of a timestamp, taken from its RFC 3339 text.
fn part_of(moment: Timestamp, part: TimePart) -> i64 {
    let text = moment.to_string();
    let (date, time) = text.trim_end_matches('Z').split_once('T').unwrap();
    let number = |text: &str| text.parse::<i64>().unwrap();
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let fraction = number(&format!("{fraction:0<6}"));
    let second_of_day = number(&time[..2]) * 3600 + number(&time[3..5]) * 60 + number(&time[6..]);
    match part {
        TimePart::Month => number(&date[5..7]),
        TimePart::Day => number(&date[8..]),
        TimePart::Hour => number(&time[..2]),
        TimePart::Minute => number(&time[3..5]),
        TimePart::Second => number(&time[6..]),
        TimePart::FractionalSeconds => fraction,
        TimePart::Time => second_of_day * 1_000_000 + fraction,
        other => panic!("{other:?} is asked as a stretch of time"),
    }
}

fn value(row: &Row, property: Property) -> &Value {
    &row[property.column().unwrap()]
}

fn compare(value: &Value, comparison: Comparison, with: &Value) -> bool {
    let order = match (value, with) {
        (Value::Null, _) => return comparison == Comparison::Ne,
        (Value::Bool(value), Value::Bool(with)) => value.cmp(with),
        (Value::Int(value), Value::Int(with)) => value.cmp(with),
        (Value::Text(value), Value::Text(with)) => value.as_bytes().cmp(with.as_bytes()),
        (Value::Time(value), Value::Time(with)) => value.cmp(with),
        (Value::Guid(value), Value::Guid(with)) => value.as_bytes().cmp(with.as_bytes()),
        (value, with) => panic!("{value:?} is compared with {with:?}"),
    };
    match comparison {
        Comparison::Eq => order == Ordering::Equal,
        Comparison::Ne => order != Ordering::Equal,
        Comparison::Gt => order == Ordering::Greater,
        Comparison::Ge => order != Ordering::Less,
        Comparison::Lt => order == Ordering::Less,
        Comparison::Le => order != Ordering::Greater,
    }
}
