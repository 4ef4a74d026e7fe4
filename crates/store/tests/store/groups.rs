//! Groups and aggregated values match those counted by hand.

use std::collections::{BTreeMap, BTreeSet};

use model::entities::{AccessToken, User};
use model::query::{Actor, GroupKey, Grouping, Literal, Measure, Measured, Method, Part, Period};
use model::{Record, Timestamp, Uuid, Value};
use store::{Store, StoreError};

use crate::question::eq;
use crate::sample::*;
use crate::world::Rows;

fn key(path: &str) -> GroupKey {
    GroupKey { path: path.split('/').map(str::to_owned).collect(), part: None }
}

fn period(path: &str, period: Period) -> GroupKey {
    GroupKey { part: Some((Part::Period(period), "Period".to_owned())), ..key(path) }
}

fn measure(method: Method, path: Option<&str>) -> Measure {
    let path = path.map(|path| path.split('/').map(str::to_owned).collect());
    Measure { path, method, alias: "M".to_owned() }
}

/// Returns the keys and measures of each group as text, sorted.
async fn groups(
    store: &Store,
    entity: &'static model::Entity,
    asked: &Grouping,
    actor: Actor,
) -> Vec<String> {
    let bound = asked.bind(entity, actor).unwrap();
    let found: Result<_, StoreError> = store.read(move |read| read.groups(&bound)).await;
    let show = |value: &Value| match value {
        Value::Null => "null".to_owned(),
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Time(time) => time.to_string(),
        Value::Guid(id) => id.to_string(),
        Value::Bool(value) => value.to_string(),
    };
    let found = found.unwrap();
    let texts = found.iter().map(|group| {
        let keys = group.keys.iter().map(show);
        let measures = group.measures.iter().map(|measured| match measured {
            Measured::Value(value) => show(value),
            Measured::Mean(mean) => format!("{mean:.3}"),
        });
        keys.chain(measures).collect::<Vec<_>>().join(" | ")
    });
    let mut texts: Vec<_> = texts.collect();
    texts.sort_unstable();
    texts
}

both_engines! {
    async fn what_is_counted_by_hand_is_counted_by_the_engine(engine: TestEngine) {
        let store = engine.open().await;
        let rows = Rows::new(7);
        rows.write_to(&store).await;

        type ByHand = (usize, BTreeSet<Uuid>, Option<Timestamp>);
        let mut by_kind: BTreeMap<&str, ByHand> = BTreeMap::new();
        for grant in &rows.grants {
            let group = by_kind.entry(grant.kind.code()).or_default();
            group.0 += 1;
            group.1.extend(grant.user_id);
            group.2 = group.2.max(grant.last_used_timestamp);
        }
        let expected: Vec<_> = by_kind
            .iter()
            .map(|(kind, (count, users, last))| {
                let last = last.map_or_else(|| "null".to_owned(), |last| last.to_string());
                format!("{kind} | {count} | {} | {last}", users.len())
            })
            .collect();
        let asked = Grouping {
            by: vec![key("Kind")],
            measures: vec![
                measure(Method::Count, None),
                measure(Method::CountDistinct, Some("User")),
                measure(Method::Max, Some("LastUsedTimestamp")),
            ],
            ..Grouping::default()
        };
        assert_eq!(groups(&store, AccessToken::entity(), &asked, Actor::SYSTEM).await, expected);
    }

    async fn paths_are_joined_and_what_is_not_there_is_null(engine: TestEngine) {
        let store = engine.open().await;
        let rows = Rows::new(11);
        rows.write_to(&store).await;
        let mut expected: BTreeMap<String, usize> = BTreeMap::new();
        for grant in &rows.grants {
            let user = grant.user_id.and_then(|id| rows.users.iter().find(|user| user.id == id));
            let active = user.map_or_else(|| "null".to_owned(), |user| user.active.to_string());
            *expected.entry(active).or_default() += 1;
        }
        let expected: Vec<_> = expected.iter().map(|(active, count)| format!("{active} | {count}")).collect();
        let asked = Grouping { by: vec![key("User/Active")], measures: vec![measure(Method::Count, None)], ..Grouping::default() };
        assert_eq!(groups(&store, AccessToken::entity(), &asked, Actor::SYSTEM).await, expected);
    }

    async fn periods_are_those_of_the_calendar(engine: TestEngine) {
        let store = engine.open().await;
        let times = ["1969-12-31T23:59:59.5Z", "2024-02-29T12:00:00Z", "2024-02-29T23:59:59.999999Z", "9999-12-31T23:59:59Z"];
        let users: Vec<User> = (1..).zip(times).map(|(number, time)| {
            User { creation_time_utc: Timestamp::parse(time).unwrap(), ..user(number) }
        }).collect();
        let written: Result<(), StoreError> = store.write(move |tx| users.iter().try_for_each(|user| tx.insert(user))).await;
        written.unwrap();
        for (part, expected) in [
            (Period::Year, ["1969 | 1", "2024 | 2", "9999 | 1"]),
            (Period::YearMonth, ["196912 | 1", "202402 | 2", "999912 | 1"]),
            (Period::Month, ["12 | 2", "2 | 2", ""]),
            (Period::Day, ["29 | 2", "31 | 2", ""]),
            (Period::Date, ["19691231 | 1", "20240229 | 2", "99991231 | 1"]),
        ] {
            let by = vec![period("CreationTimeUtc", part)];
            let asked = Grouping { by, measures: vec![measure(Method::Count, None)], ..Grouping::default() };
            let found = groups(&store, User::entity(), &asked, Actor::SYSTEM).await;
            let expected: Vec<_> = expected.into_iter().filter(|text| !text.is_empty()).collect();
            assert_eq!(found, expected, "{part:?}");
        }
    }

    async fn sums_and_means_and_no_key_at_all(engine: TestEngine) {
        let store = engine.open().await;
        let users: Vec<User> = [1, 2, 4].into_iter().zip(1..).map(|(failed, number)| {
            User { access_failed_count: failed, ..user(number) }
        }).collect();
        let written: Result<(), StoreError> = store.write(move |tx| users.iter().try_for_each(|user| tx.insert(user))).await;
        written.unwrap();
        let failed = Some("AccessFailedCount");
        let measures = vec![measure(Method::Sum, failed), measure(Method::Average, failed), measure(Method::Min, failed)];
        let asked = Grouping { measures, ..Grouping::default() };
        assert_eq!(groups(&store, User::entity(), &asked, Actor::SYSTEM).await, ["7 | 2.333 | 1"]);
        let none = Grouping { filter: Some(eq("Login", Literal::Text("zebra".into()))), ..asked };
        assert_eq!(groups(&store, User::entity(), &none, Actor::SYSTEM).await, ["null | null | null"]);
    }

    async fn a_caller_groups_only_what_they_may_see(engine: TestEngine) {
        let store = engine.open().await;
        let rows = Rows::new(23);
        rows.write_to(&store).await;
        let me = id(1);
        let own = rows.grants.iter().filter(|grant| grant.user_id == Some(me)).count();
        let count = Grouping { measures: vec![measure(Method::Count, None)], ..Grouping::default() };
        assert_eq!(groups(&store, AccessToken::entity(), &count, Actor::user(me)).await, [own.to_string()]);
        // The user of a grant's parent is another user or the caller; other users are treated as missing.
        let by = Grouping { by: vec![key("Parent/User/Active")], ..count };
        let shown = groups(&store, AccessToken::entity(), &by, Actor::user(me)).await;
        let mine = rows.users.iter().find(|user| user.id == me).unwrap().active.to_string();
        for group in shown {
            let active = group.split(" | ").next().unwrap();
            assert!(active == "null" || active == mine, "{group}");
        }
    }
}

#[test]
fn unsupported_groupings_are_refused() {
    let refusal =
        |asked: &Grouping| asked.bind(AccessToken::entity(), Actor::SYSTEM).unwrap_err().to_string();
    let by = |path: &str| Grouping { by: vec![key(path)], ..Grouping::default() };
    assert_eq!(
        refusal(&by("Description")),
        "'Description' may not be used with 'groupby'; it is not groupable"
    );
    assert_eq!(
        refusal(&by("CreationTimestamp")),
        "'CreationTimestamp' may not be used with 'groupby'; it allows year, yearmonth, month, day, date, min, max"
    );
    assert!(refusal(&by("Clinet")).contains("did you mean 'Client'?"));
    assert!(refusal(&by("User/Password")).contains("has no property 'Password'"));
    let sum =
        Grouping { measures: vec![measure(Method::Sum, Some("CreationTimestamp"))], ..Grouping::default() };
    assert!(refusal(&sum).starts_with("'CreationTimestamp' may not be used with 'sum'"));
}
