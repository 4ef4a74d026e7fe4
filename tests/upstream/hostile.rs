//! A malicious provider, or an attacker who impersonates one.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::*;
use crate::support::keys::{later, now};

/// The provider creates users, so that every accepted response signs a user in.
const OPEN: &str = r#",create_users="community""#;

fn refused(server: &Server, provider: &Provider, lies: Lies, status: u16) {
    let what = format!("{lies:?}");
    let (browser, page) = arrive(server, provider, lies);
    assert_eq!(page.status, status, "{what}: {}", page.body);
    assert!(page.has("You were not signed in"), "{what}: {}", page.body);
    for secret in ["nonce", "JWK", "kid", "signature", "127.0.0.1"] {
        let main = page.body.split_once("<main").unwrap().1.split_once("</main>").unwrap().0;
        assert!(!main.contains(secret), "{what}: the page shows {secret}");
    }
    assert!(browser.open("/tokens").path.starts_with("/signin"), "{what}: a user is signed in");
}

fn claim(name: &'static str, value: Value) -> Lies {
    Lies { claims: vec![(name, value)], ..Lies::default() }
}

on_both_engines! {
    /// An ID token is refused unless it is from this provider, for this server, for this request, valid now,
    /// and signed with the provider's key.
    fn id_tokens_are_checked(engine: Engine) {
        let (server, provider) = with_stub(engine, OPEN);
        for lies in [
            claim("nonce", json!("of-another-request")),
            claim("nonce", Value::Null),
            claim("aud", json!("another-client")),
            claim("aud", json!(["grantor", "another-client"])),
            claim("azp", json!("another-client")),
            claim("aud", Value::Null),
            claim("iss", json!("https://evil.example")),
            claim("iss", json!(format!("{}/", provider.issuer))),
            claim("exp", json!(now() - 120)),
            claim("exp", Value::Null),
            claim("exp", json!((now() + 300).to_string())),
            claim("exp", json!(1_700_000_000.5)),
            claim("iat", json!(true)),
            claim("nbf", json!("soon")),
            claim("iat", json!(now() + 600)),
            claim("nbf", json!(now() + 600)),
            claim("sub", json!("")),
            claim("sub", json!("  ")),
            claim("sub", json!("x".repeat(256))),
            claim("sub", json!("zo\u{eb}")),
            claim("sub", json!(7)),
            Lies { header: vec![("kid", json!("two"))], ..Lies::default() },
            Lies { header: vec![("alg", json!("none"))], unsigned: true, ..Lies::default() },
            Lies { header: vec![("alg", json!("HS256"))], ..Lies::default() },
            Lies { header: vec![("alg", json!("RS256"))], ..Lies::default() },
            Lies { header: vec![("typ", json!("at+jwt"))], ..Lies::default() },
            Lies { header: vec![("crit", json!(["exp"]))], ..Lies::default() },
            Lies { other_key: true, ..Lies::default() },
            Lies { token_answer: Some("{}".to_owned()), ..Lies::default() },
            Lies { token_answer: Some("<html>".to_owned()), ..Lies::default() },
            Lies { token_answer: Some(r#"{"id_token":"a.b.c"}"#.to_owned()), ..Lies::default() },
            Lies { token_answer: Some(format!(r#"{{"id_token":"{}"}}"#, "x".repeat(1 << 20))), ..Lies::default() },
            Lies { redirects_to: Some(format!("{}/userinfo", provider.issuer)), ..Lies::default() },
            Lies { claims: vec![("email", Value::Null)], user_info: Some(json!({"sub": "s-2"})), ..Lies::default() },
        ] {
            refused(&server, &provider, lies, 502);
        }
        assert!(links(&server, &server.world().admin.pat).is_empty());
        assert!(provider.asked("/jwks") <= 2, "unknown keys do not cause repeated requests");
        assert_eq!(provider.asked("/.well-known/openid-configuration"), 1);
        let (_, page) = arrive(&server, &provider, claim("aud", json!(["grantor"])));
        assert_eq!(page.path, "/tokens", "a correct response is refused: {}", page.body);
        let sent = provider.last("/token");
        assert!(sent.contains("grant_type=authorization_code") && sent.contains("code_verifier=") && sent.contains("client_id=grantor"), "{sent}");
    }

    /// Timestamps are numbers, with or without a fraction (RFC 7519, section 2).
    fn moments_may_have_fractions(engine: Engine) {
        let (server, provider) = with_stub(engine, OPEN);
        for (name, moment) in [
            ("exp", later(300.5)),
            ("iat", later(-0.25)),
            ("nbf", later(-1.75)),
            ("auth_time", later(-20.125)),
            ("updated_at", 0.5),
        ] {
            let (_, page) = arrive(&server, &provider, claim(name, json!(moment)));
            assert_eq!(page.path, "/tokens", "{name}: {}", page.body);
        }
    }

    /// If UserInfo fails, the claims of the ID token are used.
    fn a_failing_user_info_refuses_nobody(engine: Engine) {
        let (server, provider) = with_stub(engine, OPEN);
        for user_info in [json!([]), json!("x"), json!({"name": "Unknown"}), json!({"sub": 7})] {
            let lies = Lies { claims: vec![("email", Value::Null)], user_info: Some(user_info.clone()), ..Lies::default() };
            let (_, page) = arrive(&server, &provider, lies);
            assert_eq!(page.path, "/tokens", "{user_info}: {}", page.body);
        }
        let gone = vec![("userinfo_endpoint", json!(format!("{}/nowhere", provider.issuer)))];
        provider.lie(Lies { metadata: gone, ..Lies::default() }, "");
        let other = server_with(engine, &provider.issuer, "grantor", OPEN);
        let browser = Browser::new(&other);
        let (_, asked) = leave(&browser, &browser.open("/signin"));
        provider.lie(Lies { claims: vec![("email", Value::Null)], ..Lies::default() }, &asked["nonce"]);
        let page = come_back(&browser, &[("state", &asked["state"]), ("code", "c")]);
        assert_eq!((page.path.as_str(), provider.asked("/nowhere")), ("/tokens", 1), "{}", page.body);
    }

    /// Each of two concurrent sign-ins in one browser returns to its origin; many sign-ins leave few cookies.
    fn two_tabs_end_well(engine: Engine) {
        let (server, provider) = with_stub(engine, OPEN);
        let browser = Browser::new(&server);
        let begun: Vec<_> = ["/account", "/device"].map(|path| {
            (path, leave(&browser, &browser.open(&format!("/signin?return_to={path}"))).1)
        }).into();
        for (path, asked) in begun.iter().rev() {
            provider.lie(Lies::default(), &asked["nonce"]);
            let page = come_back(&browser, &[("state", &asked["state"]), ("code", "c")]);
            assert_eq!((page.status, page.path.as_str()), (200, *path), "{}", page.body);
        }
        assert_eq!(browser.cookies_like("grantor-provider-"), 0, "a completed sign-in leaves no cookie");
        let browser = Browser::new(&server);
        let last = (0..9).map(|_| leave(&browser, &browser.open("/signin")).1).last().unwrap();
        assert_eq!(browser.cookies_like("grantor-provider-"), 4);
        provider.lie(Lies::default(), &last["nonce"]);
        assert_eq!(come_back(&browser, &[("state", &last["state"]), ("code", "c")]).path, "/tokens");
    }

    /// While a provider does not respond, visitors wait for one shared request; later ones are refused at
    /// once.
    fn visitors_share_a_failure(engine: Engine) {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let server = server_with(engine, &format!("http://{}", silent.local_addr().unwrap()), "grantor", OPEN);
        let (asked, done) = (AtomicUsize::new(0), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let held = scope.spawn(|| {
                silent.set_nonblocking(true).unwrap();
                let mut held = Vec::new();
                while !done.load(Ordering::Relaxed) {
                    if let Ok((stream, _)) = silent.accept() {
                        asked.fetch_add(1, Ordering::Relaxed);
                        held.push(stream);
                    }
                    std::thread::sleep(Duration::from_millis(20));
                }
            });
            let visit = || Browser::new(&server).open("/signin/provider/acme").status;
            let first: Vec<_> = (0..8).map(|_| scope.spawn(visit)).collect();
            assert!(first.into_iter().all(|visit| visit.join().unwrap() == 502));
            // The pause of some seconds starts at the end of the failed request.
            assert_eq!(visit(), 502);
            done.store(true, Ordering::Relaxed);
            held.join().unwrap();
            assert_eq!(asked.load(Ordering::Relaxed), 1, "one request for all");
        });
    }

    /// A response for another browser, another provider or another time is refused.
    fn answers_belong_to_a_request(engine: Engine) {
        let (server, provider) = with_stub(engine, OPEN);
        let browser = Browser::new(&server);
        let (address, asked) = leave(&browser, &browser.open("/signin"));
        assert!(address.starts_with(&format!("{}/authorize?", provider.issuer)), "{address}");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["redirect_uri"], format!("{}/signin/provider/acme/callback", server.url));
        provider.lie(Lies::default(), &asked["nonce"]);
        let state = asked["state"].as_str();
        let name = format!("grantor-provider-{}", &state[..12]);
        let good = [("state", state), ("code", "c-1")];
        let stranger = Browser::new(&server);
        assert_eq!(come_back(&stranger, &good).status, 400, "another browser: login CSRF");
        for query in [
            &[("state", "x"), ("code", "c-1")][..],
            &[("code", "c-1")],
            &[("state", state), ("state", state), ("code", "c-1")],
            &[("state", state), ("code", "c-1"), ("code", "c-2")],
            &[("state", state), ("code", "c-1"), ("iss", "https://evil.example")],
        ] {
            let other = Browser::new(&server);
            other.keep_cookie(&name, &browser.cookie(&name).unwrap());
            assert_eq!(come_back(&other, query).status, 400, "{query:?}");
        }
        assert_eq!(provider.asked("/token"), 0, "no code was sent");
        let kept = browser.cookie(&name).unwrap();
        assert_eq!(come_back(&browser, &good).path, "/tokens");
        assert!(browser.cookie(&name).is_none());
        let replayed = Browser::new(&server);
        replayed.keep_cookie(&name, &kept);
        assert_eq!(come_back(&replayed, &good).status, 403, "a response is accepted once");
        assert_eq!(Browser::new(&server).open("/signin/provider/unknown").status, 404);
    }

    /// If the provider announces `iss`, a response without it is refused (RFC 9207).
    fn a_mix_up_is_noticed(engine: Engine) {
        let provider = Provider::start();
        let says = vec![("authorization_response_iss_parameter_supported", json!(true))];
        provider.lie(Lies { metadata: says, ..Lies::default() }, "");
        let server = server_with(engine, &provider.issuer, "grantor", OPEN);
        let (_, page) = arrive(&server, &provider, Lies::default());
        assert_eq!(page.status, 400, "{}", page.body);
        for (issuer, path) in [("https://evil.example", None), (&*provider.issuer, Some("/tokens"))] {
            let browser = Browser::new(&server);
            let (_, asked) = leave(&browser, &browser.open("/signin"));
            provider.lie(Lies::default(), &asked["nonce"]);
            let page = come_back(&browser, &[("state", &asked["state"]), ("code", "c"), ("iss", issuer)]);
            match path {
                Some(path) => assert_eq!(page.path, path, "{}", page.body),
                None => assert_eq!(page.status, 400),
            }
        }
        let browser = Browser::new(&server);
        let (_, asked) = leave(&browser, &browser.open("/signin"));
        let query = [("state", &*asked["state"]), ("error", "access_denied"), ("error_description", "<b>no</b>"), ("iss", &provider.issuer)];
        let page = come_back(&browser, &query);
        assert!(page.status == 403 && page.has("Acme did not sign you in") && !page.has("<b>no</b>"), "{}", page.body);
    }

    /// Metadata of another issuer, or with unencrypted endpoints, is refused.
    fn metadata_are_checked(engine: Engine) {
        for lie in [
            ("issuer", json!("https://evil.example")),
            ("token_endpoint", json!("http://evil.example/token")),
            ("authorization_endpoint", json!("javascript:alert(1)")),
            ("jwks_uri", json!("file:///etc/passwd")),
            ("token_endpoint", Value::Null),
        ] {
            let provider = Provider::start();
            provider.lie(Lies { metadata: vec![lie.clone()], ..Lies::default() }, "");
            let server = server_with(engine, &provider.issuer, "grantor", OPEN);
            let page = Browser::new(&server).open("/signin/provider/acme");
            assert!(page.status == 502 && page.has("Acme cannot sign you in"), "{lie:?}: {}", page.body);
            Browser::new(&server).open("/signin/provider/acme");
            assert_eq!(provider.asked("/.well-known/openid-configuration"), 1, "no further request is sent for a while");
            assert_eq!(Browser::new(&server).sign_in("ben", &server.world().user.password).path, "/tokens");
        }
    }

    /// A slow or unavailable provider delays only its own visitors.
    fn a_slow_provider_is_given_up(engine: Engine) {
        let (server, provider) = with_stub(engine, OPEN);
        let began = Instant::now();
        refused(&server, &provider, Lies { thinks: Duration::from_secs(20), ..Lies::default() }, 502);
        assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
        let away = server_with(engine, "http://127.0.0.1:9", "grantor", OPEN);
        assert_eq!(Browser::new(&away).open("/signin/provider/acme").status, 502);
    }

    /// Reauthentication takes place at the provider as well, or fails.
    fn a_new_proof_is_asked_of_the_provider(engine: Engine) {
        let (server, provider) = with_stub(engine, "");
        let browser = Browser::of(&server, &server.world().user);
        link(&browser, &provider, Lies::default());
        let again = |lies: Lies| {
            let page = browser.open("/signin?again=1&return_to=/account/password");
            let (_, asked) = leave(&browser, &page);
            assert_eq!((asked["prompt"].as_str(), asked["max_age"].as_str(), asked["login_hint"].as_str()), ("login", "0", "ben"));
            provider.lie(lies, &asked["nonce"]);
            come_back(&browser, &[("state", &asked["state"]), ("code", "c")])
        };
        for lies in [claim("auth_time", json!(now() - 3600)), Lies::default()] {
            let page = again(lies);
            assert!(page.status == 403 && page.has("did not ask you to sign in again"), "{}", page.body);
        }
        assert_eq!(again(claim("auth_time", json!(now()))).path, "/account/password");
    }
}
