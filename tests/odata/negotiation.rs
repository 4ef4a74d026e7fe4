//! Versions, formats, preferences, conditions (OData 4.01 part 1, section 8; RFC 9110; RFC 7240).

use reqwest::Method;

use crate::support::Server;

const SET: &str = "Systems_Security_Users";

fn content_type(server: &Server, query: &str, headers: &[(&str, &str)], token: &str) -> (u16, String) {
    let response = server.ask(&Method::GET, query, headers, Some(token));
    let value = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    (response.status().as_u16(), value.unwrap_or_default())
}

/// Returns the rows of each page, following at most `most` pages. The links are followed without the headers.
fn follow(
    server: &Server,
    query: &str,
    headers: &[(&str, &str)],
    pat: &str,
    most: usize,
) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut response = server.ask(&Method::GET, query, headers, Some(pat));
    loop {
        let body: serde_json::Value = response.json().unwrap();
        pages.push(body["value"].as_array().unwrap().iter().map(ToString::to_string).collect());
        let next = ["@nextLink", "@odata.nextLink"].into_iter().find_map(|name| body[name].as_str());
        match next {
            Some(next) if pages.len() < most => {
                response = server.http.get(next).bearer_auth(pat).send().unwrap();
            }
            _ => return pages,
        }
    }
}

/// Returns rows of version 4.01 as version 4.0 writes them.
fn strings(rows: &[String]) -> Vec<String> {
    rows.iter()
        .map(|row| row.replace("\"@id\"", "\"@odata.id\"").replace("\"@etag\"", "\"@odata.etag\""))
        .collect()
}

on_both_engines! {
    /// An unchanged row is not sent again; a changed one fails the precondition.
    fn a_row_is_sent_once(server: &mut Server) {
        let pat = server.world().user.pat;
        let id = server.rows(&format!("{SET}?$select=Id"), &pat)[0]["Id"].as_str().unwrap().to_owned();
        let row = format!("{SET}({id})");
        let first = server.ask(&Method::GET, &row, &[], Some(&pat));
        let etag = first.headers()["etag"].to_str().unwrap().to_owned();
        assert_eq!(first.json::<serde_json::Value>().unwrap()["@odata.etag"], etag);
        let ask = |headers: &[(&str, &str)], query: &str| {
            let response = server.ask(&Method::GET, &format!("{row}{query}"), headers, Some(&pat));
            (response.status().as_u16(), response.headers().get("etag").cloned(), response.text().unwrap().len())
        };
        assert_eq!(ask(&[("If-None-Match", &etag)], ""), (304, Some(etag.parse().unwrap()), 0));
        assert_eq!(ask(&[("If-None-Match", "*")], "").0, 304);
        assert_eq!(ask(&[("If-None-Match", "W/\"0\"")], "").0, 200);
        assert_eq!(ask(&[("If-Match", &etag)], "").0, 200);
        assert_eq!(ask(&[("If-Match", "W/\"0\"")], "").0, 412);
        server.stop();
        server.change("UPDATE \"Sec_Users\" SET \"object_version\" = \"object_version\" + 1 WHERE \"login\" = 'ben'");
        server.run();
        let changed = server.ask(&Method::GET, &row, &[("If-None-Match", &etag)], Some(&pat));
        assert_eq!(changed.status(), 200);
        assert_ne!(changed.headers()["etag"].to_str().unwrap(), etag);
    }

    /// Pages have the size that the client prefers, and at most the size that it requests.
    fn pages_are_as_long_as_preferred(server: &mut Server) {
        let pat = server.world().admin.pat;
        let page = |query: &str, preference: &str| {
            let path = format!("{SET}?{query}");
            let response = server.ask(&Method::GET, &path, &[("Prefer", preference)], Some(&pat));
            let applied = response.headers().get("preference-applied").cloned();
            let applied = applied.map(|value| value.to_str().unwrap().to_owned());
            let body: serde_json::Value = response.json().unwrap();
            (body["value"].as_array().unwrap().len(), body["@odata.nextLink"].is_string(), applied)
        };
        let applied = |text: &str| Some(text.to_owned());
        assert_eq!(page("", "odata.maxpagesize=3"), (3, true, applied("odata.maxpagesize=3")));
        assert_eq!(page("", "maxpagesize=2, return=minimal"), (2, true, applied("maxpagesize=2")));
        assert_eq!(page("$top=1", "maxpagesize=2").0, 1);
        assert_eq!(page("$top=5", "maxpagesize=2").0, 2);
        assert_eq!(page("$top=5", "return=minimal"), (5, true, None));
        assert_eq!(page("$top=5", "maxpagesize=0").2, None);
        let both = page("$top=1", "maxpagesize=3, omit-values=nulls").2;
        assert_eq!(both, applied("maxpagesize=3, omit-values=nulls"));
    }

    /// `$top` limits the whole response for clients of version 4.01 and for those that prefer a page size; for others
    /// it is the page size. Rows, addresses, children and groups follow the same rule.
    fn top_ends_the_response(server: &mut Server) {
        let pat = server.world().admin.pat;
        let grants = "Systems_Security_AccessTokens";
        let owner = server.rows(&format!("{grants}?$select=Id&$filter=GrantedScopes/$count gt 2&$top=1"), &pat);
        let children = format!("{grants}({})/GrantedScopes", owner[0]["Id"].as_str().unwrap());
        for (path, top, page) in [
            (format!("{grants}?$select=Id"), 5, 2),
            (format!("{grants}/$ref?"), 4, 2),
            (format!("{children}?$select=Id"), 2, 1),
            (format!("{grants}?$apply=filter(Kind ne 'UserConsent')&$select=Id"), 5, 2),
            (format!("{grants}?$apply=groupby((Kind),aggregate($count as N))"), 3, 2),
            (format!("{grants}?$apply=groupby((Kind),aggregate($count as N))&$orderby=N desc&$skip=1"), 3, 2),
        ] {
            let query = format!("{path}&$top={top}");
            let found = |headers: &[(&str, &str)], most| follow(server, &query, headers, &pat, most);
            let preference = format!("maxpagesize={page}");
            let new = found(&[("OData-MaxVersion", "4.01")], 9);
            assert_eq!((new.len(), new[0].len()), (1, top), "{query}");
            let short = found(&[("Prefer", &preference)], 9);
            assert_eq!(short[0].len(), page, "{query}");
            assert_eq!(short.concat(), strings(&new.concat()), "{query}");
            // Without either, the next page begins where this one ends.
            let old = found(&[], 2);
            assert_eq!(old.concat()[..top], strings(&new.concat()), "{query}");
            assert!(old.len() == 2 && !old[1].is_empty() && old[1][0] != old[0][0], "{query}");
        }
        // The rows beyond the limit would be missing from later changes.
        let tracked = [("Prefer", "track-changes"), ("OData-MaxVersion", "4.01")];
        let response = server.ask(&Method::GET, &format!("{grants}?$top=5"), &tracked, Some(&pat));
        assert!(response.headers().get("preference-applied").is_none());
    }
}

/// Every format in both versions: the response has the requested content type.
#[test]
fn the_form_is_echoed() {
    let server = &mut Server::demo(crate::support::Engine::Sqlite);
    let pat = server.world().user.pat;
    for (headers, expected) in [
        (&[][..], "application/json;odata.metadata=minimal;charset=utf-8"),
        (&[("OData-MaxVersion", "4.0")], "application/json;odata.metadata=minimal;charset=utf-8"),
        (&[("OData-MaxVersion", "4.01")], "application/json;metadata=minimal;charset=utf-8"),
        (
            &[("Accept", "application/json;metadata=none")],
            "application/json;odata.metadata=none;charset=utf-8",
        ),
        (
            &[
                ("OData-MaxVersion", "4.01"),
                ("Accept", "application/json;odata.metadata=full;IEEE754Compatible=true"),
            ],
            "application/json;metadata=full;IEEE754Compatible=true;charset=utf-8",
        ),
    ] {
        assert_eq!(content_type(server, SET, headers, &pat), (200, expected.to_owned()), "{headers:?}");
    }
    for (path, accept, expected) in [
        ("$metadata", "*/*", "application/xml;charset=utf-8"),
        ("$metadata", "application/json", "application/json;charset=utf-8"),
        ("$metadata?$format=json", "application/xml", "application/json;charset=utf-8"),
        ("$metadata?format=XML", "application/json", "application/xml;charset=utf-8"),
        ("Systems_Security_Users/$count", "text/plain", "text/plain;charset=utf-8"),
    ] {
        let found = content_type(server, path, &[("Accept", accept)], &pat);
        assert_eq!(found, (200, expected.to_owned()), "{path} {accept}");
    }
    for accept in ["application/atom+xml", "application/json;odata=verbose", "application/json;charset=ascii"]
    {
        assert_eq!(content_type(server, SET, &[("Accept", accept)], &pat).0, 406, "{accept}");
    }
}

/// HEAD responds like GET without a body; other methods are refused with the allowed ones.
#[test]
fn methods() {
    let server = &mut Server::demo(crate::support::Engine::Sqlite);
    let pat = server.world().user.pat;
    for path in ["", "$metadata", SET, "Systems_Security_Users/$count"] {
        let get = server.ask(&Method::GET, path, &[], Some(&pat));
        let head = server.ask(&Method::HEAD, path, &[], Some(&pat));
        assert_eq!(head.status(), 200, "{path}");
        for name in ["content-type", "odata-version", "content-length"] {
            assert_eq!(head.headers().get(name), get.headers().get(name), "{path} {name}");
        }
        assert_eq!(head.text().unwrap(), "", "{path}");
    }
    let delete = server.ask(&Method::DELETE, SET, &[], Some(&pat));
    assert_eq!(
        (delete.status().as_u16(), &delete.headers()["allow"]),
        (405, &"GET, HEAD, POST".parse().unwrap())
    );
}
