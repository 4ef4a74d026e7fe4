//! The model as JSON, and the list of sites.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Engine, Server};

fn json_at(server: &Server, path: &str, token: Option<&str>) -> (u16, Value) {
    let response = server.get(path, token).send().unwrap();
    (response.status().as_u16(), response.json().unwrap())
}

#[test]
fn the_sites_are_listed() {
    let server = &mut Server::demo(Engine::Sqlite);
    let (status, sites) = json_at(server, "/sys/auto-discovery", None);
    let url = &server.url;
    assert_eq!(status, 200);
    let odata = json!({"ODataServiceRoot": format!("{url}/api/domain/odata/")});
    assert_eq!(
        sites,
        json!({"WebSites": [
            {"Type": "ID", "Status": "Working", "Url": format!("{url}/id")},
            {
                "Type": "DomainAPI",
                "Status": "Working",
                "Url": format!("{url}/api/domain"),
                "AdditionalProperties": odata,
            },
            {"Type": "GraphQL", "Status": "Working", "Url": format!("{url}/graphql")},
        ]})
    );
}

#[test]
fn the_model_is_told_in_brief_and_in_detail() {
    let server = &mut Server::demo(Engine::Sqlite);
    let (_, brief) = json_at(server, "/api/domain/standardmodel", None);
    let (_, detailed) = json_at(server, "/api/domain/standardmodel?details=true", None);
    let (brief, detailed) = (brief.as_array().unwrap(), detailed.as_array().unwrap());
    assert_eq!(brief.len(), model::entities().count());
    for ((brief, detailed), entity) in brief.iter().zip(detailed).zip(model::entities()) {
        assert_eq!(brief["RepositoryName"], entity.repository());
        assert!(brief.get("Methods").is_none());
        assert_eq!(detailed["Methods"].as_array().unwrap().len(), entity.methods().len());
        let names = |value: &Value| -> Vec<String> {
            value.as_array().unwrap().iter().map(|item| item["Name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&brief["Attributes"]), names(&detailed["Attributes"]));
        let shown = entity.attributes().filter(|attribute| !attribute.secret).map(|attribute| attribute.name);
        assert_eq!(names(&brief["Attributes"]), shown.collect::<Vec<_>>(), "no secret, nothing else");
        let one = json_at(server, &format!("/api/domain/standardmodel/{}", entity.set_name()), None).1;
        assert_eq!(one, *detailed, "a single repository has its details");
    }
    let scopes = &detailed[1];
    assert_eq!(scopes["IsAggregateRoot"], false);
    assert_eq!(scopes["AggregateParent"], "Systems.Security.AccessTokens");
    assert_eq!(scopes["AggregateRoot"], "Systems.Security.AccessTokens");
    assert_snapshot!(serde_json::to_string_pretty(&scopes["Attributes"][1]).unwrap(), @r#"
    {
      "Calculated": false,
      "Category": "System",
      "DefaultValue": null,
      "IntroducedInVersion": "26.3.0",
      "LocalizedDescription": "The permission.",
      "LocalizedName": "Scope",
      "MaxLength": 64,
      "Name": "Scope",
      "Nullable": false,
      "ReadOnly": false,
      "Required": true,
      "SupportedFilters": [
        "Equals",
        "EqualsIn"
      ],
      "SupportsOrderBy": false,
      "Type": "string",
      "UIVisibility": "ShownByDefault",
      "Unique": false
    }
    "#);
    assert_snapshot!(serde_json::to_string_pretty(&scopes["References"]).unwrap(), @r#"
    [
      {
        "EntitySet": "Systems_Security_AccessTokens",
        "IntroducedInVersion": "26.3.0",
        "IsOwner": true,
        "LocalizedDescription": "The grant that has the permission.",
        "LocalizedName": "Access Token",
        "Name": "AccessToken",
        "Nullable": false,
        "SupportedFilters": [
          "Equals",
          "EqualsIn"
        ],
        "Type": "Systems.Security.AccessTokens",
        "UIVisibility": "ShownByDefault"
      }
    ]
    "#);
}

#[test]
fn the_current_model_is_for_those_who_may_read() {
    let server = &mut Server::demo(Engine::Sqlite);
    let pat = server.world().user.pat;
    for path in ["currentmodel", "currentmodel?details=true", "currentmodel/Systems_Security_Users"] {
        let path = format!("/api/domain/{path}");
        assert_eq!(json_at(server, &path, None).0, 401, "{path}");
        let standard = json_at(server, &path.replace("current", "standard"), None);
        assert_eq!(json_at(server, &path, Some(&pat)), standard, "{path}");
    }
    let (status, unknown) = json_at(server, "/api/domain/standardmodel/Systems_Security_User", None);
    assert_eq!(status, 404);
    let message = unknown["error"]["message"].as_str().unwrap();
    assert!(message.ends_with("did you mean 'Systems_Security_Users'?"), "{message}");
    assert_eq!(json_at(server, "/api/domain/standardmodel?details=perhaps", None).0, 400);
}
