//! Constant expressions are evaluated at binding.

use model::entities::AccessToken;
use model::query::Condition;
use model::{Record, Timestamp};
use odata::QueryOptions;

/// 2026-08-01T12:30:00Z
const NOW: Timestamp = Timestamp::from_seconds(1_785_587_400);

/// Returns the value of a constant condition, or the error.
fn check(text: &str) -> Result<bool, String> {
    let options = QueryOptions::parse(&format!("$filter={}", text.replace('+', "%2B")))
        .map_err(|error| error.to_string())?;
    let query = odata::bind(AccessToken::entity(), &options.query, NOW).map_err(|error| error.to_string())?;
    match query.filter {
        Some(Condition::Constant(value)) => Ok(value),
        other => Err(format!("{other:?}")),
    }
}

#[test]
fn constant_conditions_that_hold() {
    for text in [
        // numbers
        "1 add 2 mul 3 eq 7",
        "7 div 2 eq 3",
        "-7 div 2 eq -3",
        "7 divby 2 eq 3.5",
        "7.0 div 2 eq 3.5",
        "7 mod 4 eq 3",
        "0.1 add 0.2 eq 0.3",
        "1.50 eq 1.5",
        "-(2 sub 5) eq 3",
        "1e3 eq 1000",
        "1 div 3.0 lt 0.34",
        "INF gt 9223372036854775807",
        "NaN ne NaN",
        "not (NaN eq NaN) and not (NaN lt 1)",
        "round(2.5) eq 3 and round(-2.5) eq -3 and floor(-0.5) eq -1 and ceiling(0.5) eq 1",
        "9223372036854775807 gt 9223372036854775806.5",
        // texts
        "concat('a',concat('b','c')) eq 'abc'",
        "length('aé🔑') eq 3 and indexof('aé🔑','🔑') eq 2 and indexof('a','b') eq -1",
        "substring('abcde',1,2) eq 'bc' and substring('abc',1) eq 'bc' and substring('abc',7) eq ''",
        "toupper('straße') eq 'STRASSE' and tolower('ÁB') eq 'áb' and trim('  x ') eq 'x'",
        "contains('abc','b') and startswith('abc','a') and endswith('abc','c')",
        "'a' lt 'b' and 'B' lt 'a'",
        "'x' in ('y','x') and not ('z' in ('y','x'))",
        // dates and times
        "now() eq 2026-08-01T12:30:00Z",
        "now() sub duration'P90D' eq 2026-05-03T12:30:00Z",
        "now() sub 'P90D' eq 2026-05-03T12:30:00Z",
        "2026-02-28 add 'P1D' eq 2026-03-01",
        "now() add duration'-PT30M0.5S' eq 2026-08-01T11:59:59.5Z",
        "date(now()) eq 2026-08-01 and time(now()) eq 12:30:00",
        "2026-03-01 sub 2026-02-28 eq duration'P1D'",
        "2026-02-28 add duration'P1DT23H' eq 2026-03-01",
        "duration'PT1H' mul 2 eq duration'PT2H' and duration'PT1H' div 2 eq duration'PT30M'",
        "totalseconds(duration'PT1M0.5S') eq 60.5",
        "year(2026-08-01) eq 2026 and month(now()) eq 8 and day(now()) eq 1",
        "hour(2026-08-01T01:00:00+02:00) eq 1 and totaloffsetminutes(2026-08-01T01:00:00-02:30) eq -150",
        "2026-08-01T01:00:00+02:00 eq 2026-07-31T23:00:00Z",
        "fractionalseconds(12:00:00.25) eq 0.25 and second(12:00:07) eq 7 and minute(now()) eq 30",
        "mindatetime() lt now() and now() lt maxdatetime()",
        "year(maxdatetime()) eq 9999 and year(mindatetime()) eq 1",
        "2026-08-01 lt now()",
        // casts and cases
        "cast('12',Edm.Int32) eq 12 and cast(2.9,Edm.Int64) eq 2 and cast(-2.9,Edm.Int64) eq -2",
        "cast('x',Edm.Int32) eq null and cast(300,Edm.Byte) eq null",
        "cast(5,Edm.Decimal) div 2 eq 2.5",
        "cast(1.50,Edm.String) eq '1.50' and cast(now(),Edm.Date) eq 2026-08-01",
        "cast('2026-08-01',Edm.Date) eq 2026-08-01 and cast(now(),Edm.String) eq '2026-08-01T12:30:00Z'",
        "case(1 gt 2:'a',true:'b') eq 'b'",
        // null and truth
        "null eq null and not (null ne null) and 1 ne null",
        "not (null gt 1) and not (null ge null)",
        "(null add 1) eq null and length(null) eq null",
        "null or true",
        "equalnull(null,1) and lessequalnull(1,2) and greaterequalnull(2,2)",
        "@a eq 3&@a=1 add @b&@b=2",
    ] {
        assert_eq!(check(text), Ok(true), "{text}");
    }
}

#[test]
fn unknown_conditions_and_their_negations_do_not_hold() {
    for text in [
        "null",
        "not null",
        "null and true",
        "not (null or false)",
        "contains(null,'x')",
        "not contains('x',null)",
    ] {
        assert_eq!(check(text), Ok(false), "{text}");
    }
}

#[test]
fn undefined_expressions_are_rejected() {
    for (text, error) in [
        ("1 div 0 eq 1", "the result is undefined or too large"),
        ("1.0 mod 0 eq 1", "the result is undefined or too large"),
        ("9223372036854775807 add 1 gt 0", "the result is undefined or too large"),
        ("maxdatetime() add duration'P106000000D' gt now()", "the result is undefined or too large"),
        ("duration'P999999999999999D' eq null", "not a duration such as duration'P90D', or out of range"),
        ("1 eq 'x'", "a number cannot be compared with a text"),
        ("now() add now() eq 1", "'add' is not defined for a date and time and a date and time"),
        ("length(1) eq 1", "'length' does not take a number"),
        ("year('x') eq 1", "'year' does not take a text"),
        ("'x'", "expected a condition"),
        ("-'x' eq 1", "'-' requires a number or a duration, not a text"),
        ("hour(2026-08-01) eq 1", "'hour' does not take a date"),
    ] {
        let found = check(text).unwrap_err();
        assert!(found.ends_with(error), "{text}: {found}");
    }
}
