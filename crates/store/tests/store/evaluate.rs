//! What a bound expression means, said a second time: naively, over values in memory.

use std::cmp::Ordering;
use std::collections::HashMap;

use model::query::{Comparison, Expr, TextTest};
use model::{Entity, Property, Record, Uuid, Value};

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

    /// The identifiers of the rows that an expression gives, ascending.
    pub(crate) fn rows(&self, entity: &Entity, expr: &Expr) -> Vec<Uuid> {
        let table = self.tables.get(entity.table).into_iter().flatten();
        let mut ids: Vec<_> = table.filter(|(_, row)| self.holds(row, expr)).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids
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
            Expr::Text { property, test, text, fold } => {
                value(row, *property).as_text().is_some_and(|found| {
                    let found = if *fold { found.to_lowercase() } else { found.to_owned() };
                    match test {
                        TextTest::Contains => found.contains(text),
                        TextTest::StartsWith => found.starts_with(text),
                        TextTest::EndsWith => found.ends_with(text),
                    }
                })
            }
            Expr::Through(reference, inner) => {
                let target = value(row, Property::Reference(reference)).as_guid();
                let table = self.tables.get(reference.target().table);
                let target = target.and_then(|id| table?.get(&id));
                target.is_some_and(|target| self.holds(target, inner))
            }
            Expr::Any(collection, inner) => {
                let own = value(row, Property::Attribute(collection.target().id()));
                let table = self.tables.get(collection.target().table).into_iter().flatten();
                let mut children = table.filter(|(_, child)| &child[collection.via_column()] == own);
                children.any(|(_, child)| self.holds(child, inner))
            }
        }
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
