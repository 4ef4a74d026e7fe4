//! Groups of rows and their aggregated values.

use model::query::QueryError;
use model::query::{
    BoundGrouping, BoundKey, BoundMeasure, BoundPath, Expr as Bound, Group, Measured, Method, Part, Period,
};
use model::{Attribute, DataType, Reference, Timestamp, Value};
use sea_query::{Alias, Expr, ExprTrait, Func, Query, SelectStatement};

use crate::cell::Cell;
use crate::expr::condition;
use crate::{Read, StoreError};

/// Maximum number of groups in a result.
const MAX_GROUPS: u64 = 10_000;

impl Read<'_> {
    /// Reads the groups of a grouped query, in no particular order.
    ///
    /// # Errors
    /// [`StoreError::Query`] if there are more than 10,000 groups.
    pub fn groups(&self, grouping: &BoundGrouping) -> Result<Vec<Group>, StoreError> {
        let statement = Grouped::new(grouping).statement();
        let rows = self.query_dynamic(&statement)?;
        if rows.len() as u64 > MAX_GROUPS {
            let limit = usize::try_from(MAX_GROUPS).unwrap_or(usize::MAX);
            return Err(QueryError::LimitExceeded { what: "the number of groups", limit }.into());
        }
        rows.into_iter().map(|row| group(grouping, row)).collect()
    }
}

/// Builds the statement of a grouped query. Each reference on a path is joined once.
struct Grouped<'a> {
    grouping: &'a BoundGrouping,
    statement: SelectStatement,
    joined: Vec<(String, String)>,
}

impl<'a> Grouped<'a> {
    fn new(grouping: &'a BoundGrouping) -> Self {
        let mut statement = Query::select();
        statement.from(grouping.entity().table);
        statement.and_where(condition(grouping.entity(), grouping.filter()));
        Self { grouping, statement, joined: Vec::new() }
    }

    fn statement(mut self) -> SelectStatement {
        for key in self.grouping.keys() {
            let column = self.column(&key.path);
            let value = key.part.as_ref().map_or(column.clone(), |(part, _)| part_of(*part, column));
            self.statement.expr(value.clone()).add_group_by([value]);
        }
        for measure in self.grouping.measures() {
            self.measure(measure);
        }
        if self.grouping.keys().is_empty() && self.grouping.measures().is_empty() {
            self.statement.expr(Expr::val(1_i64));
        }
        self.statement.limit(MAX_GROUPS + 1);
        self.statement
    }

    fn measure(&mut self, measure: &BoundMeasure) {
        let entity = self.grouping.entity();
        let id = Expr::col((entity.table, Attribute::ID_COLUMN));
        let column = measure.path.as_ref().map_or(id, |path| self.column(path));
        let value: Expr = match measure.method {
            Method::Count => column.count(),
            Method::CountDistinct => column.count_distinct(),
            Method::Min => column.min(),
            Method::Max => column.max(),
            Method::Sum => column.sum().cast_as("bigint"),
            Method::Average => {
                // Select the sum and the number of values, so that both engines compute the same mean.
                self.statement.expr(column.clone().sum().cast_as("bigint"));
                column.count()
            }
        };
        self.statement.expr(value);
    }

    /// Returns the column at the end of a path and joins the references before it.
    fn column(&mut self, path: &BoundPath) -> Expr {
        let mut table = self.grouping.entity().table.to_owned();
        let mut way = String::new();
        for (reference, visible) in &path.steps {
            way = format!("{way}/{}", reference.name);
            table = self.join(&table, &way, reference, visible);
        }
        let column = path.property.column().unwrap_or(Attribute::ID_COLUMN);
        Expr::col((Alias::new(table), column))
    }

    fn join(&mut self, from: &str, way: &str, reference: &'static Reference, visible: &Bound) -> String {
        if let Some((_, table)) = self.joined.iter().find(|(known, _)| known == way) {
            return table.clone();
        }
        let table = format!("j{}", self.joined.len());
        let target = reference.target();
        let mut rows = Query::select();
        rows.columns(target.columns().map(|(column, _)| (target.table, column)));
        rows.from(target.table).and_where(condition(target, visible));
        let same = Expr::col((Alias::new(from), reference.column))
            .equals((Alias::new(&table), Attribute::ID_COLUMN));
        self.statement.join_subquery(sea_query::JoinType::LeftJoin, rows, Alias::new(&table), same);
        self.joined.push((way.to_owned(), table.clone()));
        table
    }
}

/// Returns a part of a value. Numbers are constants: PostgreSQL compares the selected with the grouped expression.
fn part_of(part: Part, column: Expr) -> Expr {
    let number = |number: u32| Expr::Constant(sea_query::Value::BigUnsigned(Some(number.into())));
    match part {
        Part::Period(period) => Func::cust(function(period)).arg(column).into(),
        Part::Substring { start, length } => {
            let part = Func::cust("substr").arg(column).arg(number(start.saturating_add(1)));
            length.map_or(part.clone(), |length| part.arg(number(length))).into()
        }
    }
}

/// Returns the name of the SQL function for a part of a timestamp. PostgreSQL gets it from the migrations.
pub(crate) const fn function(period: Period) -> &'static str {
    match period {
        Period::Year => "od_period_year",
        Period::YearMonth => "od_period_yearmonth",
        Period::Month => "od_period_month",
        Period::Day => "od_period_day",
        Period::Date => "od_period_date",
    }
}

/// Implements that function for SQLite.
pub(crate) fn period_of(micros: i64, period: Period) -> Option<i64> {
    let (year, month, day) = Timestamp::from_micros(micros).date()?;
    let (year, month, day) = (i64::from(year), i64::from(month), i64::from(day));
    Some(match period {
        Period::Year => year,
        Period::YearMonth => year * 100 + month,
        Period::Month => month,
        Period::Day => day,
        Period::Date => (year * 100 + month) * 100 + day,
    })
}

fn group(grouping: &BoundGrouping, row: Vec<Cell>) -> Result<Group, StoreError> {
    let mut cells = row.into_iter();
    let keys = grouping.keys().iter().map(|key| key_value(key, cells.next().unwrap_or(Cell::Null)));
    let keys = keys.collect::<Result<_, _>>()?;
    let measures = grouping.measures().iter().map(|measure| measured(measure, &mut cells));
    Ok(Group { keys, measures: measures.collect::<Result<_, _>>()? })
}

fn key_value(key: &BoundKey, cell: Cell) -> Result<Value, StoreError> {
    let whole = key.path.property.data_type();
    let data_type = key.part.as_ref().map_or(whole, |(part, _)| part.data_type());
    Ok(cell.into_value(data_type)?)
}

fn measured(measure: &BoundMeasure, cells: &mut impl Iterator<Item = Cell>) -> Result<Measured, StoreError> {
    let first = cells.next().unwrap_or(Cell::Null);
    let data_type = match (measure.method, &measure.path) {
        (Method::Min | Method::Max, Some(path)) => path.property.data_type(),
        _ => DataType::Int32,
    };
    if measure.method != Method::Average {
        return Ok(Measured::Value(first.into_value(data_type)?));
    }
    let count = cells.next().map_or(Ok(0), Cell::int)?;
    Ok(match first {
        Cell::Int(sum) if count > 0 => Measured::Mean(mean(sum, count)),
        _ => Measured::Value(Value::Null),
    })
}

/// Returns the mean as the nearest floating-point number.
#[allow(clippy::cast_precision_loss, reason = "a mean is not exact")]
fn mean(sum: i64, count: i64) -> f64 {
    sum as f64 / count as f64
}
