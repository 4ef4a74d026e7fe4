//! `$metadata` follows the model.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use odata::metadata::{metadata_json, metadata_xml, service_document};
use odata::negotiate::{MetadataLevel, Version};
use serde_json::{Value, json};

fn xml() -> String {
    metadata_xml(Version::V4_0)
}

fn csdl() -> Value {
    serde_json::from_slice(&metadata_json(Version::V4_01)).unwrap_or_default()
}

#[test]
fn metadata_matches_the_snapshot() {
    insta::assert_snapshot!(xml());
}

/// The document contains the requested version (OData CSDL XML 4.01, section 3.1).
#[test]
fn metadata_has_the_version_of_the_response() {
    assert!(xml().contains("edmx\" Version=\"4.0\">"));
    assert!(metadata_xml(Version::V4_01).contains("edmx\" Version=\"4.01\">"));
    assert_eq!(csdl()["$Version"], "4.01");
    assert_eq!(csdl()["$EntityContainer"], "Erp.Container");
}

/// Returns the number of elements of each kind in a notation.
#[track_caller]
fn as_often(xml_text: &str, json_text: &str) {
    let json = String::from_utf8(metadata_json(Version::V4_0)).unwrap_or_default();
    let (in_xml, in_json) = (xml().matches(xml_text).count(), json.matches(json_text).count());
    assert!(in_xml > 0 && in_xml == in_json, "{xml_text}: {in_xml}, {json_text}: {in_json}");
}

#[test]
fn xml_and_json_are_equivalent() {
    for (xml, json) in [
        ("<EntityType ", "\"$Kind\":\"EntityType\""),
        ("<EnumType ", "\"$Kind\":\"EnumType\""),
        ("<NavigationProperty ", "\"$Kind\":\"NavigationProperty\""),
        ("<Term ", "\"$Kind\":\"Term\""),
        ("Type=\"Edm.DateTimeOffset\"", "\"$Type\":\"Edm.DateTimeOffset\""),
        ("<NavigationPropertyBinding ", "\":\"Systems_Security_"),
        ("DefaultValue=", "$DefaultValue"),
        ("Partner=", "$Partner"),
        ("Org.OData.Core.V1.Description\"", "@Org.OData.Core.V1.Description\""),
        ("Org.OData.Core.V1.Computed\"", "@Org.OData.Core.V1.Computed\""),
        ("Org.OData.Core.V1.Immutable\"", "@Org.OData.Core.V1.Immutable\""),
        ("Erp.SupportedFilters\"", "@Erp.SupportedFilters\""),
        ("Property=\"AllowedExpressions\"", "\"AllowedExpressions\""),
    ] {
        as_often(xml, json);
    }
}

#[test]
fn json_facets_follow_their_notation() {
    let schema = &csdl()["Erp"];
    let token = &schema["Systems_Security_AccessToken"];
    assert_eq!(token["$Kind"], "EntityType");
    assert_eq!(token["$Key"], json!(["Id"]));
    let shown =
        |name: &str, keys: &[&str]| -> Value { keys.iter().map(|key| token[name][*key].clone()).collect() };
    let facets = ["$Type", "$Nullable", "$MaxLength", "$Precision", "$DefaultValue"];
    assert_eq!(shown("AccessTokenKey", &facets), json!([null, null, 256, null, null]));
    assert_eq!(shown("Actor", &facets), json!([null, true, 128, null, null]));
    assert_eq!(shown("Data", &facets), json!([null, true, null, null, null]));
    assert_eq!(shown("ExpireTimestamp", &facets), json!(["Edm.DateTimeOffset", true, null, 6, null]));
    let link = ["$Kind", "$Type", "$Collection", "$Nullable", "$Partner"];
    let (kind, scope) = ("NavigationProperty", "Erp.Systems_Security_AccessTokenScope");
    assert_eq!(shown("GrantedScopes", &link), json!([kind, scope, true, null, "AccessToken"]));
    assert_eq!(shown("User", &link), json!([kind, "Erp.Systems_Security_User", null, true, null]));
    let user = &schema["Systems_Security_User"];
    assert_eq!(user["Active"]["$DefaultValue"], true);
    assert_eq!(user["AccessFailedCount"]["$DefaultValue"], 0);
    assert_eq!(user["UserType"]["$DefaultValue"], "InternalUser");
    assert_eq!(schema["UserType"]["ExternalCommunityUser"], 1);
    assert_eq!(
        schema["UserType"]["InternalUser@Org.OData.Core.V1.Description"],
        "A person of the organisation."
    );
}

/// The published restrictions match those of the model.
#[test]
fn restrictions_follow_the_model() {
    let container = &csdl()["Erp"]["Container"];
    for entity in model::entities() {
        let set = &container[entity.set_name()];
        let restrictions = &set["@Org.OData.Capabilities.V1.FilterRestrictions"];
        let listed = |value: &Value, name: &str| value.as_array().unwrap().iter().any(|item| item == name);
        let sorting = &set["@Org.OData.Capabilities.V1.SortRestrictions"]["NonSortableProperties"];
        for attribute in entity.attributes().filter(|attribute| !attribute.secret) {
            let (name, filters) = (attribute.name, attribute.served_filters());
            assert_eq!(listed(sorting, name), !attribute.is_sortable(), "{name}");
            let closed = listed(&restrictions["NonFilterableProperties"], name);
            assert_eq!(closed, filters == model::Filters::NONE, "{name}");
            let rules = restrictions["FilterExpressionRestrictions"].as_array().unwrap();
            let rule = rules.iter().find(|rule| rule["Property"] == name);
            let expressions = rule.map(|rule| rule["AllowedExpressions"].as_str().unwrap());
            assert_eq!(expressions.is_none(), closed, "{name}");
            let promised = |needle: &str| expressions.is_some_and(|allowed| allowed.contains(needle));
            assert!(!promised("Search") || filters.allows(model::Filters::LIKE), "{name}");
            assert!(!promised("Range") || filters.allows(model::Filters::RANGE), "{name}");
            // A single range or value would promise less than is served.
            assert!(!promised("Single"), "{name}");
            assert!(!promised("MultiValue") || filters.allows_in(), "{name}");
        }
        let levels = &set["@Org.OData.Capabilities.V1.ExpandRestrictions"]["MaxLevels"];
        assert_eq!(*levels, model::query::MAX_EXPAND_DEPTH);
    }
    assert_eq!(container["@Org.OData.Core.V1.ODataVersions"], "4.0 4.01");
}

/// `$metadata` has one type for each name, also where two entities use the same short name.
#[test]
fn enumerations_have_distinct_names() {
    let mut seen = std::collections::HashMap::new();
    for attribute in model::entities().flat_map(model::Entity::attributes) {
        if let model::DataType::Enum(kind) = attribute.data_type {
            let members: Vec<_> = kind.members.iter().map(|member| (member.name, member.code)).collect();
            let known = seen.entry(kind.wire_name()).or_insert_with(|| members.clone());
            assert_eq!(*known, members, "two enumerations are called {}", kind.wire_name());
        }
    }
    assert!(seen.len() > 3);
    // These have been on the wire without a scope from the beginning, and stay.
    for name in ["AccessTokenFormat", "ClientType", "GrantKind", "GrantState", "ReferenceTokens", "UserType"]
    {
        assert!(seen.contains_key(name), "{name}");
    }
}

mod tasks {
    model::enumeration! {
        /// How urgent a task is.
        pub enum Priority in "Systems.Core.Tasks" {
            /// It can wait.
            Low = "L",
        }
    }
}

mod notes {
    model::enumeration! {
        /// How important a note is.
        pub enum Priority in "Systems.Core.Notes" {
            /// It is for information.
            Info = "I",
        }
    }
}

/// Two entities can each have an enumeration of the same short name.
#[test]
fn a_second_enumeration_of_a_name_has_its_own_type() {
    use odata::metadata::type_name;
    let name = |kind| type_name(model::DataType::Enum(kind));
    assert_eq!(name(tasks::Priority::TYPE), "Erp.Systems_Core_TasksRepository_Priority");
    assert_eq!(name(notes::Priority::TYPE), "Erp.Systems_Core_NotesRepository_Priority");
}

#[test]
fn metadata_names_every_property_and_no_secret() {
    let xml = xml();
    for entity in model::entities() {
        let own_type = format!("<EntityType Name=\"{}\">", entity.type_name());
        let body = xml.split(&own_type).nth(1).and_then(|rest| rest.split("</EntityType>").next());
        let body = body.unwrap_or_default();
        for attribute in entity.attributes() {
            let shown = body.contains(&format!("<Property Name=\"{}\"", attribute.name));
            assert_eq!(shown, !attribute.secret, "{} {}", entity.name, attribute.name);
        }
        for reference in entity.references() {
            assert!(
                body.contains(&format!("<NavigationProperty Name=\"{}\"", reference.name)),
                "{}",
                reference.name
            );
        }
        assert!(xml.contains(&format!("<EntitySet Name=\"{}\"", entity.set_name())));
    }
    for secret in ["Password", "ApplicationSecretHash"] {
        assert!(!xml.contains(&format!(">{secret}<")) && !xml.contains(&format!("\"{secret}\"")), "{secret}");
    }
}

/// Every element is closed, in order.
#[test]
fn metadata_is_well_formed() {
    let xml = xml();
    let mut open: Vec<&str> = Vec::new();
    for tag in xml.split('<').skip(2).filter_map(|part| part.split_once('>')).map(|(tag, _)| tag) {
        let name = tag.split_whitespace().next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn the_service_document_lists_the_sets() {
    let document = |version, level| -> Value {
        serde_json::from_str(&service_document("http://h/odata/", version, level)).unwrap()
    };
    let json = document(Version::V4_0, MetadataLevel::Minimal);
    assert_eq!(json["@odata.context"], "http://h/odata/$metadata");
    assert_eq!(document(Version::V4_01, MetadataLevel::Full)["@context"], "http://h/odata/$metadata");
    assert_eq!(document(Version::V4_01, MetadataLevel::None).as_object().unwrap().len(), 1);
    let sets = json["value"].as_array().unwrap();
    let of_kind = |kind: &str| sets.iter().filter(|entry| entry["kind"] == kind).collect::<Vec<_>>();
    assert_eq!(of_kind("EntitySet").len(), model::entities().count());
    let functions: Vec<_> = of_kind("FunctionImport").iter().map(|entry| entry["name"].clone()).collect();
    assert_eq!(functions, ["GetVersion", "GetRenamedEntityTypes", "Reset"]);
    assert_eq!(
        sets[0],
        json!({
            "kind": "EntitySet",
            "name": "Systems_Security_AccessTokens",
            "url": "Systems_Security_AccessTokens"
        })
    );
}
