//! Consistency of the model, and errors of queries that it does not support.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use model::entities::{AccessToken, AccessTokenScope, GrantKind, User};
use model::query::{Actor, Comparison, Condition, Expr, Literal, OrderBy, Query};
use model::{DataType, Default as Declared, Ownership, Property, Record, Timestamp, Uuid, Value};

fn path(text: &str) -> Vec<String> {
    text.split('/').map(str::to_owned).collect()
}

fn compare(property: &str, comparison: Comparison, literal: Literal) -> Query {
    Query { filter: Some(Condition::Compare(path(property), comparison, literal)), ..Query::default() }
}

fn refusal(query: &Query) -> String {
    match query.bind(AccessToken::entity(), Actor::SYSTEM) {
        Ok(bound) => format!("it was allowed: {:?}", bound.filter()),
        Err(error) => error.to_string(),
    }
}

#[test]
fn names_are_unique_and_documented() {
    for entity in model::entities() {
        let mut names: Vec<_> = entity.properties().map(model::Property::name).collect();
        names.extend(entity.collections().iter().map(|collection| collection.name));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{}", entity.repository());
        for attribute in entity.own_attributes() {
            assert!(!attribute.description.is_empty(), "{}", attribute.name);
            assert!(
                attribute.filters == model::Filters::NONE || attribute.column.is_some(),
                "{}",
                attribute.name
            );
        }
        assert!(!entity.table.is_empty() && !entity.since.is_empty(), "{}", entity.repository());
        for name in entity.search_members.iter().chain(entity.code.iter()).chain(entity.title.iter()) {
            assert!(entity.attribute(name).is_some(), "{name}");
        }
        for collection in entity.collections() {
            assert!(collection.target().reference(collection.via).is_some(), "{}", collection.name);
        }
    }
}

#[test]
fn a_record_survives_its_values() {
    let scope = AccessTokenScope {
        id: Uuid::from_u128(7),
        object_version: 3,
        external_id: None,
        external_system: Some("crm".into()),
        updated_at: Some(Timestamp::from_seconds(9)),
        scope: "read".into(),
        last_used_timestamp: None,
        access_token_id: Uuid::from_u128(8),
    };
    let values = scope.to_values();
    assert_eq!(values.len(), AccessTokenScope::entity().columns().count());
    assert_eq!(AccessTokenScope::from_values(&mut values.into_iter()).unwrap(), scope);
}

/// In a new row, each attribute has its declared default, or else no value.
#[test]
fn a_new_record_has_the_declared_defaults() {
    fn check<R: Record>(record: &R, now: Timestamp) {
        let values = record.to_values();
        for ((_, property), value) in R::entity().columns().zip(values).skip(5) {
            let default = match property {
                Property::Attribute(attribute) => attribute.default,
                Property::Reference(_) => None,
            };
            let (name, empty) = (property.name(), property.nullable());
            match default {
                Some(Declared::Bool(expected)) => assert_eq!(value, Value::Bool(expected), "{name}"),
                Some(Declared::Int(expected)) => assert_eq!(value, Value::Int(expected), "{name}"),
                Some(Declared::NowUtc) => assert_eq!(value, Value::Time(now), "{name}"),
                Some(Declared::Member(_)) => {
                    let DataType::Enum(kind) = property.data_type() else {
                        panic!("{name} is no enumeration")
                    };
                    let named = |member: &&model::Member| Some(Declared::Member(member.name)) == default;
                    let model::Code::Text(code) = kind.members.iter().find(named).unwrap().code else {
                        panic!("{name} has numbers")
                    };
                    assert_eq!(value, Value::Text(code.to_owned()), "{name}");
                }
                Some(Declared::NewGuid) => panic!("{name}: a record has no source of randomness"),
                None => assert_eq!(value.is_null(), empty, "{name}"),
            }
        }
    }
    use model::entities::{AccessToken, AuditEvent, Resource, Scope, TrustedApplication, User};
    let (id, now) = (Uuid::from_u128(7), Timestamp::from_seconds(9));
    check(&AccessToken::new(id, now), now);
    check(&AuditEvent::new(id, now), now);
    check(&Resource::new(id, now), now);
    check(&Scope::new(id, now), now);
    check(&TrustedApplication::new(id, now), now);
    check(&User::new(id, now), now);
}

#[test]
fn the_columns_of_a_record_are_those_of_its_fields() {
    let columns: Vec<_> = User::entity().columns().map(|(column, _)| column).collect();
    assert_eq!(
        columns[..6],
        ["id", "object_version", "external_id", "external_system", "updated_at", "access_failed_count"]
    );
    assert_eq!(AccessToken::Kind, model::Column("kind"));
}

#[test]
fn unsupported_queries_are_refused_with_the_supported_operators() {
    let now = Literal::Time(Timestamp::from_seconds(0));
    assert_eq!(
        refusal(&compare("Scopes", Comparison::Eq, Literal::Text("read".into()))),
        "'Scopes' may not be filtered by 'eq'; it is not filterable"
    );
    assert_eq!(
        refusal(&compare("CreationTimestamp", Comparison::Eq, now)),
        "'CreationTimestamp' may not be filtered by 'eq'; it allows gt, ge, lt, le, year, yearmonth, month, day, hour, minute, \
         second, fractionalseconds, date, time, totaloffsetminutes"
    );
    assert_eq!(
        refusal(&compare("Akctor", Comparison::Eq, Literal::Null)),
        "Systems_Security_AccessTokens has no property 'Akctor'; did you mean 'Actor'?"
    );
    assert_eq!(
        refusal(&compare("User/Password", Comparison::Eq, Literal::Null)),
        "Systems_Security_Users has no property 'Password'"
    );
    assert_eq!(
        refusal(&compare("Kind", Comparison::Eq, Literal::Text("Cookie".into()))),
        "'Kind' is compared with one of 'PersonalAccessToken', 'ServiceAccessToken', 'ReferenceToken', \
         'RefreshToken', 'AuthorizationCode', 'DeviceCode', 'BackchannelRequest', 'UserConsent'"
    );
    let by_actor =
        Query { order_by: vec![OrderBy { name: "Actor".into(), descending: false }], ..Query::default() };
    assert_eq!(
        refusal(&by_actor),
        "results may not be ordered by 'Actor'; they may be ordered by AccessTokenKey, ConsumedTimestamp, \
         CreationTimestamp, ExpireTimestamp, LastUsedTimestamp, RevokedTimestamp, Id, ExternalId, AggregateLastUpdateTimeUtc"
    );
}

#[test]
fn values_take_the_type_of_their_attribute() {
    let query = compare("Kind", Comparison::Eq, Literal::Text("DeviceCode".into()));
    let bound = query.bind(AccessToken::entity(), Actor::SYSTEM).unwrap();
    let Expr::Compare(_, Comparison::Eq, value) = bound.filter() else { panic!("{:?}", bound.filter()) };
    assert_eq!(*value, Value::Text(GrantKind::DeviceCode.code().into()));

    let user = Uuid::from_u128(5);
    let query = compare("User", Comparison::Eq, Literal::Text(format!("Systems_Security_Users({user})")));
    let bound = query.bind(AccessToken::entity(), Actor::SYSTEM).unwrap();
    let Expr::Compare(_, Comparison::Eq, value) = bound.filter() else { panic!("{:?}", bound.filter()) };
    assert_eq!(*value, Value::Guid(user));
    assert!(
        refusal(&compare("User", Comparison::Eq, Literal::Text("Systems_Other(1)".into())))
            .contains("<guid>")
    );
}

#[test]
fn the_order_ends_with_the_identifier_in_the_direction_of_the_last_key() {
    let by_time = Query {
        order_by: vec![OrderBy { name: "CreationTimestamp".into(), descending: true }],
        ..Query::default()
    };
    let bound = by_time.bind(AccessToken::entity(), Actor::SYSTEM).unwrap();
    let keys: Vec<_> = bound.order().iter().map(|key| (key.attribute.name, key.descending)).collect();
    assert_eq!(keys, [("CreationTimestamp", true), ("Id", true)]);
}

#[test]
fn anonymous_callers_see_nothing_and_users_see_their_own_rows() {
    let all = Query::default();
    let anonymous = Actor { sees_all: false, ..Actor::SYSTEM };
    for entity in model::entities() {
        let filter = |actor| format!("{:?}", all.bind(entity, actor).unwrap().filter());
        assert_eq!(filter(anonymous), "Const(false)", "{}", entity.repository());
        assert_eq!(filter(Actor::SYSTEM), "Const(true)", "{}", entity.repository());
        let of_user = filter(Actor::user(Uuid::nil()));
        if matches!(entity.ownership, Ownership::Unowned) {
            assert_eq!(of_user, "Const(false)", "{} is for administrators", entity.repository());
        } else {
            assert!(of_user.contains("Guid(00000000-"), "{}", entity.repository());
        }
    }
}

#[test]
fn a_path_ends_where_the_caller_may_not_look() {
    let caller = Uuid::from_u128(1);
    let query = compare("User/Active", Comparison::Eq, Literal::Bool(false));
    let bound = query.bind(AccessToken::entity(), Actor::user(caller)).unwrap();
    let text = format!("{:?}", bound.filter());
    assert_eq!(text.matches(&caller.to_string()).count(), 2, "the row and the user are both limited: {text}");
}

/// The `Debug` output of a record contains no secrets.
#[test]
fn the_debug_of_a_record_has_no_secrets() {
    use model::entities::{User, UserType};
    let user = User {
        updated_at: None,
        creation_time_utc: model::Timestamp::from_seconds(0),
        login: "ada".to_owned(),
        name: "Ada".to_owned(),
        password: Some("$argon2id$hash".to_owned()),
        user_type: UserType::InternalUser,
        ..User::new(model::Uuid::nil(), model::Timestamp::from_seconds(0))
    };
    let shown = format!("{user:?}");
    assert!(shown.contains("ada") && shown.contains("Password: …"), "{shown}");
    assert!(!shown.contains("argon2"), "{shown}");
}
