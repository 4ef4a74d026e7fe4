//! Queries that OData refuses, and the messages.

use super::Watch;
use crate::support::Server;

const SET: &str = "Systems_Security_AccessTokens";

/// Path and query after the service root, the status, and a part of the message.
const WRONG: &[(&str, u16, &str)] = &[
    ("Systems_Security_AccessToken", 404, "Systems_Security_AccessTokens"),
    ("Systems_Security_Accesstokens", 404, "Systems_Security_AccessTokens"),
    ("Nothing_Of_The_Sort", 404, ""),
    ("Systems_Security_AccessTokens('xyz')", 400, "guid"),
    ("Systems_Security_AccessTokens(xyz)", 400, "guid"),
    ("Systems_Security_AccessTokens()", 400, ""),
    ("Systems_Security_AccessTokens(0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d)", 404, ""),
    ("Systems_Security_AccessTokens(0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d)/Nope", 404, ""),
    ("Systems_Security_AccessTokens?$filter=Actr eq 'x'", 400, "Actor"),
    ("Systems_Security_AccessTokens?$filter=Descriptoin eq 'x'", 400, "Description"),
    ("Systems_Security_AccessTokens?$filter=Data eq 'x'", 400, "Data"),
    ("Systems_Security_AccessTokens?$filter=contains(AccessTokenKey,'x')", 400, "eq"),
    ("Systems_Security_AccessTokens?$filter=Id eq 'xyz'", 400, "guid"),
    ("Systems_Security_AccessTokens?$filter=CreationTimestamp ge 2026-13-01T00:00:00Z", 400, ""),
    ("Systems_Security_AccessTokens?$filter=CreationTimestamp ge 'yesterday'", 400, "date"),
    ("Systems_Security_AccessTokens?$filter=CreationTimestamp ge 99999999999999999-01-01T00:00:00Z", 400, ""),
    ("Systems_Security_AccessTokens?$filter=Kind eq 'Nope'", 400, "PersonalAccessToken"),
    (
        "Systems_Security_AccessTokens?$filter=User eq 'Systems_Security_Users(xyz)'",
        400,
        "Systems_Security_Users",
    ),
    ("Systems_Security_AccessTokens?$filter=ObjectVersion eq 99999999999999999999999", 400, ""),
    ("Systems_Security_AccessTokens?$filter=Id eq", 400, ""),
    ("Systems_Security_AccessTokens?$filter=", 400, ""),
    ("Systems_Security_AccessTokens?$filter=Client eq 'x", 400, ""),
    ("Systems_Security_AccessTokens?$filter=Client eq 'x'; DROP TABLE x", 400, ""),
    ("Systems_Security_AccessTokens?$filter=Client eq '%00'", 400, ""),
    ("Systems_Security_AccessTokens?$filter=Client eq '%ff'", 400, ""),
    ("Systems_Security_AccessTokens?$filter=Client eq '%zz'", 400, ""),
    ("Systems_Security_AccessTokens?$filter=nope(Client,'x')", 400, ""),
    ("Systems_Security_AccessTokens?$orderby=Data", 400, "CreationTimestamp"),
    ("Systems_Security_AccessTokens?$orderby=Nope", 400, ""),
    ("Systems_Security_AccessTokens?$select=Nope", 400, ""),
    ("Systems_Security_AccessTokens?$select=Descripton", 400, "Description"),
    ("Systems_Security_AccessTokens?$expand=Usr", 400, "User"),
    ("Systems_Security_AccessTokens?$expand=User($expand=Nope)", 400, ""),
    ("Systems_Security_AccessTokens?$top=-1", 400, "$top"),
    ("Systems_Security_AccessTokens?$top=1.5", 400, "$top"),
    ("Systems_Security_AccessTokens?$skip=-1", 400, "$skip"),
    ("Systems_Security_AccessTokens?$skip=18446744073709551615", 400, "$skip"),
    ("Systems_Security_AccessTokens?$skip=100001", 400, "$skip"),
    ("Systems_Security_AccessTokens?$skiptoken=x", 400, "$skiptoken"),
    ("Systems_Security_AccessTokens?$count=perhaps", 400, "$count"),
    ("Systems_Security_AccessTokens?$tpo=5", 400, "$top"),
    ("Systems_Security_AccessTokens?$top=5&$top=6", 400, "$top"),
    ("Systems_Security_AccessTokens?$format=xml", 406, "application/json"),
    ("Systems_Security_Users?$filter=Password eq 'x'", 400, ""),
    ("Systems_Security_Users?$select=Password", 400, ""),
    ("nope(x)", 404, "nope"),
    ("$all", 501, "$all"),
    ("$crossjoin(Systems_Security_Users,Systems_Security_AccessTokens)", 501, "$crossjoin"),
    ("$entity", 400, "$id"),
    ("$entity?$id=nope(x)", 404, "nope"),
    ("Systems_Security_AccessTokens?$deltatoken=x", 410, "again"),
    ("Systems_Security_AccessTokens?$schemaversion=1", 404, "schema"),
    ("%ff", 400, ""),
    ("%00", 400, ""),
];

/// Returns the problem of a refusal, if any.
fn problem(server: &Server, watch: &Watch<'_>, asked: &str, status: u16, names: &str) -> Option<String> {
    let response = server.odata(asked, &server.world().admin.pat);
    let (seen, version) = (response.status().as_u16(), response.headers().contains_key("odata-version"));
    let text = response.text().unwrap();
    if seen == 200 {
        return Some(format!("{asked} is answered"));
    }
    watch.saw(asked, seen, &text);
    let body: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let error = &body["error"];
    let complete = version
        && error["code"].is_string()
        && error["message"].as_str().is_some_and(|text| !text.is_empty());
    let right = seen == status && complete && text.contains(names);
    (!right).then(|| format!("{asked} is not {status} naming {names}: {seen} {text}"))
}

fn check(server: &Server, watch: &Watch<'_>, asked: &str, status: u16, names: &str) {
    assert_eq!(problem(server, watch, asked, status, names), None);
}

on_both_engines! {
    /// Every refusal has the standard's error body and names the closest match or the allowed values.
    fn wrong_questions(server: &mut Server) {
        let watch = Watch::new(server);
        let problems = WRONG.iter().filter_map(|(asked, status, names)| problem(server, &watch, asked, *status, names));
        assert_eq!(problems.collect::<Vec<_>>(), Vec::<String>::new());
        watch.done();
    }

    /// Queries that are too deep, too long or too wide.
    fn excessive_questions(server: &mut Server) {
        let watch = Watch::new(server);
        let deep = format!("{}Client eq 'x'{}", "(".repeat(5000), ")".repeat(5000));
        let nots = format!("{}(Client eq 'x')", "not ".repeat(3000));
        let wide = vec!["Client eq 'x'"; 1500].join(" or ");
        let values = vec!["'x'"; 1001].join(",");
        for filter in [deep, nots, wide, format!("Client in ({values})"), "x".repeat(20_000)] {
            check(server, &watch, &format!("{SET}?$filter={filter}"), 400, "");
        }
        let expands = (0..6).fold("User".to_owned(), |inner, _| format!("User($expand={inner})"));
        check(server, &watch, &format!("{SET}?$expand={expands}"), 400, "");
        let each = "User,GrantedScopes,TrustedApplication($expand=SystemUser,Authorizations)";
        let expands = (0..3).fold(each.to_owned(), |inner, _| format!("{each},Parent($expand={inner})"));
        check(server, &watch, &format!("{SET}?$expand={expands}"), 400, "the number of expanded properties");
        watch.done();
        for top in ["1001", "18446744073709551615", "99999999999999999999999"] {
            let most = server.rows(&format!("{SET}?$top={top}&$select=Id"), &server.world().admin.pat);
            assert!((100..=1000).contains(&most.len()), "a page has its own limit");
        }
    }

    /// A body of another type is refused, and so are methods that the set does not have.
    fn nothing_is_written(server: &mut Server) {
        let watch = Watch::new(server);
        let url = format!("{}/api/domain/odata/{SET}", server.url);
        for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
            let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
            let request = server.http.request(method.clone(), &url).bearer_auth(server.world().admin.pat);
            let response = request.body("{").send().unwrap();
            let status = response.status().as_u16();
            watch.saw(method.as_str(), status, &response.text().unwrap());
            assert_eq!(status, if method == "POST" { 415 } else { 405 }, "{method}");
        }
        watch.done();
    }
}
