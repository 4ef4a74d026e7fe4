//! Reading as clients of other vendors expect it.

use reqwest::Method;
use reqwest::blocking::Response;
use serde_json::Value;

use crate::support::Server;

const SET: &str = "Systems_Security_AccessTokens";

/// Posts query options as a body.
fn posted(server: &Server, path: &str, media: &str, body: &str, pat: &str) -> Response {
    let url = format!("{}/api/domain/odata/{path}", server.url);
    let request = server.http.post(url).header("content-type", media).body(body.to_owned());
    request.bearer_auth(pat).send().unwrap()
}

fn body(response: Response) -> Value {
    let (status, text) = (response.status(), response.text().unwrap());
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).unwrap()
}

on_both_engines! {
    /// Without `$select`, rows have their key in every metadata level, and the context lists the properties.
    fn rows_have_keys(server: &mut Server) {
        let pat = server.world().user.pat;
        for level in ["none", "minimal", "full"] {
            let accept = format!("application/json;odata.metadata={level}");
            let page = body(server.ask(&Method::GET, "Systems_Security_Users", &[("Accept", &accept)], Some(&pat)));
            let row = &page["value"][0];
            let id = row["Id"].as_str().unwrap();
            let one = format!("Systems_Security_Users({id})");
            assert_eq!(body(server.ask(&Method::GET, &one, &[("Accept", &accept)], Some(&pat)))["Id"], id, "{level}");
            if level != "none" {
                let listed = page["@odata.context"].as_str().unwrap().split_once("Users(").unwrap().1;
                let own = row.as_object().unwrap().keys().filter(|name| !name.contains('@'));
                let own: std::collections::BTreeSet<_> = own.map(String::as_str).collect();
                assert_eq!(listed.trim_end_matches(')').split(',').collect::<std::collections::BTreeSet<_>>(), own);
            }
        }
        let keys = |query: &str| {
            let row = server.rows(&format!("Systems_Security_Users?{query}"), &pat).remove(0);
            row.as_object().unwrap().keys().filter(|name| !name.starts_with('@')).cloned().collect::<Vec<_>>()
        };
        assert_eq!(keys("$select=Login"), ["Login"]);
        assert_eq!((keys("$select="), keys("$select=$key")), (vec!["Id".to_owned()], vec!["Id".to_owned()]));
        // What UI5 sends for a property that it needs later.
        let late = server.rows(&format!("{SET}?$select=&$expand=User($select=Id,Login)&$top=1"), &pat).remove(0);
        assert_eq!(late["User"]["Login"], server.world().user.login);
    }

    /// Numbers and raw values are text, whatever the client accepts.
    fn raw_values_need_no_accept(server: &mut Server) {
        let world = server.world();
        let (admin, ben) = (world.admin.pat, world.user.pat);
        let id = server.grant_id(&ben, &admin);
        let accept = [("Accept", "application/json;odata.metadata=minimal;IEEE754Compatible=true")];
        for path in [format!("{SET}/$count"), format!("{SET}({id})/Kind/$value"), format!("{SET}({id})/User/Login/$value")] {
            let response = server.ask(&Method::GET, &path, &accept, Some(&ben));
            assert_eq!((response.status().as_u16(), &response.headers()["content-type"]), (200, &"text/plain;charset=utf-8".parse().unwrap()), "{path}");
        }
    }

    /// A path leads through references, to rows that the caller can see.
    fn paths_lead_through_references(server: &mut Server) {
        let world = server.world();
        let (admin, ben) = (world.admin.pat, world.user.pat);
        let id = server.grant_id(&ben, &admin);
        let read = |path: &str, pat: &str| {
            let response = server.odata(&format!("{SET}({id})/{path}"), pat);
            (response.status().as_u16(), response.text().unwrap())
        };
        let login = read("User/Login", &ben);
        assert_eq!(serde_json::from_str::<Value>(&login.1).unwrap()["value"], world.user.login);
        assert_eq!(read("User/Login/$value", &ben), (200, world.user.login));
        assert_eq!(read("User/ProviderLogins/$count", &ben).0, 200);
        for (path, status) in
            [("User/Password", 404), ("User/Login/x", 404), ("Predecessor/Kind", 404), ("User/$value", 501)]
        {
            assert_eq!(read(path, &ben).0, status, "{path}");
        }
        let foreign = server.grant_id(&admin, &admin);
        assert_eq!(server.odata(&format!("{SET}({foreign})/User/Login"), &ben).status(), 404);
    }

    /// `POST …/$query` is the same as GET with the options in its body.
    fn options_in_the_body(server: &mut Server) {
        let pat = server.world().admin.pat;
        let options = "$filter=Kind eq 'PersonalAccessToken'&$select=Id&$orderby=CreationTimestamp desc&$top=2&$count=true";
        let by_url = body(server.odata(&format!("{SET}?{options}"), &pat));
        let by_body = body(posted(server, &format!("{SET}/$query"), "text/plain", options, &pat));
        let rows = |page: &Value| (page["value"].clone(), page["@odata.count"].clone());
        assert_eq!(rows(&by_body), rows(&by_url));
        let next = by_body["@odata.nextLink"].as_str().unwrap();
        let more = body(server.http.get(next).bearer_auth(&pat).send().unwrap());
        assert_ne!(more["value"], by_body["value"]);
        let long = format!("$select=Id&$filter=AccessTokenKey in ({})", vec!["'x'"; 900].join(","));
        assert_eq!(body(posted(server, &format!("{SET}/$query"), "text/plain; charset=utf-8", &long, &pat))["value"], serde_json::json!([]));
        for (path, media, options, status) in [
            (format!("{SET}/$query"), "application/json", "{}", 415),
            (format!("{SET}/$query?$top=1"), "text/plain", "$top=2", 400),
            (format!("{SET}/$query"), "text/plain", "$filter=Actor eq", 400),
            (SET.to_owned(), "text/plain", "$top=1", 415),
        ] {
            assert_eq!(posted(server, &path, media, options, &pat).status(), status, "{path} {media} {options}");
        }
    }

    /// Comparisons with null, `in`, sort keys and the filters that Grantor adds select the rows that one would choose by hand.
    fn filters_beyond_the_contract(server: &mut Server) {
        let pat = server.world().admin.pat;
        let select = "$top=1000&$select=Id,ExpireTimestamp,RevocationReason,LastUsedIPAddress,Kind,LastUsedTimestamp";
        let all = server.rows(&format!("{SET}?{select}"), &pat);
        let mut chosen = 0;
        type Judge = fn(&Value) -> bool;
        let filters: [(&str, Judge); 7] = [
            ("ExpireTimestamp eq null", |row| row["ExpireTimestamp"].is_null()),
            ("LastUsedTimestamp ne null", |row| !row["LastUsedTimestamp"].is_null()),
            ("not (ExpireTimestamp ne null) or Kind eq '0'", |row| row["ExpireTimestamp"].is_null() || row["Kind"] == "PersonalAccessToken"),
            ("RevocationReason eq 'Requested'", |row| row["RevocationReason"] == "Requested"),
            ("RevocationReason in ('Leaked',null)", |row| row["RevocationReason"].is_null() || row["RevocationReason"] == "Leaked"),
            ("LastUsedIPAddress eq '127.0.0.1'", |row| row["LastUsedIPAddress"] == "127.0.0.1"),
            ("CreationTimestamp ge 2020-01-01Z and Kind eq Erp.GrantKind'0'", |row| row["Kind"] == "PersonalAccessToken"),
        ];
        for (filter, judge) in filters {
            let found = server.count(&format!("{SET}?$filter={filter}"), &pat);
            let wanted = all.iter().filter(|row| judge(row)).count() as u64;
            assert_eq!(found, wanted, "{filter}");
            chosen += usize::from(wanted > 0 && wanted < all.len() as u64);
        }
        assert!(chosen >= 3, "too few filters select some rows but not all: {chosen}");
        let named = server.rows("Systems_Security_Users?$select=Login&$orderby=Login&$filter=Name in ('Ada Lovelace') or Login in ('ben')", &pat);
        assert!(named.iter().any(|row| row["Login"] == "ben"), "{named:?}");
        let ordered = server.rows(&format!("{SET}?$top=1000&$select=ExpireTimestamp&$orderby=ExpireTimestamp desc"), &pat);
        let times: Vec<&str> = ordered.iter().map(|row| row["ExpireTimestamp"].as_str().unwrap_or_default()).collect();
        assert!(times.is_sorted_by(|left, right| left >= right), "{times:?}");
        for (query, hint) in [
            ("$filter=Actor eq ben", "single quotes"),
            ("$filter=Actor = 'x'", "write 'eq'"),
            ("$filter=tolower(Actor) eq 'x'", "'tolower'"),
            ("$filter=Actor/ eq 'x'", "expected a name"),
        ] {
            let response = server.odata(&format!("{SET}?{query}"), &pat);
            assert_eq!(response.status(), 400, "{query}");
            let error = response.json::<Value>().unwrap()["error"].take();
            assert!(error["message"].as_str().unwrap().contains(hint), "{error}");
            assert!(error["innererror"]["messageFormat"].is_string(), "{error}");
        }
    }

    /// A token is accepted as the password of basic authentication if its application and its user allow that.
    fn basic_authentication(server: &mut Server) {
        let world = server.world();
        let pat = world.user.pat;
        let read = |server: &Server, name: &str, password: &str, path: &str| {
            server.http.get(format!("{}{path}", server.url)).basic_auth(name, Some(password)).send().unwrap().status().as_u16()
        };
        let odata = "/api/domain/odata/Systems_Security_Users";
        let allow = |server: &mut Server, table: &str, value: bool| {
            server.stop();
            server.change(&format!("UPDATE \"{table}\" SET \"basic_authentication_allowed\" = {value}"));
            server.run();
        };
        assert_eq!(read(server, "ben", &pat, odata), 401);
        allow(server, "Sec_Trusted_Applications", true);
        assert_eq!(read(server, "ben", &pat, odata), 401, "the user does not allow it");
        allow(server, "Sec_Users", true);
        assert_eq!(read(server, "ben", &pat, odata), 200);
        assert_eq!(read(server, "", &pat, "/api/domain/currentmodel"), 200);
        assert_eq!(read(server, "ben", "wrong", odata), 401);
        assert_eq!(read(server, &pat, "", odata), 401, "the password is the token, not the name");
        assert_eq!(read(server, "ben", &pat, "/id/connect/userinfo"), 401, "elsewhere, it is no token");
        assert_eq!(server.odata("Systems_Security_Users", &pat).status(), 200);
        allow(server, "Sec_Trusted_Applications", false);
        assert_eq!(read(server, "ben", &pat, odata), 401, "the application does not allow it");
    }
}

/// `$metadata` is not sent again while it is the same; it allows no query options.
#[test]
fn metadata_is_sent_once() {
    let server = &mut Server::demo(crate::support::Engine::Sqlite);
    let mut tags = std::collections::HashSet::new();
    for (path, headers) in [
        ("$metadata", vec![]),
        ("$metadata?$format=json", vec![]),
        ("$metadata", vec![("OData-MaxVersion", "4.01")]),
    ] {
        let etag =
            server.ask(&Method::GET, path, &headers, None).headers()["etag"].to_str().unwrap().to_owned();
        let known = [headers.as_slice(), &[("If-None-Match", etag.as_str())]].concat();
        let again = server.ask(&Method::GET, path, &known, None);
        assert_eq!((again.status().as_u16(), again.text().unwrap().len()), (304, 0), "{path}");
        let other = [headers.as_slice(), &[("If-None-Match", "\"x\"")]].concat();
        assert_eq!(server.ask(&Method::GET, path, &other, None).status(), 200);
        assert!(tags.insert(etag), "{path}: two documents have the same tag");
    }
    for path in ["?$filter=x", "$metadata?$top=1", "?$skiptoken=x"] {
        assert_eq!(server.ask(&Method::GET, path, &[], None).status(), 400, "{path}");
    }
}

/// Pages of allowed origins can call the service; in the demonstration, those on loopback addresses.
#[test]
fn pages_of_other_origins() {
    let server = &mut Server::demo(crate::support::Engine::Sqlite);
    let pat = server.world().user.pat;
    let ask = |method: Method, path: &str, origin: &str, token: Option<&str>| {
        let url = format!("{}{path}", server.url);
        let request = server.http.request(method, url).header("origin", origin);
        let request = request.header("access-control-request-method", "GET");
        match token {
            Some(token) => request.bearer_auth(token).send().unwrap(),
            None => request.send().unwrap(),
        }
    };
    let users = "/api/domain/odata/Systems_Security_Users";
    let local = "http://localhost:5173";
    let preflight = ask(Method::OPTIONS, users, local, None);
    assert_eq!(preflight.status(), 204);
    assert_eq!(preflight.headers()["access-control-allow-origin"], local);
    let allowed = preflight.headers()["access-control-allow-headers"].to_str().unwrap().to_owned();
    for name in ["Authorization", "OData-MaxVersion", "Prefer", "If-Match"] {
        assert!(allowed.contains(name), "{allowed}");
    }
    let found = ask(Method::GET, users, local, Some(&pat));
    assert_eq!(
        (found.status().as_u16(), &found.headers()["access-control-allow-origin"]),
        (200, &local.parse().unwrap())
    );
    assert!(found.headers()["access-control-expose-headers"].to_str().unwrap().contains("OData-Version"));
    assert!(!found.headers().contains_key("access-control-allow-credentials"));
    let refused = ask(Method::GET, users, local, None);
    assert_eq!(refused.status(), 401);
    assert_eq!(
        refused.headers()["access-control-allow-origin"],
        local,
        "pages can read why they were refused"
    );
    for (path, origin) in [(users, "https://elsewhere.example"), (users, "null"), ("/graphql", local)] {
        let foreign = ask(Method::OPTIONS, path, origin, None);
        assert!(!foreign.headers().contains_key("access-control-allow-origin"), "{path} {origin}");
    }
}
