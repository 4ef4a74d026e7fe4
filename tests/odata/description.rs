//! The public description of the service.

use insta::assert_snapshot;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Engine, Server};

/// The service document and both formats of `$metadata`, in both versions.
#[test]
fn anybody_may_know_what_is_offered() {
    let server = &mut Server::demo(Engine::Sqlite);
    assert_snapshot!(server.exchange("", &[("OData-MaxVersion", "4.01")], None), @r#"
    200 OK
    cache-control: private, no-cache
    content-type: application/json;metadata=minimal;charset=utf-8
    odata-version: 4.01
    vary: Accept, OData-MaxVersion, Prefer, Authorization, X-Api-Key, Api-Key, accept-encoding

    {"@context":"http://server/api/domain/odata/$metadata",
    "value":[
    {"kind":"EntitySet",
    "name":"Systems_Security_AccessTokens",
    "url":"Systems_Security_AccessTokens"},
    {"kind":"EntitySet",
    "name":"Systems_Security_AccessTokenAddresses",
    "url":"Systems_Security_AccessTokenAddresses"},
    {"kind":"EntitySet",
    "name":"Systems_Security_AccessTokenScopes",
    "url":"Systems_Security_AccessTokenScopes"},
    {"kind":"EntitySet",
    "name":"Systems_Security_AuditEvents",
    "url":"Systems_Security_AuditEvents"},
    {"kind":"EntitySet",
    "name":"Systems_Security_Resources",
    "url":"Systems_Security_Resources"},
    {"kind":"EntitySet",
    "name":"Systems_Security_Revocations",
    "url":"Systems_Security_Revocations"},
    {"kind":"EntitySet",
    "name":"Systems_Security_Scopes",
    "url":"Systems_Security_Scopes"},
    {"kind":"EntitySet",
    "name":"Systems_Security_TrustedApplicationAuthorizations",
    "url":"Systems_Security_TrustedApplicationAuthorizations"},
    {"kind":"EntitySet",
    "name":"Systems_Security_TrustedApplications",
    "url":"Systems_Security_TrustedApplications"},
    {"kind":"EntitySet",
    "name":"Systems_Security_UserProviderLogins",
    "url":"Systems_Security_UserProviderLogins"},
    {"kind":"EntitySet",
    "name":"Systems_Security_Users",
    "url":"Systems_Security_Users"},
    {"kind":"FunctionImport",
    "name":"GetVersion",
    "url":"GetVersion"},
    {"kind":"FunctionImport",
    "name":"GetRenamedEntityTypes",
    "url":"GetRenamedEntityTypes"},
    {"kind":"FunctionImport",
    "name":"Reset",
    "url":"Reset"}]}
    "#);
    for (headers, version) in [(&[][..], "4.0"), (&[("OData-MaxVersion", "4.01")], "4.01")] {
        let xml = server.ask(&Method::GET, "$metadata", headers, None);
        assert_eq!(xml.headers()["odata-version"], version);
        assert!(xml.text().unwrap().contains(&format!("Version=\"{version}\"")));
        let csdl = server.ask(&Method::GET, "$metadata?$format=json", headers, None);
        assert_eq!(csdl.json::<Value>().unwrap()["$Version"], version);
    }
    let compressed = server.ask(&Method::GET, "$metadata", &[("Accept-Encoding", "gzip")], None);
    assert_eq!(compressed.headers()["content-encoding"], "gzip");
    assert!(compressed.bytes().unwrap().starts_with(&[0x1f, 0x8b]));
}

/// The service allows and forbids for each attribute what `$metadata` says.
#[test]
fn what_is_published_is_what_is_allowed() {
    let server = &mut Server::demo(Engine::Sqlite);
    let pat = server.world().admin.pat;
    let csdl: Value = server.ask(&Method::GET, "$metadata?$format=json", &[], None).json().unwrap();
    let schema = &csdl["Erp"];
    let mut asked = 0;
    for (set, described) in schema["Container"].as_object().unwrap() {
        let Some(own_type) = described["$Type"].as_str() else { continue };
        let sorting = &described["@Org.OData.Capabilities.V1.SortRestrictions"]["NonSortableProperties"];
        for (name, property) in schema[&own_type["Erp.".len()..]].as_object().unwrap() {
            let Some(filters) = property["@Erp.SupportedFilters"].as_str() else { continue };
            if property["$Kind"].is_null() {
                let status = server.odata(&format!("{set}?$top=1&$orderby={name}"), &pat).status();
                let refused = sorting.as_array().unwrap().contains(&json!(name));
                assert_eq!(status, if refused { 400 } else { 200 }, "{set} {name}");
            }
            for (words, filter) in [
                (["Equals", "Null"], format!("{name} ne null")),
                (["EqualsIn", "EqualsIn"], format!("{name} in (null)")),
                (["Like", "Like"], format!("contains({name},'a')")),
            ] {
                let allowed = filters.split(", ").any(|known| words.contains(&known));
                // A reference is searched by its display text.
                if words[0] == "Like" && !property["$Kind"].is_null() {
                    continue;
                }
                let status = server.odata(&format!("{set}?$top=1&$filter={filter}"), &pat).status();
                let expected = if allowed { 200 } else { 400 };
                assert_eq!(status, expected, "{set}: {filter} ({filters})");
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "only {asked} queries were sent");
}
