//! The model of the access tokens matches the reference page, fact by fact. Only Grantor's own additions,
//! each with the version that introduced it, may go beyond the page.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use model::entities::AccessToken;
use model::{Attribute, Category, Entity, Method, Parameter, ParameterType, Record as _, Reference, details};
use serde_json::{Value, json};

/// The version since which attributes are Grantor's own.
const OWN: [&str; 2] = ["26.3.0", "26.4.0"];

/// Whether a version is one of ours.
fn is_own(since: Option<&str>) -> bool {
    since.is_some_and(|since| OWN.contains(&since))
}

fn page() -> Value {
    let text = include_str!("../../../tests/facts/odata-Systems.Security.AccessTokens.json");
    serde_json::from_str(text).unwrap()
}

fn entity() -> &'static Entity {
    AccessToken::entity()
}

/// Returns the rows of a section of the page, in order.
fn rows(section: &Value) -> Vec<(String, String)> {
    let row = |row: &Value| (text(&row["key"]).to_owned(), text(&row["value"]).to_owned());
    section.as_array().unwrap().iter().map(row).collect()
}

fn owned(rows: Vec<details::Row>) -> Vec<(String, String)> {
    rows.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn named(list: &Value) -> impl Iterator<Item = (&str, &Value)> {
    list.as_array().unwrap().iter().map(|item| (text(&item["name"]), item))
}

fn names(list: &Value) -> Vec<&str> {
    named(list).map(|(name, _)| name).collect()
}

/// Compares a list of the model with the page's: the same names in the same order, and otherwise only
/// additions.
fn check_list(page: &Value, model: &[(&'static str, Option<&'static str>)]) {
    let documented = names(page);
    let (ours, additions): (Vec<_>, Vec<_>) = model.iter().partition(|(name, _)| documented.contains(name));
    assert_eq!(ours.iter().map(|(name, _)| *name).collect::<Vec<_>>(), documented);
    for (name, since) in additions {
        assert!(is_own(since), "{name} is not on the page, so it is an addition");
    }
}

#[test]
fn the_page_is_about_the_entity() {
    let page = page();
    assert_eq!(page["front_matter"]["uid"], entity().repository());
    assert_eq!(page["name"], entity().repository());
    assert_eq!(page["namespace"], entity().namespace);
    assert_eq!(page["description"], entity().description);
}

#[test]
fn general_and_visualization() {
    let page = page();
    assert_eq!(owned(details::general(entity())), rows(&page["general"]));
    assert_eq!(owned(details::visualization(entity())), rows(&page["visualization"]));
}

#[test]
fn track_changes() {
    let (least, greatest) = entity().tracking;
    let level = |tracking: model::Tracking| json!({"level": tracking.level(), "text": tracking.title()});
    assert_eq!(page()["track_changes"], json!({"min_level": level(least), "max_level": level(greatest)}));
}

#[test]
fn aggregate() {
    let page = page();
    let documented: Vec<_> = named(&page["aggregate"]["tree"])
        .map(|(name, item)| (name.to_owned(), item["depth"].as_u64().unwrap()))
        .collect();
    let tree = details::aggregate(entity());
    let (ours, additions): (Vec<_>, Vec<_>) =
        tree.iter().partition(|(_, entity)| documented.iter().any(|(name, _)| *name == entity.repository()));
    let ours: Vec<_> = ours.iter().map(|(depth, entity)| (entity.repository(), *depth as u64)).collect();
    assert_eq!(ours, documented);
    assert_eq!(additions.len(), 2, "the granted scopes and the used addresses");
    for (depth, entity) in additions {
        assert!(depth == 1 && is_own(Some(entity.since)), "{}", entity.repository());
    }
}

#[test]
fn the_list_of_attributes() {
    let since = |attribute: &&'static Attribute| (attribute.name, attribute.since);
    let attributes: Vec<_> = entity().own_attributes().iter().map(since).collect();
    check_list(&page()["attributes"], &attributes);
    assert_eq!(names(&page()["attributes"]).len(), 12);
    let system: Vec<_> = entity().system_attributes().iter().map(|attribute| attribute.name).collect();
    assert_eq!(system, names(&page()["system_attributes"]));
    assert_eq!(system.len(), 6);
}

#[test]
fn each_attribute() {
    let page = page();
    let all = named(&page["attributes"]).chain(named(&page["system_attributes"]));
    for (name, fact) in all {
        let attribute = entity().attribute(name).unwrap_or_else(|| panic!("the model lacks {name}"));
        check_summary(attribute, fact);
        check_attribute(attribute, fact);
    }
}

/// Checks the summary of an attribute in the page's table.
fn check_summary(attribute: &Attribute, fact: &Value) {
    let name = attribute.name;
    assert_eq!(text(&fact["type_text"]), details::attribute_type(attribute), "{name}");
    assert_eq!(fact["description"].as_str().unwrap_or_default(), attribute.description, "{name}");
    assert_eq!(fact["tags"], json!(details::tags(attribute)), "{name}");
    assert_eq!(fact["introduced_in"], json!(attribute.since), "{name}");
    assert_eq!(fact["anchor"], name.to_ascii_lowercase(), "{name}");
}

/// Compares the summary of an attribute with the model itself, not only with the generated texts.
fn check_attribute(attribute: &Attribute, fact: &Value) {
    let name = attribute.name;
    if attribute.category == Category::System {
        let length = match attribute.max_length {
            Some(model::UNBOUNDED) => json!("max"),
            length => json!(length),
        };
        assert_eq!(fact["max_length"], length, "{name}");
        assert_eq!(fact["nullable"], attribute.nullable, "{name}");
        assert_eq!(fact["read_only"], attribute.read_only && name != "Id", "{name}");
    }
    assert_eq!(fact["required"], attribute.required, "{name}");
    if name != "Id" {
        assert_eq!(fact["default"], json!(attribute.default.map(model::Default::tag)), "{name}");
        assert_eq!(fact["order_by"], attribute.order_by, "{name}");
        let filter: Vec<_> = fact["filter"].as_array().unwrap().iter().map(text).collect();
        let allowed = attribute.filters.operators();
        for (word, operator) in [("multi eq", "in"), ("ge", "ge"), ("le", "le"), ("like", "contains")] {
            assert_eq!(filter.contains(&word), allowed.contains(&operator), "{name}: {word}");
        }
        assert_eq!(filter.contains(&"eq") || filter.contains(&"multi eq"), allowed.contains(&"eq"), "{name}");
    }
}

#[test]
fn the_details_of_each_attribute() {
    let page = page();
    let documented = page["attribute_details"].as_object().unwrap();
    assert_eq!(documented.len(), 18, "12 attributes and 6 system attributes");
    for (name, fact) in documented {
        let attribute = entity().attribute(name).unwrap_or_else(|| panic!("the model lacks {name}"));
        assert_eq!(owned(details::attribute(attribute)), rows(&fact["rows"]), "{name}");
        assert_eq!(fact["description"].as_str().unwrap_or_default(), attribute.description, "{name}");
        assert_eq!(fact["tags"], json!(details::tags(attribute)), "{name}");
        assert!(fact["allowed_values"].is_null(), "{name}: no attribute of the page is an enumeration");
    }
}

#[test]
fn the_references() {
    let page = page();
    let since = |reference: &'static Reference| (reference.name, reference.since);
    let references: Vec<_> = entity().references().iter().map(since).collect();
    check_list(&page["references"], &references);
    assert_eq!(names(&page["references"]).len(), 2);
    for (name, fact) in named(&page["references"]) {
        let reference = entity().reference(name).unwrap();
        assert_eq!(fact["target"], reference.target().name, "{name}");
        assert_eq!(fact["target_link"], format!("{}.md", reference.target().repository()), "{name}");
        assert_eq!(fact["nullable"], reference.nullable, "{name}");
        assert_eq!(fact["description"], reference.description, "{name}");
        assert_eq!(fact["tags"], json!(details::reference_tags(reference)), "{name}");
        let detail = &page["reference_details"][name];
        assert_eq!(owned(details::reference(reference)), rows(&detail["rows"]), "{name}");
        assert_eq!(detail["description"], reference.description, "{name}");
        assert_eq!(detail["tags"], json!(details::reference_tags(reference)), "{name}");
    }
    assert_eq!(page["reference_details"].as_object().unwrap().len(), 2);
}

#[test]
fn the_collections_are_additions() {
    for collection in entity().collections() {
        assert!(is_own(collection.since), "{}", collection.name);
    }
}

#[test]
fn the_methods() {
    let page = page();
    let methods = entity().methods();
    let documented = &page["api_methods"]["methods"];
    assert_eq!(methods.iter().map(|method| method.name).collect::<Vec<_>>(), names(documented));
    assert_eq!(methods.len(), 3);
    for (method, (name, fact)) in methods.iter().zip(named(documented)) {
        assert_eq!(fact["description"], method.description, "{name}");
        assert_eq!(fact["return_type"], details::return_type(method), "{name}");
        assert_eq!(fact["declaring_type"], method.declared_by, "{name}");
        assert_eq!(fact["request"], details::verb(method), "{name}");
        check_parameters(method, &fact["parameters"]);
    }
}

fn check_parameters(method: &Method, facts: &Value) {
    let parameters: Vec<_> = method.parameters.iter().map(|parameter| parameter.name).collect();
    assert_eq!(parameters, names(facts), "{}", method.name);
    for (parameter, (name, fact)) in method.parameters.iter().zip(named(facts)) {
        assert_eq!(fact["description"], parameter.description, "{name}");
        assert_eq!(fact["type"], details::parameter_type(parameter), "{name}");
        assert_eq!(fact["optional"], parameter.default.is_some(), "{name}");
        assert_eq!(fact["default"], json!(details::parameter_default(parameter)), "{name}");
        check_type(parameter, fact);
    }
}

fn check_type(parameter: &Parameter, fact: &Value) {
    match parameter.parameter_type {
        ParameterType::Enum(enumeration) => {
            let attribute_of = enumeration.scope.unwrap();
            let allowed = &fact["allowed_values"];
            assert_eq!(allowed["enum"], fact["type"]);
            assert_eq!(allowed["attribute"], enumeration.name);
            let anchor = enumeration.name.to_ascii_lowercase();
            assert_eq!(allowed["attribute_link"], format!("{attribute_of}.md#{anchor}"));
            let members: Vec<_> = enumeration.members.iter().map(details::allowed_value).collect();
            let documented: Vec<_> = allowed["values"].as_array().unwrap().iter().collect();
            assert_eq!(members.len(), documented.len());
            for (member, fact) in members.iter().zip(documented) {
                assert_eq!(fact["value"], member.name);
                assert_eq!(fact["description_lines"], json!(member.lines));
            }
        }
        ParameterType::Row(repository) => {
            assert_eq!(fact["type_link"], format!("{repository}.md"));
            assert!(fact["allowed_values"].is_null());
        }
        ParameterType::Text
        | ParameterType::Bool
        | ParameterType::Int32
        | ParameterType::DateTime
        | ParameterType::Objects => {
            assert!(fact["type_link"].is_null() && fact["allowed_values"].is_null());
        }
    }
}

#[test]
fn the_api() {
    let api = page()["api"].clone();
    assert_eq!(api["entity_set"], entity().set_name());
    assert_eq!(api["entity_type"], entity().type_name());
    let ends = |key: &str, path: &str| assert!(text(&api[key]).ends_with(path), "{key}: {}", api[key]);
    ends("query_url", &format!("/api/domain/odata/{}?$top=10", entity().set_name()));
    ends("query_builder_url", &format!("/api/domain/querybuilder#{}?$top=10", entity().set_name()));
}
