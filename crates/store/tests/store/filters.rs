//! Filters return the rows that they describe.

use model::entities::{AccessToken, AccessTokenScope, User};
use model::query::{Actor, Comparison, Condition, Literal, TextCase, TimePart};
use store::StoreError;

use crate::question::*;
use crate::sample::*;
use crate::world::Rows;

fn numbers(ids: Vec<model::Uuid>) -> Vec<u128> {
    ids.into_iter().map(|id| id.as_u128()).collect()
}

both_engines! {
    async fn each_kind_of_filter_gives_its_rows(engine: TestEngine) {
        let store = engine.open().await;
        // Grant 1 has no values, 2 the actor "a" and a use at 10, 3 the actor "b", a use at 20 and an
        // inactive user.
        let written: Result<(), StoreError> = store.write(|tx| {
            tx.insert(&User { active: false, name: "Zoë %".to_owned(), ..user(7) })?;
            tx.insert(&application(8))?;
            tx.insert_grant(&grant(1), &[])?;
            let second = AccessToken { actor: Some("a".to_owned()), last_used_timestamp: Some(at(10)), ..child(2, 1) };
            tx.insert_grant(&second, &[scope(11, id(2), "read"), scope(12, id(2), "update")])?;
            let third = AccessToken {
                actor: Some("b".to_owned()),
                last_used_timestamp: Some(at(20)),
                user_id: Some(id(7)),
                trusted_application_id: Some(id(8)),
                kind: model::entities::GrantKind::RefreshToken,
                ..child(3, 2)
            };
            tx.insert_grant(&third, &[scope(13, id(3), "update")])
        }).await;
        written.unwrap();
        use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
        use TextCase::{AsIs, Lower, Upper};
        let used = "LastUsedTimestamp";
        let second = TimePart::Second.extract(at(10));
        let cases: Vec<(Condition, &[u128])> = vec![
            (eq("Actor", text("a")), &[2]),
            (eq("Actor", text("A")), &[]),
            (ne("Actor", text("a")), &[1, 3]),
            (eq("Actor", Literal::Null), &[1]),
            (ne("Actor", Literal::Null), &[2, 3]),
            (one_of("Actor", &[text("a"), text("b"), text("c")]), &[2, 3]),
            (one_of("Actor", &[text("a"), Literal::Null]), &[1, 2]),
            (one_of("Actor", &[Literal::Null]), &[1]),
            (one_of("Actor", &[]), &[]),
            (not(one_of("Actor", &[])), &[1, 2, 3]),
            (not(one_of("Actor", &[text("a")])), &[1, 3]),
            (compare(used, Gt, time(at(10))), &[3]),
            (compare(used, Ge, time(at(10))), &[2, 3]),
            (compare(used, Lt, time(at(20))), &[2]),
            (compare(used, Le, time(at(20))), &[2, 3]),
            (not(compare(used, Le, time(at(10)))), &[1, 3]),
            (or_null(used, Le, time(at(10))), &[1, 2]),
            (not(or_null(used, Le, time(at(10)))), &[3]),
            (compare(used, Gt, Literal::Null), &[]),
            (eq("Kind", text("RefreshToken")), &[3]),
            (compare("Id", Gt, Literal::Guid(id(1))), &[2, 3]),
            (eq("User", text("Systems_Security_Users(00000000-0000-0000-0000-000000000007)")), &[3]),
            (eq("User", Literal::Null), &[1, 2]),
            (eq("User/Active", Literal::Bool(false)), &[3]),
            (ne("User/Active", Literal::Bool(true)), &[1, 2, 3]),
            (eq("User/Active", Literal::Bool(true)), &[]),
            (eq("User/Email", Literal::Null), &[1, 2, 3]),
            (ne("User/Email", Literal::Null), &[]),
            (contains("User/Name", "oë %", AsIs), &[3]),
            (contains("User/Name", "zoë", Lower), &[3]),
            (contains("User/Name", "ZOË", Lower), &[]),
            (contains("User/Name", "ZOË", Upper), &[3]),
            (contains("User/Name", "ZOË", AsIs), &[]),
            (contains("User/Name", "_", AsIs), &[]),
            (contains("User", "ZOË", AsIs), &[3]),
            (contains("User", "zebra", AsIs), &[]),
            (contains("User", "a\0", AsIs), &[]),
            (contains("Parent", "00000000-0000-0000-0000-000000000002", AsIs), &[3]),
            (contains("Parent", &grant(1).access_token_key, AsIs), &[2]),
            (contains("Parent", "0", AsIs), &[]),
            (contains("Parent/User", "zoë", AsIs), &[]),
            (part(used, TimePart::Second, Eq, second), &[2]),
            (part(used, TimePart::Second, Ne, second), &[1, 3]),
            (not(part(used, TimePart::Second, Gt, second)), &[1, 2]),
            (part(used, TimePart::Month, Ge, 1), &[2, 3]),
            (part(used, TimePart::TotalOffsetMinutes, Eq, 0), &[2, 3]),
            (part(used, TimePart::TotalOffsetMinutes, Ne, 0), &[1]),
            (part(used, TimePart::TotalOffsetMinutes, Gt, 0), &[]),
            (Condition::Part(vec![used.to_owned()], TimePart::Hour, Eq, None), &[1]),
            (Condition::Part(vec![used.to_owned()], TimePart::Hour, Ne, None), &[2, 3]),
            (Condition::Part(vec![used.to_owned()], TimePart::Hour, Le, None), &[]),
            (part(used, TimePart::Year, Lt, 1_000_000_000), &[2, 3]),
            (part(used, TimePart::Year, Gt, 1_000_000_000), &[]),
            (part(used, TimePart::Year, Gt, i64::MIN), &[2, 3]),
            (part(used, TimePart::Date, Le, i64::MAX), &[2, 3]),
            (part("Parent/LastUsedTimestamp", TimePart::Second, Ne, second), &[1, 2]),
            (count("GrantedScopes", Eq, 0), &[1]),
            (count("GrantedScopes", Eq, 2), &[2]),
            (count("GrantedScopes", Ne, 2), &[1, 3]),
            (count("GrantedScopes", Ge, 1), &[2, 3]),
            (count("GrantedScopes", Lt, 2), &[1, 3]),
            (count("GrantedScopes", Le, 1), &[1, 3]),
            (count("GrantedScopes", Gt, 1), &[2]),
            (count("GrantedScopes", Gt, -1), &[1, 2, 3]),
            (count("GrantedScopes", Eq, -1), &[]),
            (count("GrantedScopes", Ge, i64::MIN), &[1, 2, 3]),
            (count("Parent/GrantedScopes", Eq, 0), &[2]),
            (count("Parent/GrantedScopes", Ne, 0), &[1, 3]),
            (count("Parent/GrantedScopes", Ge, 2), &[3]),
            (not(contains("User/Name", "zoë", Lower)), &[1, 2]),
            (eq("Parent/Parent", Literal::Guid(id(1))), &[3]),
            (eq("Parent/Actor", text("a")), &[3]),
            (any("GrantedScopes", eq("Scope", text("update"))), &[2, 3]),
            (all("GrantedScopes", eq("Scope", text("update"))), &[1, 3]),
            (Condition::Any(vec!["GrantedScopes".to_owned()], None), &[2, 3]),
            (any("Parent/GrantedScopes", eq("Scope", text("read"))), &[3]),
            (any("GrantedScopes", eq("AccessToken/Actor", text("b"))), &[3]),
            (and(any("GrantedScopes", eq("Scope", text("update"))), eq("Actor", text("a"))), &[2]),
            (Condition::Constant(false), &[]),
        ];
        for (filter, wanted) in cases {
            let found = found::<AccessToken>(&store, filter.clone(), Actor::SYSTEM).await;
            assert_eq!(numbers(found), wanted, "{filter:?}");
        }
        let scopes = found::<AccessTokenScope>(&store, eq("AccessToken/User/Active", Literal::Bool(false)), Actor::SYSTEM);
        assert_eq!(numbers(scopes.await), [13]);
    }

    async fn long_filters_are_answered(engine: TestEngine) {
        let store = engine.open().await;
        Rows::new(9).write_to(&store).await;
        let everyone = found::<AccessToken>(&store, Condition::Constant(true), Actor::SYSTEM).await;
        let many: Vec<_> = (0..1000).map(|number| Literal::Guid(id(number))).collect();
        assert_eq!(found::<AccessToken>(&store, one_of("Id", &many), Actor::SYSTEM).await, everyone);
        let one = |number: u128| eq("Id", Literal::Guid(id(number)));
        let or = |left, right| Condition::Or(Box::new(left), Box::new(right));
        let chain = (1..500).map(one).fold(one(0), or);
        assert_eq!(found::<AccessToken>(&store, chain, Actor::SYSTEM).await, everyone);
        let chain = (100..600).map(|number| not(one(number))).fold(Condition::Constant(true), and);
        assert_eq!(found::<AccessToken>(&store, chain, Actor::SYSTEM).await, everyone);
    }
}
