//! Permitted queries use indexes: none reads a whole table.

use model::entities::{AccessToken, AccessTokenScope, User};
use model::query::{Actor, Comparison, Condition, Literal, Query, TextCase, TimePart};
use model::{DataType, Filters, Property, Record};
use store::{Store, StoreError};

use crate::engine::TestEngine;
use crate::question::*;
use crate::sample::*;

const TABLE: &str = "Sec_Access_Tokens";
const ROWS: u128 = 20_000;

/// Twenty thousand grants of a hundred users, most of them used, a few with rare values.
pub(crate) async fn many_grants(engine: &TestEngine) -> Store {
    let store = engine.open().await;
    let written: Result<(), StoreError> = store
        .write(|tx| {
            (0..100).try_for_each(|number| tx.insert(&User { active: number % 20 != 0, ..user(number) }))?;
            tx.insert(&application(1))?;
            (0..ROWS).try_for_each(|number| tx.insert(&a_grant(number)))?;
            (0..ROWS).step_by(10).try_for_each(|number| tx.insert(&a_scope(number)))
        })
        .await;
    written.unwrap();
    engine.execute("ANALYZE").await;
    store
}

fn a_grant(number: u128) -> AccessToken {
    let seconds = i64::try_from(number).unwrap();
    let some = |every: u128| number.is_multiple_of(every);
    AccessToken {
        actor: some(2).then(|| format!("actor {}", number % 500)),
        client: some(2).then(|| format!("client {}", number % 50)),
        session: some(3).then(|| format!("session {number}")),
        external_id: some(7).then(|| format!("external {number}")),
        external_system: some(7).then(|| format!("system {}", number % 3)),
        updated_at: some(2).then(|| at(seconds)),
        creation_timestamp: at(seconds),
        expire_timestamp: some(2).then(|| at(seconds)),
        consumed_timestamp: some(5).then(|| at(seconds)),
        last_used_timestamp: some(2).then(|| at(seconds)),
        last_used_ip_address: some(2).then(|| format!("2001:db8::{:x}", number % 500)),
        revocation_reason: some(1009).then_some(model::entities::RevocationReason::Reused),
        revoked_timestamp: some(11).then(|| at(seconds)),
        kind: model::entities::GrantKind::ALL[usize::try_from(number % 8).unwrap()],
        created_by_id: some(2).then(|| id(number % 100)),
        predecessor_id: (some(4) && number > 0).then(|| id(number - 1)),
        successor_id: some(4).then(|| id(number + 1)),
        parent_id: (some(4) && number > 0).then(|| id(number / 2)),
        trusted_application_id: some(2).then(|| id(1)),
        user_id: some(2).then(|| id(number % 100)),
        ..grant(number)
    }
}

fn a_scope(number: u128) -> AccessTokenScope {
    scope(number, id(number), if number.is_multiple_of(100) { "update" } else { "read" })
}

fn literal(property: Property) -> Literal {
    match property.data_type() {
        DataType::Text => text("actor 12"),
        DataType::DateTime => time(at(i64::try_from(ROWS).unwrap() - 50)),
        DataType::Guid => Literal::Guid(id(77)),
        DataType::Enum(kind) => text(kind.members[2].name),
        other => panic!("{other:?} is new among the grants' attributes"),
    }
}

/// Returns all comparisons that the model supports for a property.
fn conditions(property: Property) -> Vec<Condition> {
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
    let (name, filters, value) = (property.name(), property.served_filters(), literal(property));
    let mut all = Vec::new();
    if filters.allows(Filters::EQUALS) {
        all.extend([Eq, Ne].map(|operator| compare(name, operator, value.clone())));
        all.push(or_null(name, Eq, value.clone()));
    }
    if filters.allows_in() {
        all.push(one_of(name, &[value.clone(), value.clone(), value.clone()]));
    }
    if filters.allows(Filters::RANGE) {
        for operator in [Gt, Ge, Lt, Le] {
            all.extend([compare(name, operator, value.clone()), or_null(name, operator, value.clone())]);
            all.push(not(compare(name, operator, value.clone())));
        }
    }
    if matches!(property.data_type(), DataType::DateTime) && filters.allows(Filters::RANGE) {
        // The offset is the same for all rows, so that the engine decides without a plan.
        for time_part in TimePart::ALL.into_iter().filter(|part| *part != TimePart::TotalOffsetMinutes) {
            all.extend([Eq, Ne, Gt, Ge, Lt, Le].map(|operator| part(name, time_part, operator, 12)));
        }
    }
    // Text searches read all users and all applications, of which there are few.
    if matches!(property, Property::Reference(reference) if reference.target().table == TABLE) {
        all.push(contains(name, "12", TextCase::AsIs));
    }
    if property.nullable() && filters.allows_null() {
        all.extend([eq(name, Literal::Null), ne(name, Literal::Null)]);
    }
    all
}

async fn plan<R: Record>(store: &Store, query: &Query) -> Vec<String> {
    let bound = bind(R::entity(), query, Actor::SYSTEM);
    let plan: Result<_, StoreError> = store.read(move |read| read.explain(&bound)).await;
    plan.unwrap_or_else(|error| panic!("{query:?}: {error}"))
}

/// Returns whether a line of a plan reads the whole table without an index.
fn reads_all(line: &str, table: &str) -> bool {
    let scan = line.trim_start_matches([' ', '-', '>']);
    let on_sqlite = scan.starts_with(&format!("SCAN {table}")) && !scan.contains("INDEX");
    on_sqlite || scan.contains("Seq Scan on") && scan.contains(table)
}

/// Returns whether a plan uses an index condition, rather than walking along an index and testing each row.
fn enters(plan: &[String], table: &str) -> bool {
    let on_sqlite = |line: &String| line.trim_start().starts_with(&format!("SEARCH {table} USING"));
    plan.iter().any(|line| on_sqlite(line) || line.contains("Index Cond"))
}

/// Returns whether a condition may match few rows: equality with a value, `in` and ranges. Half of the rows
/// have null, and there are seven kinds: PostgreSQL knows from its statistics that a scan finds fifty of
/// them soon.
fn must_enter(condition: &Condition) -> bool {
    match condition {
        Condition::Compare(_, _, Literal::Null) => false,
        Condition::Compare(path, ..) | Condition::In(path, _)
            if path.last().is_some_and(|name| name == "Kind" || name == "State") =>
        {
            false
        }
        Condition::Compare(_, comparison, _) => *comparison != Comparison::Ne,
        Condition::In(..) => true,
        _ => false,
    }
}

async fn check<R: Record>(store: &Store, query: &Query) {
    let plan = plan::<R>(store, query).await;
    if query.filter.as_ref().is_some_and(must_enter) {
        assert!(enters(&plan, R::entity().table), "{query:?} walks along an index:\n{}", plan.join("\n"));
    }
    let tables: Vec<_> = model::entities().map(|entity| entity.table).collect();
    let bad = plan.iter().find(|line| tables.iter().any(|table| reads_all(line, table)));
    assert!(bad.is_none(), "{query:?} reads a whole table:\n{}", plan.join("\n"));
    assert!(plan.iter().any(|line| line.contains(TABLE)), "no plan: {plan:?}");
}

both_engines! {
    async fn no_permitted_query_reads_the_whole_table(engine: TestEngine) {
        let store = many_grants(&engine).await;
        if engine.is_postgres() {
            // Remaining sequential scans cannot be replaced by an index.
            store.close().await;
            engine.execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET enable_seqscan = off', current_database()); END $$").await;
        }
        let store = engine.open().await;
        let entity = AccessToken::entity();
        let filterable = entity.properties().filter(|property| property.filters() != Filters::NONE);
        for property in filterable {
            for condition in conditions(property) {
                check::<AccessToken>(&store, &Query { top: Some(50), ..filtered(condition) }).await;
            }
        }
        let product = and(
            and(
                any("GrantedScopes", eq("Scope", text("update"))),
                or_null("LastUsedTimestamp", Comparison::Le, time(at(1000))),
            ),
            eq("User/Active", Literal::Bool(false)),
        );
        check::<AccessToken>(&store, &Query { top: Some(50), ..filtered(product) }).await;
        for (comparison, number) in [(Comparison::Eq, 0), (Comparison::Gt, 0), (Comparison::Gt, 1), (Comparison::Eq, 3)] {
            let counted = filtered(count("GrantedScopes", comparison, number));
            check::<AccessToken>(&store, &Query { top: Some(50), ..counted }).await;
        }
        for term in ["ada", &id(12).to_string()] {
            check::<AccessToken>(&store, &Query { top: Some(50), ..searching(term) }).await;
        }
        let of_a_user = filtered(eq("AccessToken/User", Literal::Guid(id(2))));
        check::<AccessTokenScope>(&store, &Query { top: Some(50), ..of_a_user }).await;
    }

    async fn intervals_and_searches_enter_an_index(engine: TestEngine) {
        let store = many_grants(&engine).await;
        let key = a_grant(77).access_token_key;
        let used = |time_part, comparison, number| filtered(part("LastUsedTimestamp", time_part, comparison, number));
        let today = TimePart::Date.extract(at(0));
        for (query, index) in [
            (used(TimePart::Date, Comparison::Gt, today + 400), "last_used_timestamp"),
            (used(TimePart::Year, Comparison::Eq, 2001), "last_used_timestamp"),
            (searching(&key), "access_token_key"),
            (searching(&id(77).to_string()), "access_token_key"),
        ] {
            let plan = plan::<AccessToken>(&store, &Query { top: Some(50), ..query.clone() }).await.join("\n");
            let enters = if engine.is_postgres() { plan.contains("Index Cond") } else { plan.contains("SEARCH") };
            assert!(enters && plan.contains(index), "{query:?}:\n{plan}");
        }
    }

    async fn a_page_in_the_middle_enters_the_index_there(engine: TestEngine) {
        let store = many_grants(&engine).await;
        for attribute in AccessToken::entity().attributes().filter(|attribute| attribute.is_sortable()) {
            for descending in [false, true] {
                let query = Query { top: Some(50), skip: 10_000, ..ordered(attribute.name, descending) };
                let position = page::<AccessToken>(&store, &query, Actor::SYSTEM).await.next.unwrap();
                let next = Query { top: Some(50), after: Some(position), ..ordered(attribute.name, descending) };
                let plan = plan::<AccessToken>(&store, &next).await.join("\n");
                let what = format!("{} descending {descending}:\n{plan}", attribute.name);
                assert!(!plan.contains("Seq Scan") && !plan.contains("Sort") && !plan.contains("TEMP B-TREE"), "{what}");
                // The index scan starts at the position, not at the beginning.
                let enters = if engine.is_postgres() { plan.contains("Index Cond") } else { plan.contains("SEARCH") };
                assert!(enters, "{what}");
            }
        }
    }

    /// In the order of identifiers, all rows would be read to find the few of a range.
    async fn a_range_is_read_from_where_it_begins(engine: TestEngine) {
        let store = many_grants(&engine).await;
        let enters = |plan: &str| {
            let in_order = !plan.contains("Sort") && !plan.contains("TEMP B-TREE");
            in_order && if engine.is_postgres() { plan.contains("Index Cond") } else { plan.contains("SEARCH") }
        };
        for name in ["CreationTimestamp", "LastUsedTimestamp", "ExpireTimestamp"] {
            for (comparison, moment) in [(Comparison::Ge, 100), (Comparison::Lt, 19_000), (Comparison::Gt, 19_900)] {
                let query = Query { top: Some(20), ..filtered(compare(name, comparison, time(at(moment)))) };
                let first = plan::<AccessToken>(&store, &query).await.join("\n");
                assert!(enters(&first), "{query:?}:\n{first}");
                let page = page::<AccessToken>(&store, &query, Actor::SYSTEM).await;
                let next = Query { after: page.next.clone(), ..query };
                let plan = plan::<AccessToken>(&store, &next).await.join("\n");
                assert!(enters(&plan), "{next:?}:\n{plan}");
            }
        }
        // Of two lower bounds, the index scan starts at the position; the pages contain each row once.
        let range = filtered(compare("CreationTimestamp", Comparison::Ge, time(at(i64::try_from(ROWS).unwrap() - 250))));
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let query = Query { top: Some(40), after, ..range.clone() };
            let page = page::<AccessToken>(&store, &query, Actor::SYSTEM).await;
            seen.extend(page.objects.iter().map(|object| object.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, (ROWS - 250..ROWS).map(id).collect::<Vec<_>>());
    }

    async fn the_query_of_the_product_gives_its_rows(engine: TestEngine) {
        let store = many_grants(&engine).await;
        let writes = any("GrantedScopes", eq("Scope", text("update")));
        let unused = or_null("LastUsedTimestamp", Comparison::Le, time(at(1000)));
        let gone = eq("User/Active", Literal::Bool(false));
        let ids = found::<AccessToken>(&store, and(and(writes, unused), gone), Actor::SYSTEM).await;
        // Every 100th grant may write and belongs to user 0, who is inactive; those up to the 1000th were
        // not used since.
        assert_eq!(ids, (0..=1000).step_by(100).map(id).collect::<Vec<_>>());
    }
}
