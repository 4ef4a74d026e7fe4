//! Scopes and resources as data: the catalogue decides what is granted, shown and accepted.

use serde_json::{Value, json};

use crate::support::{Application, Asking, Browser, Engine, Server};

/// Runs the command line as an administrator.
fn admin(server: &Server, arguments: &[&str]) -> Result<String, String> {
    server.cli(arguments, Some(&server.world().admin.pat))
}

fn listed(server: &Server) -> Vec<String> {
    let metadata: Value =
        server.get("/id/.well-known/openid-configuration", None).send().unwrap().json().unwrap();
    serde_json::from_value(metadata["scopes_supported"].clone()).unwrap()
}

/// Registers a client that can act for itself and sign users in, with these scopes.
fn application(server: &Server, client_id: &str, scopes: &[&str]) -> Application {
    let more = json!({ "scopes": scopes, "systemUser": "nightly-export", "name": "Order desk" });
    server.new_application(client_id, &more)
}

/// Returns the response of the token endpoint to the client acting for itself.
fn own_token(server: &Server, application: &Application, more: &[(&str, &str)]) -> Value {
    let form = [&[("grant_type", "client_credentials")], more].concat();
    server.oauth("token", application, &form).1
}

fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name].as_str().unwrap_or_else(|| panic!("no {name} in {answer}"))
}

/// Returns the scopes of a token from introspection; empty if the token is not valid.
fn told_scope(server: &Server, application: &Application, token: &str) -> String {
    let told = server.oauth("introspect", application, &[("token", token)]).1;
    told["scope"].as_str().unwrap_or_default().to_owned()
}

fn at_the_gate(server: &Server, scope: &str, token: &str) -> u16 {
    server.get(&format!("/verify?scope={scope}"), Some(token)).send().unwrap().status().as_u16()
}

on_both_engines! {
    /// A scope that an administrator adds can be granted, is explained to users, and is accepted by forward
    /// auth. After it is retired, it has no effect, even in existing tokens.
    fn a_scope_counts_while_the_catalogue_has_it(server: &mut Server) {
        let world = server.world();
        let input = json!({ "input": { "clientId": "early", "name": "n", "clientType": "PUBLIC", "scopes": ["orders:read"] } });
        let register = "mutation($input: APIApplicationCreateMutationInput!) { apiApplicationCreate(input: $input) { clientSecret } }";
        let refused = server.graphql(register, &input, &world.admin.pat).1;
        assert!(refused["errors"][0]["message"].as_str().unwrap().contains("orders:read"), "{refused}");

        admin(server, &["scope", "create", "orders:read", "--description", "See your orders"]).unwrap();
        let desk = application(server, "desk", &["openid", "read", "orders:read"]);
        assert!(listed(server).contains(&"orders:read".to_owned()));
        let person = Browser::of(server, &world.user);
        let asking = Asking::of(&desk, "openid orders:read");
        assert!(person.visit(&asking.path()).page().has("See your orders"));
        let tokens = server.tokens(&asking, &person);
        assert_eq!(tokens["scope"], "openid orders:read");
        let token = text(&tokens, "access_token");
        assert_eq!(at_the_gate(server, "orders%3Aread", token), 200);

        admin(server, &["scope", "change", "orders:read", "--description", "See your orders and invoices"]).unwrap();
        let again = asking.clone().with("prompt", "consent");
        assert!(person.visit(&again.path()).page().has("See your orders and invoices"));

        admin(server, &["scope", "retire", "orders:read"]).unwrap();
        assert_eq!(told_scope(server, &desk, token), "openid", "the change is effective at once");
        assert_eq!(at_the_gate(server, "orders%3Aread", token), 403);
        assert_eq!(own_token(server, &desk, &[("scope", "orders:read")])["error"], "invalid_scope");
        assert_eq!(own_token(server, &desk, &[])["scope"], "openid read");
        assert_eq!(person.visit(&asking.path()).answer()["error"], "invalid_scope");
        assert!(!listed(server).contains(&"orders:read".to_owned()));

        admin(server, &["scope", "change", "orders:read", "--active", "true"]).unwrap();
        assert_eq!(told_scope(server, &desk, token), "openid orders:read");
        assert_eq!(at_the_gate(server, "orders%3Aread", token), 200);
        let list = admin(server, &["scope", "list"]).unwrap();
        assert!(list.contains("See your orders and invoices"), "{list}");
    }

    /// Built-in scopes cannot be changed, and `sec` cannot be granted to a client.
    fn what_is_built_in_is_fixed(server: &mut Server) {
        let world = server.world();
        for name in ["read", "openid", "sec"] {
            let refused = admin(server, &["scope", "retire", name]).unwrap_err();
            assert!(refused.contains("part of the product"), "{name}: {refused}");
            assert!(admin(server, &["scope", "create", name]).unwrap_err().contains("already"), "{name}");
        }
        let refused = admin(server, &["scope", "create", "client_registration"]).unwrap_err();
        assert!(refused.contains("the program's own"), "{refused}");
        let refused = server.register("taker", "REFERENCE", &json!({})).and_then(|_| {
            admin(server, &["app", "create", "--client-id", "x", "--name", "x", "--type", "public", "--scope", "sec"])
        });
        assert!(refused.unwrap_err().contains("reserved"));
        assert!(!listed(server).contains(&"sec".to_owned()));
        // A client that had it in an older version no longer has it.
        assert!(server.stop());
        server.change("UPDATE \"Sec_Trusted_Applications\" SET scope = 'read sec' WHERE application_uri = 'demo-service'");
        server.run();
        let service = &world.applications.service;
        assert_eq!(own_token(server, service, &[("scope", "sec")])["error"], "invalid_scope");
        assert_eq!(own_token(server, service, &[])["scope"], "read");
        for (arguments, token) in [
            (&["scope", "create", "mine"][..], &world.user.pat),
            (&["scope", "retire", "read"], &world.user.pat),
            (&["resource", "create", "https://a.example", "--name", "A"], &world.user.pat),
            (&["resource", "retire", "https://a.example"], &world.user.pat),
        ] {
            let refused = server.cli(arguments, Some(token)).unwrap_err();
            assert!(refused.contains("administrator") || refused.contains("sec"), "{refused}");
        }
        let rows = server.rows("Systems_Security_Scopes?$filter=Name in ('read','sec','mine')&$select=Name,IsReserved,IsBuiltIn&$orderby=Name", &world.admin.pat);
        let rows: Vec<_> = rows.iter().map(|row| (row["Name"].as_str().unwrap(), row["IsReserved"].as_bool().unwrap())).collect();
        assert_eq!(rows, [("read", false), ("sec", true)]);
        assert!(server.rows("Systems_Security_Scopes", &world.user.pat).is_empty(), "only for administrators");
    }

    /// Tokens for a resource follow its settings: scopes, lifetime and format.
    fn a_service_limits_its_tokens(server: &mut Server) {
        let stock = "https://stock.example/api";
        admin(server, &["scope", "create", "stock:count"]).unwrap();
        let desk = application(server, "desk", &["read", "update", "stock:count"]);
        let asked = [("resource", stock)];
        assert_eq!(own_token(server, &desk, &asked)["error"], "invalid_target");
        let create = ["resource", "create", stock, "--name", "Stock", "--scope", "stock:count"];
        admin(server, &[&create[..], &["--lifetime", "300", "--format", "jwt"]].concat()).unwrap();
        assert!(admin(server, &create).unwrap_err().contains("already"));
        let answer = own_token(server, &desk, &asked);
        assert_eq!((&answer["scope"], answer["expires_in"].as_i64()), (&json!("stock:count"), Some(300)), "{answer}");
        let claims = crate::oauth::open_id::claims_of(server, text(&answer, "access_token"));
        assert_eq!((&claims["aud"], &claims["scope"]), (&json!(stock), &json!("stock:count")));
        assert_eq!(told_scope(server, &desk, text(&answer, "access_token")), "stock:count");
        let none = own_token(server, &desk, &[asked[0], ("scope", "read")]);
        assert_eq!(none["error"], "invalid_scope");
        let usual = own_token(server, &desk, &[]);
        assert_eq!(usual["scope"], "read update stock:count");
        assert!(usual["expires_in"].as_i64() > Some(300) && !text(&usual, "access_token").starts_with("eyJ"));

        let person = Browser::of(server, &server.world().user);
        let asking = Asking::of(&desk, "read stock:count").with("resource", stock);
        let page = person.visit(&asking.path()).page();
        assert!(page.has("Stock") && page.has(stock), "the consent page shows the resource: {}", page.body);

        admin(server, &["resource", "change", stock, "--scope", "", "--lifetime", "0", "--format", "reference"]).unwrap();
        let answer = own_token(server, &desk, &asked);
        assert_eq!(answer["scope"], "read update stock:count");
        assert!(!text(&answer, "access_token").starts_with("eyJ"));
        admin(server, &["resource", "retire", stock]).unwrap();
        assert_eq!(own_token(server, &desk, &asked)["error"], "invalid_target");
        for (bad, why) in [
            (&["resource", "create", "stock", "--name", "x"][..], "absolute URI"),
            (&["resource", "create", "https://a.example/#x", "--name", "x"], "absolute URI"),
            (&["resource", "create", &format!("{}/api", server.url), "--name", "x"], "this very server"),
            (&["resource", "create", "https://b.example", "--name", "x", "--scope", "no-such"], "no-such"),
            (&["resource", "change", "https://nowhere.example", "--name", "x"], "no such resource"),
        ] {
            let refused = admin(server, bad).unwrap_err();
            assert!(refused.contains(why), "{bad:?}: {refused}");
        }
    }

    /// A scope for administrators has no effect for other users.
    fn a_scope_for_administrators_counts_for_them_alone(server: &mut Server) {
        let world = server.world();
        admin(server, &["scope", "create", "vault:open", "--administrators-only"]).unwrap();
        let desk = application(server, "desk", &["openid", "vault:open"]);
        let asking = Asking::of(&desk, "openid vault:open");
        let tokens = server.tokens(&asking, &Browser::of(server, &world.user));
        assert_eq!(tokens["scope"], "openid");
        let tokens = server.tokens(&asking, &Browser::of(server, &world.admin));
        assert_eq!(tokens["scope"], "openid vault:open");
        let token = text(&tokens, "access_token");
        assert_eq!(at_the_gate(server, "vault%3Aopen", token), 200);
        assert!(server.stop());
        server.change(&format!("UPDATE \"Sec_Users\" SET is_admin = false WHERE login = '{}'", world.admin.login));
        server.run();
        assert_eq!(at_the_gate(server, "vault%3Aopen", token), 403, "no longer effective");
    }

    /// The pages do the same as the command line, only for administrators.
    fn the_catalogue_has_pages(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.admin);
        let page = browser.open("/catalogue");
        assert!(page.has("Administer users, applications and tokens") && !page.has("?name=sec"), "{}", page.body);
        let form = browser.open("/catalogue/scope");
        let entered = [("name", "orders:read"), ("display_name", "Orders"), ("description", "See <your> orders"), ("is_listed", "yes")];
        let page = browser.submit(&form, "/catalogue/scope", &entered);
        assert!(page.path.starts_with("/catalogue?saved=") && page.has("See &#60;your&#62; orders"), "{}", page.body);
        let again = browser.submit(&form, "/catalogue/scope", &entered);
        assert!(again.status == 409 && again.has("There is a scope with this name already."), "{}", again.body);
        let bad = browser.submit(&form, "/catalogue/scope", &[("name", "a b"), ("display_name", "x")]);
        assert!(bad.status == 400 && bad.has("name-error"), "{}", bad.body);
        let form = browser.open("/catalogue/resource");
        let entered = [("identifier", "https://o.example"), ("name", "Orders"), ("scopes", "orders:read"), ("lifetime", "60"), ("format", "jwt")];
        assert_eq!(browser.submit(&form, "/catalogue/resource", &entered).status, 200);
        let bad = [("identifier", "nowhere"), ("name", "Orders"), ("scopes", "no-such")];
        assert!(browser.submit(&form, "/catalogue/resource", &bad).has("identifier-error"));
        let form = browser.open("/catalogue/resource?identifier=https%3A%2F%2Fo.example");
        assert_eq!((form.value("lifetime"), form.value("scopes")), ("60".to_owned(), "orders:read".to_owned()));
        // An unchecked box is not sent: the resource becomes inactive.
        browser.submit(&form, "/catalogue/resource", &[("name", "Orders"), ("scopes", ""), ("lifetime", "")]);
        assert!(browser.open("/catalogue").has("not in use"));
        let foreign = browser.open("/catalogue?saved=Call%20192.0.2.7");
        assert!(foreign.status == 200 && !foreign.has("Call 192"), "forms of other sites are refused");
        let negative = [("name", "Orders"), ("lifetime", "-1")];
        assert!(browser.submit(&form, "/catalogue/resource", &negative).has("lifetime-error"));
        assert_eq!(browser.open("/catalogue/scope?name=nope").status, 404);
        assert_eq!(browser.open("/catalogue/scope?name=read").status, 404, "a built-in scope cannot be changed");

        let other = Browser::of(server, &world.user);
        for path in ["/catalogue", "/catalogue/scope", "/catalogue/resource"] {
            assert_eq!(other.open(path).status, 403, "{path}");
        }
        assert!(!other.open("/tokens").has("/catalogue"));
    }

    /// A user whose sign-in is too old for the catalogue is asked to sign in again, and not refused.
    fn an_old_sign_in_is_renewed(server: &mut Server) {
        server.restart_with("GRANTOR_ADMINISTRATION_MAX_AGE", "3600");
        let mut browser = Browser::of(server, &server.world().admin);
        let form = browser.open("/catalogue/scope");
        server.age_sign_ins(&mut [&mut browser]);
        let again = "/signin?return_to=%2Fcatalogue&again=1";
        for path in ["/catalogue", "/catalogue/scope"] {
            assert_eq!(browser.open(path).path, again, "{path}");
        }
        let sent = browser.submit(&form, "/catalogue/scope", &[("name", "late"), ("display_name", "Late")]);
        assert_eq!(sent.path, again);
    }

    /// A registry from before the catalogue keeps the scopes of its clients.
    fn an_older_registry_is_taken_over(server: &mut Server) {
        let service = server.world().applications.service;
        assert!(server.stop());
        server.change("UPDATE \"Sec_Trusted_Applications\" SET scope = 'read orders:old' WHERE application_uri = 'demo-service'");
        server.change("DELETE FROM \"Sec_Scopes\"");
        server.change("DELETE FROM \"grantor_facts\" WHERE name = 'scopes_taken_over'");
        server.run();
        let answer = own_token(server, &service, &[]);
        assert_eq!(answer["scope"], "read orders:old");
        assert_eq!(at_the_gate(server, "orders%3Aold", text(&answer, "access_token")), 200);
        assert!(!listed(server).contains(&"orders:old".to_owned()), "the administrator's description is shown");
    }
}

/// A change by one program is effective in the other one with its next response, although neither queries the
/// catalogue each time.
#[test]
fn two_programs_have_one_catalogue() {
    let one = Server::demo(Engine::Postgres);
    let other = one.beside();
    admin(&one, &["scope", "create", "orders:read"]).unwrap();
    let desk = application(&other, "desk", &["read", "orders:read"]);
    let token = own_token(&other, &desk, &[]);
    let token = text(&token, "access_token");
    for (here, there) in [(&one, &other), (&other, &one)] {
        assert_eq!(told_scope(there, &desk, token), "read orders:read");
        admin(here, &["scope", "retire", "orders:read"]).unwrap();
        assert_eq!(told_scope(there, &desk, token), "read");
        assert_eq!(own_token(there, &desk, &[("scope", "orders:read")])["error"], "invalid_scope");
        admin(there, &["scope", "change", "orders:read", "--active", "true"]).unwrap();
        assert_eq!(at_the_gate(here, "orders%3Aread", token), 200);
    }
}
