//! `$compute`: values for a row, and uses of the computed names.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

use model::entities::{AccessToken, User};
use model::query::{Actor, BoundQuery, Computed, Object, Query};
use model::{Entity, Record, Timestamp, Uuid, Value};
use odata::{OdataError, QueryOptions};

/// 2026-08-01T00:00:00Z
const NOW: Timestamp = Timestamp::from_seconds(1_785_542_400);

fn asked(entity: &'static Entity, query: &str) -> Result<Query, OdataError> {
    odata::bind(entity, &QueryOptions::parse(query)?.query, NOW)
}

fn bound(entity: &'static Entity, query: &str) -> Result<BoundQuery, String> {
    let asked = asked(entity, query).map_err(|error| error.to_string())?;
    asked.bind(entity, Actor::SYSTEM).map_err(|error| error.to_string())
}

fn ada() -> Object {
    let entity = User::entity();
    let values = [
        ("Name", Value::Text("Ada Löwe".to_owned())),
        ("Login", Value::Text("ada".to_owned())),
        ("Email", Value::Null),
        ("AccessFailedCount", Value::Int(4)),
        ("CreationTimeUtc", Value::Time(Timestamp::parse("2024-02-29T10:20:30.5Z").unwrap())),
        ("Active", Value::Bool(true)),
        ("Id", Value::Guid(Uuid::from_u128(7))),
        ("UserType", Value::Int(1)),
    ];
    let property = |name| entity.property(name).unwrap();
    let values = values.into_iter().map(|(name, value)| (property(name), value)).collect();
    Object { entity, id: Uuid::from_u128(7), version: 1, values, expanded: Vec::new() }
}

/// Returns the value of an expression for a row, and the attributes that it needs.
fn computed(expression: &str) -> Result<(Computed, Vec<String>), String> {
    let query = format!("$compute={} as X", expression.replace('+', "%2B"));
    let bound = bound(User::entity(), &query)?;
    let [computation] = bound.computed() else { panic!("{query}") };
    Ok((computation.formula.value(&ada()), computation.needs.clone()))
}

#[test]
fn expressions_use_the_values_of_a_row() {
    let text = |text: &str| Computed::Text(text.to_owned());
    let other = |name, text: &str| Computed::Other(name, text.to_owned());
    for (expression, value) in [
        ("length(Name)", Computed::Int(8)),
        ("concat(concat(toupper(Name),' / '),Login)", text("ADA LÖWE / ada")),
        ("substring(Name,indexof(Name,' ') add 1)", text("Löwe")),
        ("Email", Computed::Null),
        ("length(Email) add 1", Computed::Null),
        ("Email eq null", Computed::Bool(true)),
        ("contains(Name,Login)", Computed::Bool(false)),
        ("contains(tolower(Name),Login) and Active", Computed::Bool(true)),
        ("AccessFailedCount mul 2.5", Computed::Decimal("10".to_owned())),
        ("AccessFailedCount div 3", Computed::Int(1)),
        ("7 div (AccessFailedCount sub 4)", Computed::Null),
        ("AccessFailedCount mul INF", Computed::Double(f64::INFINITY)),
        ("case(AccessFailedCount gt 3:'many',AccessFailedCount gt 0:'some',true:'none')", text("many")),
        ("case(Email ne null:1)", Computed::Null),
        ("year(CreationTimeUtc)", Computed::Int(2024)),
        ("yearmonth(CreationTimeUtc)", Computed::Int(202_402)),
        ("date(CreationTimeUtc)", other("Date", "2024-02-29")),
        ("time(CreationTimeUtc)", other("TimeOfDay", "10:20:30.5")),
        ("CreationTimeUtc add duration'P1D'", other("DateTimeOffset", "2024-03-01T10:20:30.5Z")),
        ("now() sub CreationTimeUtc", other("Duration", "P883DT13H39M29.5S")),
        ("cast(duration'PT90S',Edm.String)", text("PT1M30S")),
        ("CreationTimeUtc sub CreationTimeUtc", other("Duration", "PT0S")),
        ("Id", other("Guid", "00000000-0000-0000-0000-000000000007")),
        ("Login in ('ben','ada')", Computed::Bool(true)),
        ("isof(Email,Edm.String) or not isof(Name,Edm.String)", Computed::Bool(false)),
        ("@p add AccessFailedCount&@p=2", Computed::Int(6)),
    ] {
        let (expression, alias) =
            expression.split_once('&').map_or((expression, ""), |(one, two)| (one, two));
        let query = format!("$compute={expression} as X&{alias}");
        let bound = bound(User::entity(), &query).unwrap_or_else(|error| panic!("{expression}: {error}"));
        assert_eq!(bound.computed()[0].formula.value(&ada()), value, "{expression}");
    }
    assert_eq!(computed("concat(Name,Login)").unwrap().1, ["Name", "Login"]);
}

#[test]
fn type_errors_are_reported_before_rows_are_read() {
    for (expression, expected) in [
        ("length(AccessFailedCount)", "'length' does not take a number"),
        ("Name add 1", "'add' is not defined for a text and a number"),
        ("case(Active:1,true:length(CreationTimeUtc))", "'length' does not take a date and time"),
        ("Nmae", "did you mean 'Name'?"),
        ("Password", "has no property 'Password'"),
        ("Name/Login", "a path through references or collections in a computed value is not supported"),
        ("matchesPattern(Name,'x')", "the function 'matchesPattern' is not supported"),
    ] {
        let error = computed(expression).unwrap_err();
        assert!(error.contains(expected), "{expression}: {error}");
    }
}

#[test]
fn computed_names_abbreviate_their_expression() {
    let filter = |query: &str| format!("{:?}", asked(AccessToken::entity(), query).unwrap().filter.unwrap());
    let made =
        "$compute=CreationTimestamp as Made,year(Made) as Year&$filter=Year eq 2026 and Made gt 2026-02-01";
    let full = "$filter=year(CreationTimestamp) eq 2026 and CreationTimestamp gt 2026-02-01";
    assert_eq!(filter(made), filter(full));
    let within = "$compute=Actor as A&$filter=GrantedScopes/any(s:s/Scope eq 'x' or $it/A eq @a)&@a='y'";
    let full = "$filter=GrantedScopes/any(s:s/Scope eq 'x' or Actor eq 'y')";
    assert_eq!(filter(within), filter(full));
    let ordered =
        asked(AccessToken::entity(), "$compute=CreationTimestamp as Made&$orderby=Made desc").unwrap();
    assert_eq!(
        (ordered.order_by[0].name.as_str(), ordered.order_by[0].descending),
        ("CreationTimestamp", true)
    );
    for (query, expected) in [
        ("$compute=length(Actor) as L&$filter=L gt 3", "'Actor' may not be filtered by 'length'"),
        ("$compute=length(Actor) as L&$orderby=L", "results may not be ordered by 'length(Actor)'"),
        ("$compute=Actor as Client", "a property 'Client' already exists"),
        ("$compute=1 as A,2 as A", "a property 'A' already exists"),
        (
            "$compute=1 as A,A add A as B,B add B as C,C add C as D,D add D as E,E add E as F,F add F as G,\
          G add G as H,H add H as I,I add I as J,J add J as K,K add K as L,L add L as M",
            "$compute: the number of values, names and operators exceeds the limit of 2000",
        ),
    ] {
        let error = bound(AccessToken::entity(), query).unwrap_err();
        assert!(error.contains(expected), "{query}: {error}");
    }
}

#[test]
fn selected_properties_are_computed() {
    let names = |query: &str| -> Vec<String> {
        bound(User::entity(), &format!("$compute=length(Name) as L,1 as One&{query}"))
            .unwrap()
            .computed()
            .iter()
            .map(|computation| computation.name.clone())
            .collect()
    };
    assert_eq!(names(""), ["L", "One"]);
    assert_eq!(names("$select=*"), ["L", "One"]);
    assert_eq!(names("$select=Login,L"), ["L"]);
    assert!(names("$select=Login").is_empty());
    let fetched = bound(User::entity(), "$compute=length(Name) as L&$select=L").unwrap();
    assert!(fetched.shown().is_empty());
    assert!(fetched.fetched().iter().any(|property| property.name() == "Name"));
    let expanded =
        bound(AccessToken::entity(), "$expand=User($compute=length(Name) as L;$select=L)").unwrap();
    assert_eq!(expanded.expand()[0].query.computed().len(), 1);
}
