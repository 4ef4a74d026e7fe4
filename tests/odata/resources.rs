//! Path segments other than sets and rows.

use reqwest::Method;
use serde_json::Value;

const SET: &str = "Systems_Security_AccessTokens";

on_both_engines! {
    /// `$entity` with the address of a row, relative or absolute (OData 4.01 part 1, section 11.2.1).
    fn a_row_by_its_identifier(server: &mut Server) {
        let world = server.world();
        let (admin, ben) = (world.admin.pat, world.user.pat);
        let id = server.grant_id(&ben, &admin);
        let own: Value = server.odata(&format!("{SET}({id})?$select=Kind&$expand=User/$ref"), &ben).json().unwrap();
        assert_eq!(own["User"].as_object().unwrap().len(), 1, "only an identifier: {own}");
        let root = format!("{}/api/domain/odata/", server.url);
        for address in [format!("{SET}({id})"), format!("{root}{SET}({id})"), format!("{SET}/{id}")] {
            for cast in ["", "/Erp.Systems_Security_AccessToken"] {
                let query = format!("$entity{cast}?$select=Kind&$expand=User/$ref&$id={address}");
                let found: Value = server.odata(&query, &ben).json().unwrap();
                assert_eq!(found, own, "{query}");
            }
        }
        let foreign = server.grant_id(&admin, &admin);
        for (query, status) in [
            (format!("$entity?$id={SET}({foreign})"), 404),
            (format!("$entity/Erp.Systems_Security_User?$id={SET}({id})"), 404),
            (format!("$entity/Erp.Nothing?$id={SET}({id})"), 404),
            ("$entity".to_owned(), 400),
            ("$entity?$id=Nothing(1)".to_owned(), 404),
            (format!("$entity?$id={SET}"), 400),
            (format!("$entity?$id=http://elsewhere.example/{SET}({id})"), 400),
            (format!("{SET}?$id={SET}({id})"), 400),
        ] {
            assert_eq!(server.odata(&query, &ben).status(), status, "{query}");
        }
        let posted = server.ask(&Method::POST, &format!("$entity?$id={SET}({id})"), &[], Some(&ben));
        assert_eq!(posted.status(), 405);
    }

    /// The function of every row returns that there are no custom properties, for visible rows.
    fn functions(server: &mut Server) {
        let world = server.world();
        let (admin, ben) = (world.admin.pat, world.user.pat);
        let (own, foreign) = (server.grant_id(&ben, &admin), server.grant_id(&admin, &admin));
        let call = |id: &str, call: &str| {
            let response = server.odata(&format!("{SET}({id})/{call}"), &ben);
            (response.status().as_u16(), response.json::<Value>().unwrap())
        };
        for (path, status) in [
            ("GetAllowedCustomPropertyValues(customPropertyCode='x')", 200),
            ("Erp.GetAllowedCustomPropertyValues(customPropertyCode=@c,top=5)?@c='x'", 200),
            ("GetAllowedCustomPropertyValues?customPropertyCode='x'&@top=5", 200),
            ("GetAllowedCustomPropertyValues()", 400),
            ("GetAllowedCustomPropertyValues(customPropertyCode=5)", 400),
            ("CreateCopy", 405),
            ("CreateNotification(subject='x')", 501),
            ("Nothing(x=1)", 404),
        ] {
            let (said, body) = call(&own, path);
            assert_eq!(said, status, "{path}: {body}");
            assert_eq!(body["error"].is_object(), status != 200, "{body}");
        }
        let (_, body) = call(&own, "GetAllowedCustomPropertyValues(customPropertyCode='x')");
        assert_eq!(body["value"], Value::Array(Vec::new()));
        let context = body["@odata.context"].as_str().unwrap();
        assert!(context.ends_with("$metadata#Collection(Erp.CustomPropertyValue)"));
        assert_eq!(call(&foreign, "GetAllowedCustomPropertyValues(customPropertyCode='x')").0, 404);
    }

    /// Standard headers with and without their prefix, and those that must be refused.
    fn headers_and_versions(server: &mut Server) {
        let pat = server.world().user.pat;
        let ask = |headers: &[(&str, &str)], query: &str| {
            let response = server.ask(&Method::GET, query, headers, Some(&pat));
            (response.status().as_u16(), response.headers()["odata-version"].to_str().unwrap().to_owned())
        };
        let users = "Systems_Security_Users";
        for name in ["OData-MaxVersion", "MaxVersion"] {
            assert_eq!(ask(&[(name, "4.01")], users), (200, "4.01".to_owned()));
            assert_eq!(ask(&[(name, "4.0")], users), (200, "4.0".to_owned()));
            assert_eq!(ask(&[(name, "3.0")], users).0, 400);
        }
        for name in ["OData-Version", "Version"] {
            assert_eq!(ask(&[(name, "4.0")], users).0, 200);
            assert_eq!(ask(&[(name, "2.0")], users).0, 400);
        }
        for name in ["OData-Isolation", "Isolation"] {
            assert_eq!(ask(&[(name, "snapshot")], users).0, 412);
        }
        let metadata: Value = server.odata("$metadata?$format=json", &pat).json().unwrap();
        let version = metadata["Erp"]["@Org.OData.Core.V1.SchemaVersion"].as_str().unwrap().to_owned();
        for path in [users, "$metadata", ""] {
            assert_eq!(ask(&[], &format!("{path}?$schemaversion={version}")).0, 200);
            assert_eq!(ask(&[], &format!("{path}?$schemaversion=*")).0, 200);
            assert_eq!(ask(&[], &format!("{path}?schemaversion=1.0")).0, 404, "{path}");
        }
    }

    /// A request can expand at most twenty references and collections.
    fn expansions_are_limited(server: &mut Server) {
        let pat = server.world().admin.pat;
        let four = "User,GrantedScopes,TrustedApplication,Parent";
        let twenty = (0..4).fold(four.to_owned(), |inner, _| format!("{four}($expand={inner})"));
        assert_eq!(server.odata(&format!("{SET}?$top=2&$expand={twenty}"), &pat).status(), 200);
        let more = twenty.replacen("TrustedApplication", "TrustedApplication($expand=SystemUser)", 1);
        let refused = server.odata(&format!("{SET}?$top=2&$expand={more}"), &pat);
        assert_eq!(refused.status(), 400);
        let text = refused.text().unwrap();
        assert!(text.contains("the number of expanded properties") && text.contains("20"), "{text}");
    }
}
