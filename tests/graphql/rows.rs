//! Reading rows: connections, filters and lineage, and the number of statements.

use serde_json::{Value, json};

use crate::support::Server;

const PAGE: &str = "query($first: Int, $after: String, $last: Int, $before: String, $filter: GrantFilter, $order: [GrantOrder!]) {
    grants(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $order) {
        nodes { uuid } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

fn page(server: &Server, variables: &Value, token: &str) -> Value {
    let (status, mut answer) = server.graphql(PAGE, variables, token);
    assert_eq!((status, &answer["errors"]), (200, &Value::Null), "{variables}: {answer}");
    answer["data"]["grants"].take()
}

fn uuids(page: &Value) -> Vec<String> {
    page["nodes"].as_array().unwrap().iter().map(|node| node["uuid"].as_str().unwrap().to_owned()).collect()
}

/// Returns the number of statements for a document.
fn statements(server: &Server, document: &str, token: &str) -> usize {
    let count =
        |server: &Server| server.log().lines().filter(|line| line.contains("store::statement")).count();
    let before = count(server);
    let (status, answer) = server.graphql(document, &json!({}), token);
    assert_eq!((status, &answer["errors"]), (200, &Value::Null), "{answer}");
    count(server) - before
}

on_both_engines! {
    fn pages_in_both_directions_have_every_row_once(server: &mut Server) {
        let admin = server.world().admin.pat;
        for order in [json!(null), json!([{ "field": "CREATED_AT", "direction": "DESC" }]), json!([{ "field": "EXTERNAL_ID" }])] {
            let all = uuids(&page(server, &json!({ "first": 500, "order": order }), &admin));
            assert!(all.len() > 300);
            for (size, cursor, end, more) in
                [("first", "after", "endCursor", "hasNextPage"), ("last", "before", "startCursor", "hasPreviousPage")]
            {
                let (mut found, mut position) = (Vec::new(), Value::Null);
                loop {
                    let page = page(server, &json!({ size: 150, cursor: position, "order": order }), &admin);
                    let rows = uuids(&page);
                    found = if size == "first" { [found, rows].concat() } else { [rows, found].concat() };
                    assert_eq!(page["totalCount"], all.len());
                    if page["pageInfo"][more] == false {
                        break;
                    }
                    position = page["pageInfo"][end].clone();
                }
                assert_eq!(found, all, "{size} {order}");
            }
        }
    }

    fn filters_give_what_odata_gives(server: &mut Server) {
        let (admin, user) = (server.world().admin.pat, server.world().user.pat);
        for (filter, odata) in [
            (json!({ "kind": { "in": ["REFRESH_TOKEN", "USER_CONSENT"] } }), "Kind in ('RefreshToken','UserConsent')"),
            (json!({ "owner": { "active": { "eq": false } } }), "User/Active eq false"),
            (json!({ "owner": null }), "User eq null"),
            (json!({ "not": { "application": { "name": { "contains": "e" } } } }), "not contains(TrustedApplication/Name,'e')"),
            (json!({ "grantedScopes": { "any": { "scope": { "eq": "update" } } } }), "GrantedScopes/any(s:s/Scope eq 'update')"),
            (json!({ "lastAccessedAt": { "leOrNull": "2026-08-01T00:00:00Z" } }), "lessequalnull(LastUsedTimestamp,2026-08-01T00:00:00Z)"),
            (json!({ "or": [{ "revokedAt": { "gt": "2001-01-01T00:00:00Z" } }, { "expiresAt": { "lt": "2026-01-01T00:00:00Z" } }] }),
                "RevokedTimestamp gt 2001-01-01T00:00:00Z or ExpireTimestamp lt 2026-01-01T00:00:00Z"),
        ] {
            for token in [&admin, &user] {
                let found = page(server, &json!({ "first": 1, "filter": filter }), token);
                let set = format!("Systems_Security_AccessTokens?$filter={odata}");
                assert_eq!(found["totalCount"], server.count(&set, token), "{filter}");
            }
        }
    }

    /// Rows for many fields are loaded in batches: a document takes one statement for each of its levels and
    /// kinds of rows, regardless of the number of rows.
    fn rows_of_many_fields_are_read_at_once(server: &mut Server) {
        server.restart_with("GRANTOR_LOG_FILTER", "info,store::statement=trace");
        let admin = server.world().admin.pat;
        let document = |rows: u32| format!("{{ grants(first: {rows}) {{ totalCount nodes {{ id
            application {{ name systemUser {{ login }} }} owner {{ login grants(first: 2) {{ nodes {{ id parent {{ id }} }} }} }}
            parent {{ id }} children(first: 3) {{ totalCount nodes {{ id }} }} ... on APIAccessToken {{ grantedScopes(first: 9) {{ nodes {{ scope }} }} }} }} }} }}");
        // The caller is cached from the first request on.
        statements(server, &document(1), &admin);
        let taken = [2, 60, 200].map(|rows| statements(server, &document(rows), &admin));
        // Eleven for the document; on PostgreSQL, one more looks up the token.
        assert!(taken.iter().all(|statements| *statements <= 13), "{taken:?} statements for 2, 60 and 200 rows");
    }
}
