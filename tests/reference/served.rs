//! The reference as served.

use serde_json::Value;

on_both_engines! {
    fn the_reference_is_served_to_everybody(server: &mut Server) {
        let page = server.get("/reference/", None).send().unwrap();
        assert_eq!(page.status(), 200);
        assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
        let policy = page.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        assert!(page.text().unwrap().contains("href=\"graphql/object.html\""));

        let type_page = server.get("/reference/graphql/object/apiaccesstokencode.html", None).send().unwrap();
        let tag = type_page.headers()["etag"].clone();
        assert!(type_page.text().unwrap().contains("The actual code used to find this API Access Token Code record"));
        let again = server.get("/reference/graphql/object/apiaccesstokencode.html", None).header("if-none-match", tag);
        assert_eq!(again.send().unwrap().status(), 304);

        // Examples use the address of this server.
        let entity = server.get("/reference/entities/Systems.Security.AccessTokens.html", None).send().unwrap();
        let example = format!("{}/api/domain/odata/Systems_Security_AccessTokens?$top=10", server.url);
        assert!(entity.text().unwrap().contains(&example));

        for (path, status) in [
            ("/reference", 308),
            ("/reference/search-index.js", 200),
            ("/reference/no/such/page.html", 404),
            ("/reference/..%2f..%2fetc/passwd", 404),
        ] {
            assert_eq!(server.get(path, None).send().unwrap().status(), status, "{path}");
        }
    }

    fn the_descriptions_are_about_this_server(server: &mut Server) {
        let description = |path: &str| -> Value {
            let answer = server.get(path, None).send().unwrap();
            assert_eq!(answer.headers()["content-type"], "application/json", "{path}");
            answer.json().unwrap()
        };
        let openapi = description("/openapi.json");
        assert_eq!(openapi["openapi"], "3.1.0");
        assert_eq!(openapi["servers"][0]["url"], server.url);
        assert_eq!(description("/asyncapi.json")["asyncapi"], "3.0.0");
        let schema = description("/config.schema.json");
        assert_eq!(schema["properties"]["access_token_lifetime"]["default"], 3600);

        // Endpoints without requirements and parameters respond as described.
        let mut asked = 0;
        for (path, item) in openapi["paths"].as_object().unwrap() {
            let Some(get) = item.get("get").filter(|get| !path.contains('{') && get["security"] == Value::Array(vec![])) else {
                continue;
            };
            let answer = server.get(path, None).send().unwrap();
            let described = &get["responses"][answer.status().as_str()];
            assert!(!described.is_null(), "{path}: {}", answer.status());
            if let Some(content) = described.get("content") {
                let media = answer.headers()["content-type"].to_str().unwrap().split(';').next().unwrap().to_owned();
                assert!(content.get(&media).is_some(), "{path}: {media}");
            }
            asked += 1;
        }
        assert!(asked >= 15, "{asked}");
    }
}
