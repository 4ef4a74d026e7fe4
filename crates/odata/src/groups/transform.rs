//! Grouping and ranking of groups. This is not done by the database engine, as groups are few.

use std::cmp::Ordering;

use model::query::Method;

use super::Groups;
use super::cell::{Cell, CellValue, Row, in_order, is_decimal};
use crate::ast::apply::Ranking;
use crate::bind::apply::Column;

impl Groups {
    /// Groups the rows by columns; without columns, all rows form one group.
    pub(super) fn group(&mut self, by: &[String], measures: &[Column]) {
        let mut groups: Vec<(Vec<Cell>, Vec<Row>)> = Vec::new();
        if by.is_empty() {
            groups.push((Vec::new(), std::mem::take(&mut self.rows)));
        } else {
            let of =
                |row: &Row| -> Vec<Cell> { by.iter().filter_map(|name| row.cell(name).cloned()).collect() };
            let rows = std::mem::take(&mut self.rows).into_iter();
            let mut rows: Vec<(Vec<Cell>, Row)> = rows.map(|row| (of(&row), row)).collect();
            rows.sort_by(|(left, _), (right, _)| in_order(left, right));
            for (keys, row) in rows {
                match groups.last_mut() {
                    Some((known, rows)) if same(known, &keys) => rows.push(row),
                    _ => groups.push((keys, vec![row])),
                }
            }
        }
        self.rows = groups.into_iter().map(|(keys, rows)| grouped(keys, &rows, measures)).collect();
    }

    /// Keeps the first rows in the order of a column: a number of rows, or as many as reach an amount.
    pub(super) fn rank(&mut self, ranking: Ranking, limit: f64, by: &str) {
        use Ranking::{BottomCount, BottomPercent, BottomSum, TopCount, TopPercent, TopSum};
        let greatest = matches!(ranking, TopCount | TopPercent | TopSum);
        self.rows.sort_by(|left, right| {
            let order = left.value(by).order(right.value(by));
            if greatest { order.reverse() } else { order }
        });
        let amount = |row: &Row| Some(row.value(by).number()).filter(|number| number.is_finite());
        let total: f64 = self.rows.iter().filter_map(amount).sum();
        let mut left = match ranking {
            TopCount | BottomCount => return self.rows.truncate(count(limit)),
            TopPercent | BottomPercent => total * limit / 100.0,
            TopSum | BottomSum => limit,
        };
        // Keeps the fewest rows that reach the amount; rows without a value are dropped.
        self.rows.retain(|row| {
            let Some(amount) = amount(row) else { return false };
            let keeps = left > 0.0;
            left -= if keeps { amount } else { 0.0 };
            keeps
        });
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of rows, checked to be a non-negative integer"
)]
const fn count(limit: f64) -> usize {
    limit as usize
}

fn same(left: &[Cell], right: &[Cell]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.value == right.value)
}

fn grouped(mut cells: Vec<Cell>, rows: &[Row], measures: &[Column]) -> Row {
    cells.extend(measures.iter().map(|measure| Cell {
        name: measure.alias.clone(),
        reference: None,
        value: aggregated(measure, rows),
        decimal: is_decimal(measure.method),
    }));
    Row { cells }
}

fn aggregated(measure: &Column, rows: &[Row]) -> CellValue {
    let number = |count: usize| CellValue::Int(i64::try_from(count).unwrap_or(i64::MAX));
    let Some(name) = &measure.of else { return number(rows.len()) };
    let values: Vec<&CellValue> =
        rows.iter().map(|row| row.value(name)).filter(|value| **value != CellValue::Null).collect();
    let best = |wanted: Ordering| {
        let better = |best: &'_ CellValue, value: &'_ CellValue| value.compared(best) == Some(wanted);
        values.iter().copied().reduce(|best, value| if better(best, value) { value } else { best })
    };
    match measure.method {
        Method::Count => number(values.len()),
        Method::CountDistinct => {
            let mut different = values;
            different.sort_by(|left, right| left.order(right));
            different.dedup();
            number(different.len())
        }
        Method::Min => best(Ordering::Less).cloned().unwrap_or(CellValue::Null),
        Method::Max => best(Ordering::Greater).cloned().unwrap_or(CellValue::Null),
        Method::Sum => sum(&values),
        Method::Average => match sum(&values) {
            CellValue::Null => CellValue::Null,
            #[allow(clippy::cast_precision_loss, reason = "a mean is not exact")]
            sum => CellValue::Number(sum.number() / values.len() as f64),
        },
    }
}

/// Sums numbers. Returns null without values, or for values that are not numbers.
fn sum(values: &[&CellValue]) -> CellValue {
    let whole = values.iter().try_fold(0_i64, |sum, value| match value {
        CellValue::Int(number) => sum.checked_add(*number),
        _ => None,
    });
    match whole {
        _ if values.is_empty() => CellValue::Null,
        Some(sum) => CellValue::Int(sum),
        None => Some(values.iter().map(|value| value.number()).sum::<f64>())
            .filter(|sum| sum.is_finite())
            .map_or(CellValue::Null, CellValue::Number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(rows: &[(&str, Option<i64>)]) -> Groups {
        let row = |(key, number): &(&str, Option<i64>)| Row {
            cells: vec![
                Cell::plain("K".to_owned(), CellValue::Text((*key).to_owned())),
                Cell::plain("N".to_owned(), number.map_or(CellValue::Null, CellValue::Int)),
            ],
        };
        Groups { rows: rows.iter().map(row).collect() }
    }

    fn ranked(ranking: Ranking, limit: f64) -> Vec<f64> {
        let mut groups =
            groups(&[("a", Some(10)), ("b", Some(40)), ("c", None), ("d", Some(30)), ("e", Some(20))]);
        groups.rank(ranking, limit, "N");
        groups.rows.iter().map(|row| row.value("N").number()).collect()
    }

    #[test]
    fn rankings_keep_the_fewest_rows_that_reach_the_amount() {
        assert_eq!(ranked(Ranking::TopCount, 2.0), [40.0, 30.0]);
        assert_eq!(ranked(Ranking::TopSum, 41.0), [40.0, 30.0]);
        assert_eq!(ranked(Ranking::TopSum, 40.0), [40.0]);
        assert_eq!(ranked(Ranking::TopPercent, 70.0), [40.0, 30.0]);
        assert_eq!(ranked(Ranking::TopPercent, 100.0), [40.0, 30.0, 20.0, 10.0]);
        assert_eq!(ranked(Ranking::BottomSum, 11.0), [10.0, 20.0]);
        assert_eq!(ranked(Ranking::BottomPercent, 10.0), [10.0]);
        assert!(ranked(Ranking::TopSum, 0.0).is_empty());
    }

    #[test]
    fn groups_of_groups() {
        let column =
            |method, of: Option<&str>| Column { of: of.map(str::to_owned), method, alias: "X".to_owned() };
        let of = |by: &[&str], method, column_name| -> Vec<CellValue> {
            let mut groups =
                groups(&[("a", Some(1)), ("b", Some(5)), ("a", None), ("a", Some(4)), ("b", Some(5))]);
            let by: Vec<String> = by.iter().map(|name| (*name).to_owned()).collect();
            groups.group(&by, &[column(method, column_name)]);
            groups.rows.iter().map(|row| row.value("X").clone()).collect()
        };
        let n = Some("N");
        assert_eq!(of(&["K"], Method::Count, None), [CellValue::Int(3), CellValue::Int(2)]);
        assert_eq!(of(&["K"], Method::Count, n), [CellValue::Int(2), CellValue::Int(2)]);
        assert_eq!(of(&["K"], Method::CountDistinct, n), [CellValue::Int(2), CellValue::Int(1)]);
        assert_eq!(of(&["K"], Method::Sum, n), [CellValue::Int(5), CellValue::Int(10)]);
        assert_eq!(of(&["K"], Method::Min, n), [CellValue::Int(1), CellValue::Int(5)]);
        assert_eq!(of(&["K"], Method::Max, n), [CellValue::Int(4), CellValue::Int(5)]);
        assert_eq!(of(&[], Method::Average, n), [CellValue::Number(3.75)]);
        assert_eq!(of(&[], Method::Sum, Some("K")), [CellValue::Null]);
    }
}
