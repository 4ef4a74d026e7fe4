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
    let site = |kind: &str, path: &str, properties: Value| {
        let url = format!("{url}{path}");
        json!({"Type": kind, "Status": "Working", "StatusDescription": null, "Url": url, "System": true, "AdditionalProperties": properties})
    };
    let expected = json!({
        "Host": url.trim_start_matches("http://"),
        "DbName": "grantor",
        "WebSites": [
            site("ID", "/id", json!({})),
            site("DomainAPI", "/api", odata),
            site("GraphQL", "/graphql", json!({})),
            site("UserProfile", "/account", json!({})),
            site("InstanceManager", "/users", json!({})),
        ],
    });
    assert_eq!(sites, expected);
    assert_eq!(json_at(server, "/tools/auto-discovery", None), (200, expected));
}

/// The list is short and leaves out what is null; a repository with details has all members, also those that are null.
#[test]
fn the_model_is_told_in_brief_and_in_detail() {
    let server = &mut Server::demo(Engine::Sqlite);
    let (_, brief) = json_at(server, "/api/domain/standardmodel", None);
    let (_, detailed) = json_at(server, "/api/domain/standardmodel?details=true", None);
    let (brief, detailed) = (brief.as_array().unwrap(), detailed.as_array().unwrap());
    assert_eq!(brief.len(), model::entities().count());
    for ((brief, detailed), entity) in brief.iter().zip(detailed).zip(model::entities()) {
        assert_eq!(
            (&brief["Name"], &brief["RepositoryName"]),
            (&entity.set_name().into(), &entity.repository().into())
        );
        let members = ["Attributes", "References", "ChildCollections", "Methods"];
        assert!(members.iter().all(|name| brief.get(name).is_none() && detailed[name].is_array()));
        assert!(brief.as_object().unwrap().values().all(|value| !value.is_null()), "{brief}");
        assert!(detailed.as_object().unwrap().contains_key("AggregateParent"), "{detailed}");
        let names: Vec<_> = detailed["Attributes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["Name"].as_str().unwrap())
            .collect();
        let shown = entity.attributes().filter(|attribute| !attribute.secret).map(|attribute| attribute.name);
        assert_eq!(names, shown.collect::<Vec<_>>(), "no secret, nothing else");
        let one = json_at(server, &format!("/api/domain/standardmodel/{}", entity.set_name()), None).1;
        assert_eq!(one, *detailed, "a single repository has its details");
    }
    let scopes = &detailed[2];
    assert_eq!(scopes["IsAggregateRoot"], false);
    assert_eq!(scopes["AggregateParent"], "Systems_Security_AccessTokens");
    assert_eq!(scopes["AggregateRoot"], "Systems_Security_AccessTokens");
    assert_snapshot!(serde_json::to_string_pretty(&scopes["Attributes"][1]).unwrap(), @r#"
    {
      "BaseInfo": {
        "AllowTrackChanges": true,
        "BaseColumnName": "scope",
        "BaseTableName": "Sec_Access_Token_Scopes",
        "DateTimeUtc": false,
        "DefaultValueType": "None",
        "Description": "The permission.",
        "Indexed": false,
        "IsFilterableReference": false,
        "MaxLength": 64,
        "Nullable": false,
        "Options": "None",
        "Orderable": false,
        "RepositoryName": "Systems.Security.AccessTokenScopes",
        "Subtype": null,
        "SupportedFilters": "Equals, EqualsIn",
        "UIVisibility": "ShownByDefault"
      },
      "CategoryId": "System",
      "CategoryLocalizedName": "System",
      "ColumnName": "scope",
      "DefaultValue": null,
      "IntroducedInVersion": "26.3.0",
      "IsBlob": false,
      "IsCalculatedDataAttribute": false,
      "IsCustomProperty": false,
      "IsPersistent": true,
      "LimitToAllowedValues": false,
      "LocalizedDescription": "The permission.",
      "LocalizedName": "Scope",
      "Name": "Scope",
      "ReadOnly": true,
      "Required": true,
      "SupportsAllowedValues": false,
      "SupportsSet": false,
      "Type": "Edm.String",
      "Unique": false,
      "enumValues": null
    }
    "#);
    let owner = &scopes["References"][0];
    for (name, value) in [
        ("Name", "AccessToken".into()),
        ("ColumnName", "access_token_id".into()),
        ("Type", "Erp.Systems_Security_AccessToken".into()),
        ("ReferencedEntitySet", "Systems_Security_AccessTokens".into()),
        ("ReferencedType", "Erp.Systems_Security_AccessToken".into()),
        ("IsOwnership", true.into()),
        ("IsAggregateParent", true.into()),
        ("IsFilterable", Value::from(true)),
    ] {
        assert_eq!(owner[name], value, "{name}: {owner}");
    }
    let tokens = &detailed[0];
    let of_kind =
        |name: &str| tokens["Attributes"].as_array().unwrap().iter().find(|one| one["Name"] == name).unwrap();
    assert_eq!(of_kind("Kind")["enumValues"][0]["Name"], "PersonalAccessToken");
    assert_eq!(of_kind("Data")["BaseInfo"]["Options"], "SecuritySensitiveString");
    assert_eq!(of_kind("CreationTimestamp")["BaseInfo"]["DefaultValueType"], "CurrentDateTimeUtc");
    assert_eq!(of_kind("ExpireTimestamp")["BaseInfo"]["Orderable"], true);
    let method = &tokens["Methods"][0];
    assert_eq!(
        (&method["Name"], &method["IsAction"], &method["Namespace"]),
        (&"GetAllowedCustomPropertyValues".into(), &false.into(), &"Erp".into())
    );
    assert_eq!(tokens["ChildCollections"][0]["ChildEntitySet"], "Systems_Security_AccessTokenScopes");
}

/// A document is not sent again while it is the same.
#[test]
fn models_are_sent_once() {
    let server = &mut Server::demo(Engine::Sqlite);
    let pat = server.world().user.pat;
    for (path, token) in [
        ("/api/domain/standardmodel", None),
        ("/api/domain/standardmodel?details=true", None),
        ("/api/domain/currentmodel/Systems_Security_Users", Some(pat.as_str())),
    ] {
        let etag = server.get(path, token).send().unwrap().headers()["etag"].to_str().unwrap().to_owned();
        let again = server.get(path, token).header("if-none-match", &etag).send().unwrap();
        assert_eq!((again.status().as_u16(), again.text().unwrap().len()), (304, 0), "{path}");
    }
    let refused = server.get("/api/domain/currentmodel", None).header("if-none-match", "*").send().unwrap();
    assert_eq!(refused.status(), 401);
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
