//! Long pages, which are streamed.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

const SET: &str = "Systems_Security_AccessTokens";

fn ids(page: &Value) -> Vec<String> {
    let rows = page["value"].as_array().unwrap().iter();
    rows.map(|row| row["Id"].as_str().unwrap().to_owned()).collect()
}

on_both_engines! {
    /// A page has the size that the operator sets.
    fn the_operator_sets_how_long_pages_are(server: &mut Server) {
        server.restart_with("GRANTOR_ODATA_MAX_PAGE_SIZE", "300");
        server.restart_with("GRANTOR_ODATA_PAGE_SIZE", "7");
        let pat = server.world().admin.pat;
        for (query, rows) in [("", 7), ("&$top=1", 1), ("&$top=301", 300), ("&$top=250", 250)] {
            let page: Value = server.odata(&format!("{SET}?$select=Id{query}"), &pat).json().unwrap();
            assert_eq!(ids(&page).len(), rows, "{query}");
            assert!(page["@odata.nextLink"].is_string());
        }
    }

    /// A page of several batches has each row once, in order, with its expansions and a complete end.
    fn a_long_page_is_one_page(server: &mut Server) {
        let pat = server.world().admin.pat;
        let all = server.count(SET, &pat);
        assert!(all > 200, "several batches");
        for order in ["Id", "CreationTimestamp desc"] {
            let query = format!("{SET}?$select=Id&$orderby={order}&$count=true&$expand=User,GrantedScopes/$count");
            let response = server.odata(&format!("{query}&$top=1000"), &pat);
            assert_eq!(response.headers()["transfer-encoding"], "chunked");
            let long: Value = response.json().unwrap();
            assert_eq!(long["@odata.count"], all);
            assert!(long["@odata.nextLink"].is_null());
            let long_ids = ids(&long);
            assert_eq!(long_ids.iter().collect::<BTreeSet<_>>().len() as u64, all);
            let with_scopes = long["value"].as_array().unwrap().iter();
            assert!(with_scopes.clone().all(|row| row["GrantedScopes@odata.count"].is_u64()));

            let (mut short_ids, mut next) = (Vec::new(), format!("{query}&$top=130&$skip=1"));
            while !next.is_empty() {
                let page: Value = server.odata(&next, &pat).json().unwrap();
                short_ids.extend(ids(&page));
                let link = page["@odata.nextLink"].as_str().unwrap_or_default();
                next = link.trim_start_matches(&format!("{}/api/domain/odata/", server.url)).to_owned();
            }
            assert_eq!(short_ids, long_ids[1..]);
        }
    }

    /// Short and long responses are compressed as the client accepts.
    fn answers_are_compressed(server: &mut Server) {
        let pat = server.world().admin.pat;
        for top in ["1", "99", "1000"] {
            let ask = |encoding: &str| {
                let query = format!("{SET}?$top={top}");
                let response =
                    server.ask(&Method::GET, &query, &[("Accept-Encoding", encoding)], Some(&pat));
                assert!(response.headers().get_all("vary").iter().any(|vary| vary == "accept-encoding"));
                let said = response.headers().get("content-encoding").cloned();
                (said.map(|said| said.to_str().unwrap().to_owned()), response.bytes().unwrap())
            };
            let (none, plain) = ask("identity");
            assert_eq!(none, None);
            for (encoding, magic) in [("gzip", &[0x1f, 0x8b][..]), ("zstd", &[0x28, 0xb5, 0x2f, 0xfd])] {
                let (said, bytes) = ask(encoding);
                assert_eq!(said.as_deref(), Some(encoding));
                assert!(bytes.starts_with(magic) && bytes.len() < plain.len(), "{top} {encoding}");
            }
        }
    }
}
