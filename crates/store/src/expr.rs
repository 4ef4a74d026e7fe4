//! Bound expressions as SQL.
//!
//! SQL knows a third truth value where null is compared; OData does not. Every
//! expression is therefore written either as itself or as its opposite, and the
//! opposite of a comparison includes the rows without a value.

use model::query::{Comparison, Expr, TextTest};
use model::{Attribute, Collection, Entity, Property, Reference, Value};
use sea_query::{Condition, Expr as Sql, ExprTrait, Func, Query};

use crate::cell::bound;

/// The rows of a table that a bound expression gives.
pub(crate) fn condition(entity: &'static Entity, expr: &Expr) -> Sql {
    Writer { table: entity.table }.write(expr, true)
}

/// Writes expressions on the rows of one table.
struct Writer {
    table: &'static str,
}

impl Writer {
    /// The expression, or where `holds` is false its opposite.
    fn write(&self, expr: &Expr, holds: bool) -> Sql {
        match expr {
            Expr::Const(value) => always(*value == holds),
            Expr::Not(inner) => self.write(inner, !holds),
            Expr::And(all) => self.join(all, holds, holds),
            Expr::Or(any) => self.join(any, holds, !holds),
            Expr::IsNull(property) if holds => self.column(*property).is_null(),
            Expr::IsNull(property) => self.column(*property).is_not_null(),
            Expr::Compare(property, comparison, value) => self.compare(*property, *comparison, value, holds),
            Expr::In(property, values) => self.is_in(*property, values, holds),
            Expr::Text { property, test, text, fold } => {
                let found = self.text(*property, *test, text, *fold);
                if holds { found } else { self.or_null(*property, found.not()) }
            }
            Expr::Through(reference, inner) => self.through(reference, inner, holds),
            Expr::Any(collection, inner) => self.any(collection, inner, holds),
        }
    }

    fn join(&self, expressions: &[Expr], holds: bool, all: bool) -> Sql {
        let condition = if all { Condition::all() } else { Condition::any() };
        expressions.iter().fold(condition, |condition, inner| condition.add(self.write(inner, holds))).into()
    }

    fn compare(&self, property: Property, comparison: Comparison, value: &Value, holds: bool) -> Sql {
        let comparison = if holds { comparison } else { opposite(comparison) };
        let column = self.column(property);
        let value = bound(value, property.data_type());
        let compared = match comparison {
            Comparison::Eq => column.eq(value),
            Comparison::Ne => column.ne(value),
            Comparison::Gt => column.gt(value),
            Comparison::Ge => column.gte(value),
            Comparison::Lt => column.lt(value),
            Comparison::Le => column.lte(value),
        };
        // What has no value is unequal to every value, and any opposite includes it.
        let with_null = if holds { comparison == Comparison::Ne } else { comparison != Comparison::Eq };
        if with_null { self.or_null(property, compared) } else { compared }
    }

    fn is_in(&self, property: Property, values: &[Value], holds: bool) -> Sql {
        if values.is_empty() {
            return always(!holds);
        }
        let column = self.column(property);
        let values = values.iter().map(|value| bound(value, property.data_type()));
        if holds { column.is_in(values) } else { self.or_null(property, column.is_not_in(values)) }
    }

    fn text(&self, property: Property, test: TextTest, text: &str, fold: bool) -> Sql {
        let column = self.column(property);
        let column = if fold { Func::cust("od_fold").arg(column).into() } else { column };
        let function = match test {
            TextTest::Contains => "od_contains",
            TextTest::StartsWith => "od_starts_with",
            TextTest::EndsWith => "od_ends_with",
        };
        Func::cust(function).arg(column).arg(text).into()
    }

    fn through(&self, reference: &'static Reference, inner: &Expr, holds: bool) -> Sql {
        let target = reference.target();
        let mut rows = Query::select();
        rows.column((target.table, Attribute::ID_COLUMN))
            .from(target.table)
            .and_where(condition(target, inner));
        let column = self.column(Property::Reference(reference));
        if holds {
            column.in_subquery(rows)
        } else {
            self.or_null(Property::Reference(reference), column.not_in_subquery(rows))
        }
    }

    fn any(&self, collection: &'static Collection, inner: &Expr, holds: bool) -> Sql {
        let target = collection.target();
        let owner = (target.table, collection.via_column());
        let mut rows = Query::select();
        rows.column(owner).from(target.table).and_where(condition(target, inner));
        // An owner that is null would make NOT IN unknown for every row.
        rows.and_where(Sql::col(owner).is_not_null());
        let id = Sql::col((self.table, Attribute::ID_COLUMN));
        if holds { id.in_subquery(rows) } else { id.not_in_subquery(rows) }
    }

    fn column(&self, property: Property) -> Sql {
        Sql::col((self.table, property.column().unwrap_or(Attribute::ID_COLUMN)))
    }

    fn or_null(&self, property: Property, sql: Sql) -> Sql {
        if property.nullable() { sql.or(self.column(property).is_null()) } else { sql }
    }
}

/// What is true of every row, or of none.
fn always(holds: bool) -> Sql {
    Sql::val(1_i64).eq(if holds { 1_i64 } else { 0 })
}

const fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Eq => Comparison::Ne,
        Comparison::Ne => Comparison::Eq,
        Comparison::Gt => Comparison::Le,
        Comparison::Ge => Comparison::Lt,
        Comparison::Lt => Comparison::Ge,
        Comparison::Le => Comparison::Gt,
    }
}
