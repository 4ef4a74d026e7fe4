//! Pages and rows as JSON.

mod context;

use model::entities::{AccessToken, User};
use model::query::{Actor, BoundQuery, Expanded, Object};
use model::{Entity, Property, Record, Timestamp, Uuid, Value};
use odata::negotiate::{JsonForm, MetadataLevel, Version};
use odata::payload::{Links, PageWriter, Style, raw_value, select_list};
use odata::{OdataError, QueryOptions, parse};
use serde_json::Value as Json;

const ROOT: &str = "http://h/api/domain/odata/";

fn style(level: MetadataLevel) -> Style<'static> {
    Style { root: ROOT, version: Version::V4_0, form: JsonForm { level, ieee754: false }, skip_nulls: false }
}

fn bound(entity: &'static Entity, query: &str) -> (BoundQuery, String) {
    let options = QueryOptions::parse(query).unwrap_or_default().query;
    let bound = odata::bind(entity, &options, model::Timestamp::from_seconds(0))
        .and_then(|query| Ok(query.bind(entity, Actor::SYSTEM)?));
    let Ok(bound) = bound else { unreachable!("{query}") };
    (bound, select_list(entity, &options))
}

/// Returns a row with values of some properties and null for the others that the query fetches.
fn row(query: &BoundQuery, id: u128, values: &[(&str, Value)]) -> Object {
    let value = |property: Property| {
        let given = values.iter().find(|(name, _)| *name == property.name());
        (property, given.map_or(Value::Null, |(_, value)| value.clone()))
    };
    Object {
        entity: query.entity(),
        id: Uuid::from_u128(id),
        version: 3,
        values: query.fetched().iter().map(|property| value(*property)).collect(),
        expanded: Vec::new(),
    }
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

/// Returns a page, written row by row.
fn paged(mut page: PageWriter, rows: &[Object], next: Option<&str>) -> String {
    let mut pieces = Vec::new();
    for row in rows {
        page.row(row);
        pieces.extend(page.take());
    }
    pieces.extend(page.finish(&Links { next: next.map(str::to_owned), delta: None }));
    as_text(pieces)
}

fn as_text(bytes: Vec<u8>) -> String {
    let text = String::from_utf8(bytes).unwrap_or_default();
    assert!(serde_json::from_str::<Json>(&text).is_ok(), "not JSON: {text}");
    text
}

fn token(query: &BoundQuery) -> Object {
    row(
        query,
        0xabc,
        &[
            ("Id", Value::Guid(Uuid::from_u128(0xabc))),
            ("Actor", text("a \"quoted\"\nline \u{1} ü")),
            ("Kind", text("device_code")),
            ("Type", text("device_code")),
            ("CreationTimestamp", Value::Time(Timestamp::from_micros(1_500_000))),
            ("User", Value::Guid(Uuid::from_u128(7))),
            ("ObjectVersion", Value::Int(3)),
            ("AccessTokenKey", text("key")),
        ],
    )
}

#[test]
fn a_page_in_minimal_metadata() {
    let (query, select) = bound(
        AccessToken::entity(),
        "$select=Actor,Kind,Type,CreationTimestamp,User,Parent,ObjectVersion&$count=true",
    );
    let page = style(MetadataLevel::Minimal).rows(&query, &select, Some(7));
    let written = paged(page, &[token(&query), token(&query)], Some("http://h/next?a=b"));
    let object = r#"{"@odata.id":"Systems_Security_AccessTokens(00000000-0000-0000-0000-000000000abc)","@odata.etag":"W/\"3\"","Actor":"a \"quoted\"\nline \u0001 ü","Kind":"DeviceCode","Type":"device_code","CreationTimestamp":"1970-01-01T00:00:01.5Z","User":{"@odata.id":"Systems_Security_Users(00000000-0000-0000-0000-000000000007)"},"Parent":null,"ObjectVersion":3}"#;
    assert_eq!(
        written,
        format!(
            r#"{{"@odata.context":"{ROOT}$metadata#Systems_Security_AccessTokens(Actor,Kind,Type,CreationTimestamp,User,Parent,ObjectVersion)","@odata.count":7,"value":[{object},{object}],"@odata.nextLink":"http://h/next?a=b"}}"#
        )
    );
}

#[test]
fn a_page_without_rows_metadata_or_nulls() {
    let (query, select) = bound(AccessToken::entity(), "$select=Actor,Client");
    let page = style(MetadataLevel::None).rows(&query, &select, None);
    assert_eq!(paged(page, &[], None), r#"{"value":[]}"#);
    let style = Style { skip_nulls: true, ..style(MetadataLevel::None) };
    assert_eq!(
        paged(style.rows(&query, &select, None), &[token(&query)], None),
        r#"{"value":[{"Actor":"a \"quoted\"\nline \u0001 ü"}]}"#
    );
}

#[test]
fn expanded_rows_are_nested() {
    let (query, select) = bound(
        AccessToken::entity(),
        "$select=Actor,User&$expand=User($select=Login),Parent($select=Kind),GrantedScopes($select=Scope;$count=true)",
    );
    let expand = |index: usize| &query.expand()[index].query;
    let user = row(expand(0), 7, &[("Login", text("ada"))]);
    let scope = row(expand(2), 9, &[("Scope", text("read"))]);
    let mut object = token(&query);
    object.expanded = vec![
        ("GrantedScopes", Expanded::Many(vec![scope.clone(), scope], Some(2))),
        ("User", Expanded::One(Some(Box::new(user)))),
        ("Parent", Expanded::One(None)),
    ];
    let written = as_text(style(MetadataLevel::None).object(&query, &select, &object));
    assert_eq!(
        written,
        r#"{"Actor":"a \"quoted\"\nline \u0001 ü","User":{"Login":"ada"},"Parent":null,"GrantedScopes@odata.count":2,"GrantedScopes":[{"Scope":"read"},{"Scope":"read"}]}"#
    );
    let context = as_text(style(MetadataLevel::Minimal).object(&query, &select, &object));
    let start = format!(
        r#"{{"@odata.context":"{ROOT}$metadata#Systems_Security_AccessTokens(Actor,User(Login),Parent(Kind),GrantedScopes(Scope))/$entity","#
    );
    assert!(context.starts_with(&start), "{context}");
}

#[test]
fn one_row_in_full_metadata() {
    let (query, select) =
        bound(AccessToken::entity(), "$select=Kind,CreationTimestamp,Id,DisplayText,ObjectVersion");
    let written = as_text(style(MetadataLevel::Full).object(&query, &select, &token(&query)));
    let json: Json = serde_json::from_str(&written).unwrap();
    let id = "Systems_Security_AccessTokens(00000000-0000-0000-0000-000000000abc)";
    for (key, value) in [
        ("@odata.type", "#Erp.Systems_Security_AccessToken"),
        ("@odata.id", id),
        ("@odata.editLink", id),
        ("@odata.etag", "W/\"3\""),
        ("Kind@odata.type", "#Erp.GrantKind"),
        ("Kind", "DeviceCode"),
        ("CreationTimestamp@odata.type", "#DateTimeOffset"),
        ("Id@odata.type", "#Guid"),
        ("ObjectVersion@odata.type", "#Int32"),
        ("DisplayText", "00000000-0000-0000-0000-000000000abc: key"),
        ("User@odata.navigationLink", &format!("{id}/User")),
        ("GrantedScopes@odata.associationLink", &format!("{id}/GrantedScopes/$ref")),
    ] {
        assert_eq!(json[key], value, "{key}");
    }
    assert!(json.get("DisplayText@odata.type").is_none());
}

/// Version 4.01: no prefix, and no hash before standard types.
#[test]
fn one_row_in_version_4_01() {
    let (query, select) = bound(AccessToken::entity(), "$select=Kind,Id,User");
    let style = Style { version: Version::V4_01, ..style(MetadataLevel::Full) };
    let json: Json = serde_json::from_str(&as_text(style.object(&query, &select, &token(&query)))).unwrap();
    let id = "Systems_Security_AccessTokens(00000000-0000-0000-0000-000000000abc)";
    for (key, value) in [
        ("@type", "#Erp.Systems_Security_AccessToken"),
        ("@id", id),
        ("@editLink", id),
        ("@etag", "W/\"3\""),
        ("Kind@type", "#Erp.GrantKind"),
        ("Id@type", "Guid"),
        ("User@navigationLink", &format!("{id}/User")),
        ("GrantedScopes@associationLink", &format!("{id}/GrantedScopes/$ref")),
    ] {
        assert_eq!(json[key], value, "{key}");
    }
    assert_eq!(json["User"]["@id"], "Systems_Security_Users(00000000-0000-0000-0000-000000000007)");
    assert!(!json.to_string().contains("odata."), "{json}");
}

#[test]
fn long_numbers_are_strings_on_request() {
    let (query, select) =
        bound(AccessToken::entity(), "$select=ObjectVersion&$expand=GrantedScopes($count=true)");
    let mut object = token(&query);
    object.expanded = vec![("GrantedScopes", Expanded::Many(Vec::new(), Some(2)))];
    let style =
        Style { form: JsonForm { level: MetadataLevel::None, ieee754: true }, ..style(MetadataLevel::None) };
    assert_eq!(
        paged(style.rows(&query, &select, Some(9_007_199_254_740_993)), &[object], None),
        r#"{"@odata.count":"9007199254740993","value":[{"ObjectVersion":3,"GrantedScopes@odata.count":"2","GrantedScopes":[]}]}"#
    );
}

#[test]
fn only_the_identifiers_of_rows() {
    let (query, _) = bound(AccessToken::entity(), "$select=Id&$count=true");
    let style = Style { version: Version::V4_01, ..style(MetadataLevel::Minimal) };
    assert_eq!(
        paged(style.references(query.entity(), Some(1)), &[token(&query)], Some("http://h/next")),
        format!(
            r#"{{"@context":"{ROOT}$metadata#Collection($ref)","@count":1,"value":[{{"@id":"Systems_Security_AccessTokens(00000000-0000-0000-0000-000000000abc)"}}],"@nextLink":"http://h/next"}}"#
        )
    );
}

/// OData JSON 4.01, section 15: removed rows, in the notation of each version.
#[test]
fn changes_in_both_versions() {
    let (query, select) = bound(AccessToken::entity(), "$select=Kind");
    let write = |version| {
        let mut page = Style { version, ..style(MetadataLevel::Minimal) }.changes(&query, &select);
        page.removed(Uuid::from_u128(7), false);
        let mut bytes = page.take();
        page.row(&token(&query));
        bytes.extend(page.finish(&Links { next: None, delta: Some("http://h/delta".to_owned()) }));
        as_text(bytes)
    };
    let (set, id) = ("Systems_Security_AccessTokens", "00000000-0000-0000-0000-000000000");
    assert_eq!(
        write(Version::V4_0),
        format!(
            r#"{{"@odata.context":"{ROOT}$metadata#{set}(Kind)/$delta","value":[{{"@odata.context":"{ROOT}$metadata#{set}/$deletedEntity","id":"{set}({id}007)","reason":"changed"}},{{"@odata.id":"{set}({id}abc)","@odata.etag":"W/\"3\"","Kind":"DeviceCode"}}],"@odata.deltaLink":"http://h/delta"}}"#
        )
    );
    assert_eq!(
        write(Version::V4_01),
        format!(
            r#"{{"@context":"{ROOT}$metadata#{set}(Kind)/$delta","value":[{{"@removed":{{"reason":"changed"}},"@id":"{set}({id}007)"}},{{"@id":"{set}({id}abc)","@etag":"W/\"3\"","Kind":"DeviceCode"}}],"@deltaLink":"http://h/delta"}}"#
        )
    );
}

/// `/$ref` expands to identifiers only, at any metadata level.
#[test]
fn expanded_references() {
    for (level, version) in [(MetadataLevel::Full, Version::V4_01), (MetadataLevel::None, Version::V4_01)] {
        let (query, select) =
            bound(AccessToken::entity(), "$select=Kind&$expand=User/$ref,GrantedScopes/$ref");
        let expand = |index: usize| &query.expand()[index].query;
        let mut object = token(&query);
        object.expanded = vec![
            ("User", Expanded::One(Some(Box::new(row(expand(0), 7, &[]))))),
            ("GrantedScopes", Expanded::Many(vec![row(expand(1), 9, &[])], None)),
        ];
        let style = Style { version, ..style(level) };
        let json: Json = serde_json::from_str(&as_text(style.object(&query, &select, &object))).unwrap();
        let id = |set: &str, last: u8| format!("{set}(00000000-0000-0000-0000-00000000000{last})");
        assert_eq!(json["User"], serde_json::json!({ "@id": id("Systems_Security_Users", 7) }));
        let scopes = serde_json::json!([{ "@id": id("Systems_Security_AccessTokenScopes", 9) }]);
        assert_eq!(json["GrantedScopes"], scopes);
    }
}

#[test]
fn properties_references_and_errors() {
    let (query, _) = bound(AccessToken::entity(), "$select=Actor,Kind,Client,DisplayText");
    let object = token(&query);
    let style = style(MetadataLevel::Minimal);
    let entity = AccessToken::entity();
    let attribute = |name: &str| entity.attribute(name).unwrap_or(entity.id());
    assert_eq!(
        as_text(style.attribute(&object, attribute("Kind"))),
        format!(
            r#"{{"@odata.context":"{ROOT}$metadata#Systems_Security_AccessTokens(00000000-0000-0000-0000-000000000abc)/Kind","value":"DeviceCode"}}"#
        )
    );
    assert_eq!(raw_value(&object, attribute("Kind")).as_deref(), Some("DeviceCode"));
    assert_eq!(raw_value(&object, attribute("Client")), None);
    assert!(raw_value(&object, attribute("DisplayText")).is_some_and(|text| text.ends_with(": key")));
    assert_eq!(
        as_text(style.reference(User::entity(), Uuid::from_u128(7))),
        format!(
            r#"{{"@odata.context":"{ROOT}$metadata#$ref","@odata.id":"Systems_Security_Users(00000000-0000-0000-0000-000000000007)"}}"#
        )
    );
    let error = parse::filter("a eq \"").unwrap_err();
    assert_eq!(
        as_text(error.body()),
        r#"{"error":{"code":"SYNTAX_ERROR","message":"$filter, character 5: expected a value or a name, found '\"'; a text is written in single quotes","target":"$filter","innererror":{"position":5,"messageFormat":"{0}, character {1}: {2}","parameters":["$filter","5","expected a value or a name, found '\"'; a text is written in single quotes"]}}}"#
    );
    assert_eq!(
        as_text(OdataError::BadVersion.body()),
        r#"{"error":{"code":"BAD_VERSION","message":"OData-MaxVersion must be a version number of at least 4.0","target":"OData-MaxVersion","innererror":{"messageFormat":"OData-MaxVersion must be a version number of at least 4.0","parameters":[]}}}"#
    );
}
