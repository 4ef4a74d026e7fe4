use super::*;
use crate::entities::{AccessToken, User};
use crate::{Record as _, Uuid};

fn given(entity: &'static Entity, values: &[(&str, Value)]) -> Given {
    let typed = |(name, value): &(&str, Value)| (entity.property(name).unwrap(), value.clone());
    Given { values: values.iter().map(typed).collect(), ..Given::default() }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn codes(wrong: &[FieldError]) -> Vec<(&str, &str)> {
    wrong.iter().map(|error| (error.target.as_str(), error.code)).collect()
}

#[test]
fn everything_that_is_wrong_with_a_new_row_is_found_at_once() {
    let entity = AccessToken::entity();
    let values = [
        ("Description", text(&"x".repeat(129))),
        ("Kind", text("personal_access_token")),
        ("Type", text("service_access_token")),
        ("AccessTokenKey", text("abc")),
        ("RevokedTimestamp", Value::Null),
    ];
    let mut asked = given(entity, &values);
    asked.unreadable.push(FieldError::new("Foo", "UNKNOWN_PROPERTY", "there is none"));
    let wrong = check(entity, Intent::Create { owner: None }, &asked);
    let found = [
        ("Foo", "UNKNOWN_PROPERTY"),
        ("Description", "TOO_LONG"),
        ("AccessTokenKey", "READ_ONLY"),
        ("Type", "CONTRADICTION"),
    ];
    assert_eq!(codes(&wrong), found);
}

#[test]
fn a_value_that_is_required_is_named_once() {
    let entity = AccessToken::entity();
    let wrong = |asked: &Given| check(entity, Intent::Create { owner: None }, asked);
    assert_eq!(codes(&wrong(&Given::default())), [("Kind", "REQUIRED")]);
    assert_eq!(codes(&wrong(&given(entity, &[("Type", text("personal_access_token"))]))), []);
    assert_eq!(codes(&wrong(&given(entity, &[("Kind", Value::Null)]))), [("Kind", "NOT_NULLABLE")]);
    let mut asked = Given::default();
    asked.unreadable.push(FieldError::new("Kind", "BAD_VALUE", "no kind"));
    assert_eq!(codes(&wrong(&asked)), [("Kind", "BAD_VALUE")]);
}

#[test]
fn a_row_can_be_sent_back_as_it_was_read() {
    let entity = User::entity();
    let present: Vec<_> = entity.columns().map(|(_, property)| (property, Value::Null)).collect();
    let now = Intent::Change { present: &present };
    for property in entity.properties().filter(|property| property.column().is_some()) {
        let is_checked = matches!(property, Property::Attribute(attribute) if attribute.secret);
        let same = Given { values: vec![(property, Value::Null)], ..Given::default() };
        let refused = codes(&check(entity, now, &same)).iter().any(|(_, code)| *code != "NOT_NULLABLE");
        assert!(is_checked || !refused, "{}", property.name());
    }
    let other = given(entity, &[("Id", Value::Guid(Uuid::from_u128(7))), ("CreationTimeUtc", Value::Int(1))]);
    assert_eq!(codes(&check(entity, now, &other)), [("Id", "READ_ONLY"), ("CreationTimeUtc", "READ_ONLY")]);
}
