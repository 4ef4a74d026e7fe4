//! Credentials in requests to both APIs.

use reqwest::header::{HeaderName, HeaderValue};

use super::Watch;
use crate::support::Server;

/// Sends the same headers to both APIs. Both return the same status, and a challenge with 401.
fn ask(server: &Server, watch: &Watch<'_>, what: &str, headers: &[(&str, &[u8])]) -> u16 {
    let odata = server.get("/api/domain/odata/Systems_Security_AccessTokens?$top=1", None);
    let graphql = server
        .http
        .post(format!("{}/graphql", server.url))
        .json(&serde_json::json!({ "query": "{ viewer { id } }" }));
    let statuses = [odata, graphql].map(|request| {
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(HeaderName::try_from(*name).unwrap(), HeaderValue::from_bytes(value).unwrap())
        });
        let response = request.send().unwrap();
        let status = response.status().as_u16();
        assert_eq!(response.headers().contains_key("www-authenticate"), status == 401, "{what}");
        watch.saw(what, status, &response.text().unwrap());
        status
    });
    assert_eq!(statuses[0], statuses[1], "{what}: OData and GraphQL differ");
    statuses[0]
}

on_both_engines! {
    /// A request has one token, in one place.
    fn one_token_at_a_time(server: &mut Server) {
        let world = server.world();
        let watch = Watch::new(server);
        let pat = world.user.pat.as_bytes();
        let bearer = format!("Bearer {}", world.user.pat);
        let bearer = bearer.as_bytes();
        for (what, headers) in [
            ("bearer and key", [("authorization", bearer), ("x-api-key", pat)]),
            ("bearer and the other key", [("authorization", bearer), ("api-key", pat)]),
            ("both keys", [("x-api-key", pat), ("api-key", pat)]),
            ("a key twice", [("x-api-key", pat), ("x-api-key", pat)]),
            ("two bearers", [("authorization", bearer), ("authorization", bearer)]),
            ("bearer and an empty key", [("authorization", bearer), ("x-api-key", b"")]),
            ("key and another scheme", [("authorization", b"Basic eDp5"), ("x-api-key", pat)]),
        ] {
            assert_eq!(ask(server, &watch, what, &headers), 400, "{what}");
        }
        watch.done();
    }

    /// Every invalid token gets the same refusal.
    fn no_valid_token(server: &mut Server) {
        let world = server.world();
        let watch = Watch::new(server);
        let pat = &world.user.pat;
        let mut mistyped = pat.clone().into_bytes();
        let last = mistyped.last_mut().unwrap();
        *last = if *last == b'0' { b'1' } else { b'0' };
        let bearer = |token: &[u8]| [b"Bearer ", token].concat();
        let other_kind = pat.replacen("_pat_", "_sat_", 1);
        let presented = [
            ("mistyped", bearer(&mistyped)),
            ("of another kind", bearer(other_kind.as_bytes())),
            ("cut off", bearer(&pat.as_bytes()[..pat.len() - 1])),
            ("with more behind it", bearer(format!("{pat} {pat}").as_bytes())),
            ("very long", bearer(&vec![b'x'; 20_000])),
            ("like a signed one", bearer(b"eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.")),
            ("no text", bearer(b"\xff\xfe")),
            ("empty", b"Bearer ".to_vec()),
            ("without its word", pat.as_bytes().to_vec()),
            ("of another scheme", b"Basic eDp5".to_vec()),
            ("the prefix alone", bearer(b"grt_pat_")),
        ];
        for (what, line) in &presented {
            assert_eq!(ask(server, &watch, what, &[("authorization", line)]), 401, "{what}");
        }
        assert_eq!(ask(server, &watch, "an empty key", &[("x-api-key", b"")]), 401);
        assert_eq!(ask(server, &watch, "nothing", &[]), 401);
        watch.done();
        assert!(server.accepts(pat), "the right token is refused");
    }
}
