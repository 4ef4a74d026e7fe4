//! The description of the service follows the model.

use odata::metadata::{metadata_xml, service_document};

#[test]
fn metadata_is_what_was_agreed() {
    insta::assert_snapshot!(metadata_xml());
}

#[test]
fn metadata_names_every_property_and_no_secret() {
    let xml = metadata_xml();
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

/// Every element that is begun is ended, in order.
#[test]
fn metadata_is_well_formed() {
    let xml = metadata_xml();
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
    let json: serde_json::Value = serde_json::from_str(&service_document("http://h/odata/")).unwrap();
    assert_eq!(json["@odata.context"], "http://h/odata/$metadata");
    let sets = json["value"].as_array().unwrap();
    assert_eq!(sets.len(), model::entities().count());
    assert_eq!(
        sets[0],
        serde_json::json!({
            "kind": "EntitySet",
            "name": "Systems_Security_AccessTokens",
            "url": "Systems_Security_AccessTokens"
        })
    );
}
