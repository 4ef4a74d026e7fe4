use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use web::rate_limit::RateLimits;
use web::surround;

use super::world::{World, signed_in};
use crate::schema::sdl;

const VIEWER: &str = "{ viewer { user { login } } }";
const NEW: &str = "application/graphql-response+json";

pub(super) struct Answer {
    pub(super) status: StatusCode,
    headers: HeaderMap,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    fn refusal(&self) -> (u16, Value) {
        (self.status.as_u16(), self.json()["errors"][0]["extensions"]["code"].take())
    }
}

pub(super) async fn send(world: &World, mut request: Request<Body>) -> Answer {
    request.headers_mut().entry(header::HOST).or_insert(HeaderValue::from_static("127.0.0.1:8080"));
    let graphql = crate::endpoints(Arc::clone(&world.service), async || "a page");
    let endpoints = graphql.merge(odata_service::endpoints());
    let response = surround(endpoints, Router::new(), Arc::clone(&world.app)).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.into()).unwrap() }
}

async fn post(world: &World, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    send(world, request.body(body.into()).unwrap()).await
}

pub(super) async fn get(world: &World, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request =
        headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    send(world, request.body(Body::empty()).unwrap()).await
}

fn body_of(query: &str) -> String {
    json!({ "query": query }).to_string()
}

fn bearer(world: &World) -> String {
    // The world's clock does not move, the server's does: this token does not expire.
    format!("Bearer {}", world.user.pat.expose())
}

/// What is demanded where no token came: no error, and where the metadata are (RFC 9728, section 5.1).
const MISSING: &str = "Bearer realm=\"grantor\", resource_metadata=\"http://127.0.0.1:8080/.well-known/oauth-protected-resource/graphql\"";

#[tokio::test]
async fn a_request_is_answered() {
    let world = World::make().await;
    let bearer = bearer(&world);
    let data = json!({ "viewer": { "user": { "login": "ben" } } });
    let body = json!({ "query": VIEWER, "variables": null, "extensions": {}, "id": 7 }).to_string();
    for (name, value) in [("authorization", bearer.as_str()), ("x-api-key", world.user.pat.expose())] {
        let answer = post(&world, &[(name, value)], body.clone()).await;
        let body = answer.json();
        assert_eq!((answer.status, &body["data"]), (StatusCode::OK, &data), "{name}");
        assert_eq!(body["extensions"], json!({ "cost": { "requested": 2 } }));
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json; charset=utf-8");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    }
    let answer = post(&world, &[("authorization", &bearer), ("accept", NEW)], body).await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], format!("{NEW}; charset=utf-8"));
    let path = "/graphql?query=query($id:ID!)%7Bnode(id:$id)%7Bid%7D%7D&variables=%7B%22id%22:%22x%22%7D";
    let answer = get(&world, path, &[("authorization", &bearer)]).await;
    assert_eq!(
        answer.refusal(),
        (200, json!("BAD_USER_INPUT")),
        "a field's error does not change the status"
    );
}

#[tokio::test]
async fn requests_without_credentials_learn_nothing() {
    let world = World::make().await;
    let unseen = "{ viewer { scopes unseenId: id } }";
    let answer = post(&world, &[], body_of(unseen)).await;
    assert_eq!(answer.refusal(), (401, json!("UNAUTHENTICATED")));
    assert_eq!(answer.headers[header::WWW_AUTHENTICATE], MISSING);
    assert!(!crate::document::is_kept(unseen), "a document of a request without credentials is not kept");
    let answer = post(&world, &[("authorization", "Bearer grt_pat_x")], body_of("{")).await;
    assert_eq!(answer.refusal(), (401, json!("UNAUTHENTICATED")));
    let challenge = answer.headers[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
    let both = [("authorization", bearer(&world)), ("api-key", world.user.pat.expose().to_owned())];
    let both = both.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(post(&world, &both, body_of(VIEWER)).await.refusal(), (400, json!("BAD_USER_INPUT")));
}

#[tokio::test]
async fn a_session_counts_only_with_its_value() {
    let world = World::make().await;
    // The server's clock is the real one, so is the one by which this session lasts.
    let now = clock::now();
    let ctx = authority::Ctx::new(world.app.authority.clone(), now, world.ctx.address);
    let person = &world.user;
    let signed_in = signed_in(&ctx, &person.login, &person.password).await;
    let browser = token::random_id::RandomId::generate(&token::SystemRandom).unwrap();
    let cookie = format!("a=b; grantor={}; grantor-form={}", signed_in.secret.expose(), browser.expose());
    let csrf = &web::http::csrf::value(&ctx, browser.expose(), Some(signed_in.session.user_id));
    let answer = post(&world, &[("cookie", &cookie), ("x-csrf-token", csrf)], body_of(VIEWER)).await;
    assert_eq!(answer.json()["data"]["viewer"]["user"]["login"], "ben", "{}", answer.text);
    for headers in [&[("cookie", cookie.as_str())][..], &[("cookie", cookie.as_str()), ("x-csrf-token", "x")]]
    {
        assert_eq!(post(&world, headers, body_of(VIEWER)).await.refusal(), (403, json!("FORBIDDEN")));
    }
    let other_browser = format!("grantor={}", signed_in.secret.expose());
    let answer = post(&world, &[("cookie", &other_browser), ("x-csrf-token", csrf)], body_of(VIEWER)).await;
    assert_eq!(answer.refusal(), (403, json!("FORBIDDEN")));
    let answer = post(&world, &[("cookie", "grantor=x"), ("x-csrf-token", csrf)], body_of(VIEWER)).await;
    assert_eq!(answer.refusal(), (401, json!("UNAUTHENTICATED")));
    assert_eq!(answer.headers[header::WWW_AUTHENTICATE], MISSING);
}

#[tokio::test]
async fn a_session_has_a_rate_limit_of_its_own() {
    let mut world = World::make().await;
    std::sync::Arc::get_mut(&mut world.app).unwrap().rate_limits = std::sync::Arc::new(RateLimits::new(4, 0));
    let ctx = authority::Ctx::new(world.app.authority.clone(), clock::now(), world.ctx.address);
    let signed_in = signed_in(&ctx, &world.user.login, &world.user.password).await;
    let browser = token::random_id::RandomId::generate(&token::SystemRandom).unwrap();
    let cookie = format!("grantor={}; grantor-form={}", signed_in.secret.expose(), browser.expose());
    let csrf = web::http::csrf::value(&ctx, browser.expose(), Some(signed_in.session.user_id));
    let session = [("cookie", cookie.as_str()), ("x-csrf-token", csrf.as_str())];
    let bearer = bearer(&world);
    for headers in [&session[..], &[("authorization", bearer.as_str())]] {
        // Each request costs two of four points.
        for _ in 0..2 {
            let answer = post(&world, headers, body_of(VIEWER)).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        }
        let answer = post(&world, headers, body_of(VIEWER)).await;
        assert_eq!(answer.refusal(), (429, json!("RATE_LIMITED")));
        assert_eq!(answer.headers["ratelimit-policy"], "\"caller\";q=4;w=60");
        let wait: u64 = answer.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
        assert!((1..=30).contains(&wait), "{wait}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let world = World::make().await;
    let bearer = bearer(&world);
    let batch = format!("[{}]", body_of(VIEWER));
    let long = body_of(&" ".repeat(300 * 1024));
    for (body, expected) in [
        ("{", (400, json!("BAD_REQUEST"))),
        ("", (400, json!("BAD_REQUEST"))),
        ("{}", (400, json!("BAD_REQUEST"))),
        ("{\"query\":7}", (400, json!("BAD_REQUEST"))),
        ("{\"query\":\"{a}\",\"variables\":[]}", (400, json!("BAD_REQUEST"))),
        (r#"{"query":"{a}","extensions":[null]}"#, (400, json!("BAD_REQUEST"))),
        (r#"{"query":"{a}","extensions":{"persistedQuery":["00"]}}"#, (400, json!("BAD_REQUEST"))),
        (r#"{"query":"{a}","extensions":{"persistedQuery":{}}}"#, (400, json!("BAD_REQUEST"))),
        (r#"{"query":"{a}","operationName":7}"#, (400, json!("BAD_REQUEST"))),
        ("7", (400, json!("BAD_REQUEST"))),
        (&format!("{{\"query\":\"{{a}}\",\"x\":{}}}", "[".repeat(1000)), (400, json!("BAD_REQUEST"))),
        ("{\"query\":\"{a}\",\"query\":\"{b}\"}", (400, json!("BAD_REQUEST"))),
        (r#"{"query":"{a}","variables":{"f":{"eq":1,"eq":2}}}"#, (400, json!("BAD_REQUEST"))),
        (r#"{"query":"{a}","variables":{"f":1},"variables":{"f":2}}"#, (400, json!("BAD_REQUEST"))),
        (r#"{"query":"{a}","extensions":{"x":[{"a":1,"a":2}]}}"#, (400, json!("BAD_REQUEST"))),
        (r#"{"query":"{a}","x":{"a":1,"a":2}}"#, (400, json!("BAD_REQUEST"))),
        (&batch, (400, json!("BATCHES_NOT_ANSWERED"))),
        (&long, (413, json!("PAYLOAD_TOO_LARGE"))),
    ] {
        let answer = post(&world, &[("authorization", &bearer)], body.to_owned()).await;
        assert_eq!(answer.refusal(), expected, "{:.40}", body);
    }
    let request =
        Request::post("/graphql").header("authorization", &bearer).body(Body::from(body_of(VIEWER)));
    assert_eq!(send(&world, request.unwrap()).await.refusal(), (415, json!("UNSUPPORTED_MEDIA_TYPE")));
    let answer = post(&world, &[("authorization", &bearer), ("accept", "image/png")], body_of(VIEWER)).await;
    assert_eq!(answer.refusal(), (406, json!("NOT_ACCEPTABLE")));
    for path in [
        "/graphql",
        "/graphql?query=%FF",
        "/graphql?query=a&query=b",
        "/graphql?query=a&variables=7",
        "/graphql?query=a&variables=",
        "/graphql?query=a&v%61riables=7",
        "/graphql?query=a&extensions=",
        "/graphql?query=a&variables=%7B%22a%22%3A1%2C%22a%22%3A2%7D",
        "/graphql?query=a&extensions=%7B%22x%22%3A%7B%22a%22%3A1%2C%22a%22%3A2%7D%7D",
    ] {
        let answer = get(&world, path, &[("authorization", &bearer)]).await;
        assert_eq!(answer.refusal(), (400, json!("BAD_REQUEST")), "{path}");
    }
}

/// A refusal carries every validation error, up to 20.
#[tokio::test]
async fn a_refusal_has_all_errors() {
    let world = World::make().await;
    let bearer = bearer(&world);
    let many: String = (0..30).map(|at| format!("nothing{at} ")).collect();
    for (query, errors) in
        [("{ one two viewer { three } }".to_owned(), 3), (format!("{{ viewer {{ {many} }} }}"), 20)]
    {
        let answer = post(&world, &[("authorization", &bearer)], body_of(&query)).await;
        assert_eq!(answer.json()["errors"].as_array().map(Vec::len), Some(errors), "{}", answer.text);
    }
}

#[tokio::test]
async fn the_status_of_the_new_media_type_depends_on_the_execution() {
    let world = World::make().await;
    let bearer = bearer(&world);
    for (accept, status) in [("*/*", 200), (NEW, 400)] {
        for query in ["{ viewer", "{ nothing }", "{ viewer { id } }{ viewer { id } }"] {
            let answer =
                post(&world, &[("authorization", &bearer), ("accept", accept)], body_of(query)).await;
            assert_eq!(answer.status.as_u16(), status, "{accept} {query}");
            assert!(
                answer.json()["errors"].is_array() && answer.json().get("data").is_none(),
                "{}",
                answer.text
            );
        }
    }
}

#[tokio::test]
async fn nothing_is_changed_by_get() {
    let world = World::make().await;
    let path =
        "/graphql?query=mutation%7BuserCreate(input:%7Blogin:%22x%22,name:%22x%22%7D)%7Buser%7Bid%7D%7D%7D";
    for accept in ["*/*", "text/event-stream"] {
        let answer = get(&world, path, &[("authorization", &bearer(&world)), ("accept", accept)]).await;
        assert_eq!(answer.refusal(), (405, json!("METHOD_NOT_ALLOWED")), "{accept}");
        assert_eq!(answer.headers[header::ALLOW], "POST", "{accept}");
    }
    let query = [("authorization", bearer(&world)), ("accept", "text/event-stream".to_owned())];
    let query = query.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = get(&world, "/graphql?query=%7Bviewer%7Buser%7Blogin%7D%7D%7D", &query).await;
    assert!(answer.text.starts_with("event: next\n") && answer.text.contains("\"ben\""), "{}", answer.text);
}

#[tokio::test]
async fn a_browser_sees_what_this_is() {
    let world = World::make().await;
    let browser = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    let answer = get(&world, "/graphql", &browser).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.text, "a page");
    let answer = get(&world, "/graphql?query=%7Ba%7D", &browser).await;
    assert_ne!(answer.text, "a page");
    let schema = get(&world, "/graphql/schema.graphql", &browser).await;
    assert_eq!(schema.headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(schema.text, sdl());
}
