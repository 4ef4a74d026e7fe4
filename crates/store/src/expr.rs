//! Bound expressions as SQL.
//!
//! Comparisons with null have a third truth value in SQL, but not in OData. Every expression is therefore
//! written either as itself or as its negation, and the negation of a comparison includes the rows in which
//! the column is null.

use model::query::{Comparison, Expr, TextCase, TextTest, TimePart};
use model::{Attribute, Collection, Entity, Property, Reference, Value};
use sea_query::{Alias, Condition, Expr as Sql, ExprTrait, Func, Query};

use crate::cell::bound;
use crate::state;

/// Returns the condition for the rows of a table that match a bound expression.
pub(crate) fn condition(entity: &'static Entity, expr: &Expr) -> Sql {
    Writer { table: entity.table.to_owned(), depth: 0 }.write(expr, true)
}

/// Writes expressions on the rows of one table.
struct Writer {
    /// Name of the table in the statement.
    table: String,
    /// Nesting depth of counting subqueries.
    depth: usize,
}

impl Writer {
    /// Writes the expression, or its negation if `holds` is false.
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
            Expr::Part(property, part, comparison, number) => {
                let value = Func::cust(part_function(*part)).arg(self.column(*property)).into();
                self.compared(*property, value, *comparison, Sql::val(*number), holds)
            }
            Expr::Text { property, test, text, case } => {
                let found = self.text(*property, *test, text, *case);
                if holds { found } else { self.or_null(*property, found.not()) }
            }
            Expr::State(states, now) => state::is_one_of(&self.table, states, *now, holds),
            Expr::Through(reference, inner) => self.through(reference, inner, holds),
            Expr::Any(collection, inner) => self.any(collection, inner, holds),
            Expr::Count(collection, inner, comparison, number) => {
                let comparison = if holds { *comparison } else { comparison.opposite() };
                apply(self.count(collection, inner), comparison, Sql::val(*number))
            }
        }
    }

    fn join(&self, expressions: &[Expr], holds: bool, all: bool) -> Sql {
        let condition = if all { Condition::all() } else { Condition::any() };
        expressions.iter().fold(condition, |condition, inner| condition.add(self.write(inner, holds))).into()
    }

    fn compare(&self, property: Property, comparison: Comparison, value: &Value, holds: bool) -> Sql {
        let value = bound(value, property.data_type());
        self.compared(property, self.column(property), comparison, value.into(), holds)
    }

    /// Compares a value derived from a property, which is null if the property is null.
    fn compared(
        &self,
        property: Property,
        made: Sql,
        comparison: Comparison,
        value: Sql,
        holds: bool,
    ) -> Sql {
        let comparison = if holds { comparison } else { comparison.opposite() };
        let compared = apply(made, comparison, value);
        // Null is unequal to every value, and every other negation includes it.
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

    fn text(&self, property: Property, test: TextTest, text: &str, case: TextCase) -> Sql {
        let column = self.column(property);
        let column = match case {
            TextCase::AsIs => column,
            TextCase::Lower => Func::cust("od_fold").arg(column).into(),
            TextCase::Upper => Func::cust("od_upper").arg(column).into(),
        };
        let function = match test {
            TextTest::Contains => "od_contains",
            TextTest::StartsWith => "od_starts_with",
            TextTest::EndsWith => "od_ends_with",
            TextTest::Equals => return column.eq(text),
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
        let id = self.named(Attribute::ID_COLUMN);
        if holds { id.in_subquery(rows) } else { id.not_in_subquery(rows) }
    }

    /// Returns a subquery that counts the rows of a collection that meet a condition.
    fn count(&self, collection: &'static Collection, inner: &Expr) -> Sql {
        let target = collection.target();
        // An alias of its own, because the outer statement may read the same table.
        let own = Self { table: format!("counted{}", self.depth), depth: self.depth + 1 };
        let owner = Sql::col((Alias::new(&own.table), collection.via_column()));
        let mut rows = Query::select();
        rows.expr(Sql::val(1_i64).count());
        rows.from_as(target.table, Alias::new(&own.table));
        rows.and_where(owner.eq(self.named(Attribute::ID_COLUMN)));
        rows.and_where(own.write(inner, true));
        rows.into()
    }

    fn column(&self, property: Property) -> Sql {
        self.named(property.column().unwrap_or(Attribute::ID_COLUMN))
    }

    fn named(&self, column: &'static str) -> Sql {
        Sql::col((Alias::new(&self.table), column))
    }

    fn or_null(&self, property: Property, sql: Sql) -> Sql {
        if property.nullable() { sql.or(self.column(property).is_null()) } else { sql }
    }
}

/// Returns a condition that is true for all rows or for none.
fn always(holds: bool) -> Sql {
    Sql::val(1_i64).eq(if holds { 1_i64 } else { 0 })
}

fn apply(left: Sql, comparison: Comparison, right: Sql) -> Sql {
    match comparison {
        Comparison::Eq => left.eq(right),
        Comparison::Ne => left.ne(right),
        Comparison::Gt => left.gt(right),
        Comparison::Ge => left.gte(right),
        Comparison::Lt => left.lt(right),
        Comparison::Le => left.lte(right),
    }
}

/// Returns the name of the SQL function for a part of a timestamp. PostgreSQL gets it from the migrations.
pub(crate) const fn part_function(part: TimePart) -> &'static str {
    match part {
        TimePart::Year => "od_year",
        TimePart::YearMonth => "od_period_yearmonth",
        TimePart::Month => "od_month",
        TimePart::Day => "od_day",
        TimePart::Hour => "od_hour",
        TimePart::Minute => "od_minute",
        TimePart::Second => "od_second",
        TimePart::FractionalSeconds => "od_fraction",
        TimePart::Date => "od_date",
        TimePart::Time => "od_time",
        TimePart::TotalOffsetMinutes => "od_offset",
    }
}
