//! Rows, pages and identifiers as complete exchanges.

use insta::{allow_duplicates, assert_snapshot};

use crate::support::sha256;

const NEW: (&str, &str) = ("OData-MaxVersion", "4.01");

on_both_engines! {
    /// A page in every level of metadata and in both versions.
    fn pages(server: &mut Server) {
        let pat = server.world().user.pat;
        let page = "Systems_Security_Users?$select=Login,UserType,LockoutEndUtc&$count=true";
        let ask = |headers: &[(&str, &str)], suffix: &str| {
            server.exchange(&format!("{page}{suffix}"), headers, Some(&pat))
        };
        allow_duplicates! {
            assert_snapshot!(ask(&[], ""), @r#"
            200 OK
            cache-control: private, no-cache
            content-type: application/json;odata.metadata=minimal;charset=utf-8
            odata-version: 4.0
            vary: Accept, OData-MaxVersion, Prefer, Authorization, X-Api-Key, Api-Key, accept-encoding

            {"@odata.context":"http://server/api/domain/odata/$metadata#Systems_Security_Users(Login,UserType,LockoutEndUtc)",
            "@odata.count":1,
            "value":[
            {"@odata.id":"Systems_Security_Users(<id>)",
            "@odata.etag":"W/\"1\"",
            "Login":"ben",
            "UserType":"InternalUser",
            "LockoutEndUtc":null}]}
            "#);
            assert_snapshot!(ask(&[NEW, ("Accept", "application/json;metadata=full")], ""), @r##"
            200 OK
            cache-control: private, no-cache
            content-type: application/json;metadata=full;charset=utf-8
            odata-version: 4.01
            vary: Accept, OData-MaxVersion, Prefer, Authorization, X-Api-Key, Api-Key, accept-encoding

            {"@context":"http://server/api/domain/odata/$metadata#Systems_Security_Users(Login,UserType,LockoutEndUtc)",
            "@count":1,
            "value":[
            {"@type":"#Erp.Systems_Security_User",
            "@id":"Systems_Security_Users(<id>)",
            "@etag":"W/\"1\"",
            "@editLink":"Systems_Security_Users(<id>)",
            "ProviderLogins@associationLink":"Systems_Security_Users(<id>)/ProviderLogins/$ref",
            "ProviderLogins@navigationLink":"Systems_Security_Users(<id>)/ProviderLogins",
            "Login":"ben",
            "UserType@type":"#Erp.UserType",
            "UserType":"InternalUser",
            "LockoutEndUtc":null}]}
            "##);
            assert_snapshot!(ask(&[("Accept", "application/json;odata.metadata=none;IEEE754Compatible=true")], "&options=skipnulls"), @r#"
            200 OK
            cache-control: private, no-cache
            content-type: application/json;odata.metadata=none;IEEE754Compatible=true;charset=utf-8
            odata-version: 4.0
            vary: Accept, OData-MaxVersion, Prefer, Authorization, X-Api-Key, Api-Key, accept-encoding

            {"@odata.count":"1",
            "value":[
            {"Login":"ben",
            "UserType":"InternalUser"}]}
            "#);
        }
    }

    /// Expanded rows, in both versions.
    fn expanded_rows(server: &mut Server) {
        let pat = server.world().user.pat;
        let key = sha256(&pat);
        let query = format!(
            "Systems_Security_AccessTokens?$filter=AccessTokenKey eq '{key}'&$select=Kind,User,Parent\
             &$expand=User($select=Login),GrantedScopes($select=Scope;$count=true;$filter=Scope eq 'read')"
        );
        let ask = |headers: &[(&str, &str)]| server.exchange(&query, headers, Some(&pat));
        allow_duplicates! {
            assert_snapshot!(ask(&[]), @r#"
            200 OK
            cache-control: private, no-cache
            content-type: application/json;odata.metadata=minimal;charset=utf-8
            odata-version: 4.0
            vary: Accept, OData-MaxVersion, Prefer, Authorization, X-Api-Key, Api-Key, accept-encoding

            {"@odata.context":"http://server/api/domain/odata/$metadata#Systems_Security_AccessTokens(Kind,Parent,User(Login),GrantedScopes(Scope))",
            "value":[
            {"@odata.id":"Systems_Security_AccessTokens(<id>)",
            "@odata.etag":"W/\"1\"",
            "Kind":"PersonalAccessToken",
            "User":{"@odata.id":"Systems_Security_Users(<id>)",
            "@odata.etag":"W/\"1\"",
            "Login":"ben"},
            "Parent":null,
            "GrantedScopes@odata.count":1,
            "GrantedScopes":[
            {"@odata.id":"Systems_Security_AccessTokenScopes(<id>)",
            "@odata.etag":"W/\"1\"",
            "Scope":"read"}]}]}
            "#);
            assert_snapshot!(ask(&[NEW, ("Prefer", "omit-values=nulls")]), @r#"
            200 OK
            cache-control: private, no-cache
            content-type: application/json;metadata=minimal;charset=utf-8
            odata-version: 4.01
            preference-applied: omit-values=nulls
            vary: Accept, OData-MaxVersion, Prefer, Authorization, X-Api-Key, Api-Key, accept-encoding

            {"@context":"http://server/api/domain/odata/$metadata#Systems_Security_AccessTokens(Kind,Parent,User(Login),GrantedScopes(Scope))",
            "value":[
            {"@id":"Systems_Security_AccessTokens(<id>)",
            "@etag":"W/\"1\"",
            "Kind":"PersonalAccessToken",
            "User":{"@id":"Systems_Security_Users(<id>)",
            "@etag":"W/\"1\"",
            "Login":"ben"},
            "GrantedScopes@count":1,
            "GrantedScopes":[
            {"@id":"Systems_Security_AccessTokenScopes(<id>)",
            "@etag":"W/\"1\"",
            "Scope":"read"}]}]}
            "#);
        }
    }

    /// Properties, references and identifiers each have their context.
    fn contexts(server: &mut Server) {
        let pat = server.world().admin.pat;
        let id = server.grant_id(&server.world().user.pat, &pat);
        let row = format!("Systems_Security_AccessTokens({id})");
        let ask = |query: &str, headers: &[(&str, &str)]| {
            let text = server.exchange(query, headers, Some(&pat));
            text.split_once("\n\n").map_or(text.clone(), |(_, body)| body.to_owned())
        };
        allow_duplicates! {
            assert_snapshot!(ask(&format!("{row}/$ref"), &[NEW]), @r#"
            {"@context":"http://server/api/domain/odata/$metadata#$ref",
            "@id":"Systems_Security_AccessTokens(<id>)"}
            "#);
            assert_snapshot!(ask(&format!("{row}/Kind"), &[]), @r#"
            {"@odata.context":"http://server/api/domain/odata/$metadata#Systems_Security_AccessTokens(<id>)/Kind",
            "value":"PersonalAccessToken"}
            "#);
            assert_snapshot!(ask(&format!("{row}/Kind"), &[NEW, ("Accept", "application/json;metadata=full")]), @r##"
            {"@context":"http://server/api/domain/odata/$metadata#Systems_Security_AccessTokens(<id>)/Kind",
            "@type":"#Erp.GrantKind",
            "value":"PersonalAccessToken"}
            "##);
            assert_snapshot!(ask(&format!("{row}/User?$select=Login"), &[]), @r#"
            {"@odata.context":"http://server/api/domain/odata/$metadata#Systems_Security_Users(Login)/$entity",
            "@odata.id":"Systems_Security_Users(<id>)",
            "@odata.etag":"W/\"1\"",
            "Login":"ben"}
            "#);
            assert_snapshot!(ask(&format!("{row}/User/$ref"), &[]), @r#"
            {"@odata.context":"http://server/api/domain/odata/$metadata#$ref",
            "@odata.id":"Systems_Security_Users(<id>)"}
            "#);
            assert_snapshot!(ask(&format!("{row}/GrantedScopes?$select=Scope&$filter=Scope eq 'read'"), &[NEW]), @r#"
            {"@context":"http://server/api/domain/odata/$metadata#Systems_Security_AccessTokenScopes(Scope)",
            "value":[
            {"@id":"Systems_Security_AccessTokenScopes(<id>)",
            "@etag":"W/\"1\"",
            "Scope":"read"}]}
            "#);
            assert_snapshot!(ask(&format!("{row}/GrantedScopes/$ref?$top=1&$count=true&$filter=Scope in ('read')"), &[]), @r#"
            {"@odata.context":"http://server/api/domain/odata/$metadata#Collection($ref)",
            "@odata.count":1,
            "value":[
            {"@odata.id":"Systems_Security_AccessTokenScopes(<id>)"}]}
            "#);
            assert_snapshot!(ask("Systems_Security_Users/%24ref?$top=1&$filter=Login eq 'ada'", &[NEW]), @r#"
            {"@context":"http://server/api/domain/odata/$metadata#Collection($ref)",
            "value":[
            {"@id":"Systems_Security_Users(<id>)"}]}
            "#);
            assert_snapshot!(ask(&format!("{row}/Kind/$ref"), &[]), @r#"
            {"error":{"code":"UNKNOWN_RESOURCE",
            "message":"there is no row '$ref'",
            "target":"$ref",
            "innererror":{"messageFormat":"there is no {0} '{1}'",
            "parameters":["row",
            "$ref"]}}}
            "#);
        }
    }

    /// Refusals have the standard's body in both versions.
    fn refusals(server: &mut Server) {
        let pat = server.world().user.pat;
        allow_duplicates! {
            assert_snapshot!(server.exchange("Systems_Security_Users", &[NEW], None), @r#"
            401 Unauthorized
            cache-control: private, no-cache
            content-type: application/json;metadata=minimal;charset=utf-8
            odata-version: 4.01
            vary: Accept, OData-MaxVersion, Prefer, Authorization, X-Api-Key, Api-Key, accept-encoding
            www-authenticate: Bearer realm="grantor", resource_metadata="http://server/.well-known/oauth-protected-resource/api/domain/odata"

            {"error":{"code":"UNAUTHENTICATED",
            "message":"a valid token is needed",
            "innererror":{"messageFormat":"a valid token is needed",
            "parameters":[]}}}
            "#);
            assert_snapshot!(server.exchange("Systems_Security_User", &[], Some(&pat)), @r#"
            404 Not Found
            cache-control: private, no-cache
            content-type: application/json;odata.metadata=minimal;charset=utf-8
            odata-version: 4.0
            vary: Accept, OData-MaxVersion, Prefer, Authorization, X-Api-Key, Api-Key, accept-encoding

            {"error":{"code":"UNKNOWN_RESOURCE",
            "message":"there is no entity set 'Systems_Security_User'; did you mean 'Systems_Security_Users'?",
            "target":"Systems_Security_User",
            "innererror":{"messageFormat":"there is no {0} '{1}'; did you mean '{2}'?",
            "parameters":["entity set",
            "Systems_Security_User",
            "Systems_Security_Users"]}}}
            "#);
            assert_snapshot!(server.exchange("Systems_Security_Users", &[("OData-MaxVersion", "3.0")], Some(&pat)), @r#"
            400 Bad Request
            cache-control: private, no-cache
            content-type: application/json;odata.metadata=minimal;charset=utf-8
            odata-version: 4.0
            vary: Accept, OData-MaxVersion, Prefer, Authorization, X-Api-Key, Api-Key, accept-encoding

            {"error":{"code":"BAD_VERSION",
            "message":"OData-MaxVersion must be a version number of at least 4.0",
            "target":"OData-MaxVersion",
            "innererror":{"messageFormat":"OData-MaxVersion must be a version number of at least 4.0",
            "parameters":[]}}}
            "#);
            assert_snapshot!(server.exchange("Systems_Security_Users", &[("Accept", "image/png")], Some(&pat)), @r#"
            406 Not Acceptable
            cache-control: private, no-cache
            content-type: application/json;odata.metadata=minimal;charset=utf-8
            odata-version: 4.0
            vary: Accept, OData-MaxVersion, Prefer, Authorization, X-Api-Key, Api-Key, accept-encoding

            {"error":{"code":"NOT_ACCEPTABLE",
            "message":"the response is available as application/json, which the request does not accept",
            "target":"Accept",
            "innererror":{"messageFormat":"the response is available as {0}, which the request does not accept",
            "parameters":["application/json"]}}}
            "#);
        }
    }
}
