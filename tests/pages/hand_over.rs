//! Handing over a service token to another administrator.

use serde_json::{Value, json};

use crate::support::{Browser, Person, Server};

/// A service token of an administrator who was disabled afterwards, and another administrator.
pub struct World {
    pub id: String,
    pub secret: String,
    pub eve: Person,
}

impl World {
    pub fn new(server: &Server) -> Self {
        let ada = server.world().admin.pat;
        let eve =
            json!({ "login": "eve", "name": "Eve Adams", "password": "one two three four", "isAdmin": true });
        let create = "mutation($input: UserCreateMutationInput!) { userCreate(input: $input) { user { login } userErrors { message } } }";
        let (_, made) = server.graphql(create, &json!({ "input": eve }), &ada);
        assert_eq!(made["data"]["userCreate"]["user"]["login"], "eve", "{made}");
        let service = json!({ "kind": "SERVICE_ACCESS_TOKEN", "clientId": "demo-service", "description": "Nightly run" });
        let (secret, _) = crate::grants::make(server, &ada, &service).unwrap();
        let password = eve["password"].as_str().unwrap().to_owned();
        Self {
            id: server.grant_id(&secret, &ada),
            secret,
            eve: Person { login: "eve".to_owned(), password, pat: String::new() },
        }
    }

    pub fn action(&self) -> String {
        format!("/tokens/{}/hand-over", self.id)
    }

    /// Returns the login of the token's creator.
    pub fn creator(&self, server: &Server, token: &str) -> Value {
        let row = format!("Systems_Security_AccessTokens({})?$expand=CreatedBy($select=Login)", self.id);
        let answer = server.odata(&row, token);
        assert_eq!(answer.status(), 200);
        answer.json::<Value>().unwrap()["CreatedBy"]["Login"].clone()
    }
}

/// Disables the first administrator of the demonstration.
fn disable_ada(server: &mut Server) {
    assert!(server.stop());
    server.change("UPDATE \"Sec_Users\" SET active = false WHERE login = 'ada'");
    server.run();
}

on_both_engines! {
    /// The page of a disabled administrator lists the service tokens, and another administrator takes one over.
    fn the_token_of_a_disabled_user_is_handed_over(server: &mut Server) {
        let world = World::new(server);
        let mut browser = Browser::of(server, &world.eve);
        let token = browser.token("grantor-cli", &["read", "update", "sec"], &[]);
        disable_ada(server);
        browser.moved_to(server);
        let action = world.action();

        let page = browser.open("/users/one?login=ada");
        assert!(page.has("Service tokens that they created") && page.has("Nightly run"), "{}", page.body);
        let form = browser.submit(&page, &action, &[]);
        assert_eq!(form.status, 200, "{}", form.body);
        for fact in ["Hand over this token", "Nightly run", "service token", "Made by <b>ada</b>"] {
            assert!(form.has(fact), "{fact}: {}", form.body);
        }
        for login in ["unknown", "ben", "ada", "nightly-export", ""] {
            let refused = browser.submit(&form, &action, &[("login", login)]);
            assert_eq!(refused.status, 400, "{login}: {}", refused.body);
            assert!(refused.has("There is no active administrator with this login."), "{login}: {}", refused.body);
            assert_eq!(refused.value("login"), login);
        }
        let asked = browser.submit(&form, &action, &[("login", " EVE ")]);
        assert!(asked.has("<span class=\"name\">Eve Adams</span>?"), "{}", asked.body);
        assert_eq!(world.creator(server, &token), "ada", "the question changes nothing");
        let refused = browser.submit(&asked, &action, &[("login", "ben")]);
        assert_eq!((refused.status, world.creator(server, &token)), (400, json!("ada")), "the verb checks again");

        let done = browser.submit(&asked, &action, &[]);
        assert_eq!((done.status, done.path.as_str()), (200, "/users/one?login=ada&handed-over=yes"));
        assert!(done.has("The token was handed over.") && !done.has("Nightly run"), "{}", done.body);
        assert!(browser.open("/users/one?login=eve").has("Nightly run"));
        assert_eq!(world.creator(server, &token), "eve");
        assert!(server.accepts(&world.secret), "the token itself does not change");
        let events = server.rows("Systems_Security_AuditEvents?$filter=Type eq 'TokenUpdated'", &token);
        assert!(events.iter().any(|event| event["Data"].to_string().contains("handed_over_to")), "{events:?}");

        let question = browser.submit(&browser.open("/users/one?login=eve"), &format!("/tokens/{}/revoke", world.id), &[]);
        let revoked = browser.submit(&question, &format!("/tokens/{}/revoke", world.id), &[]);
        assert!(revoked.has("The token was revoked."), "{}", revoked.body);
        let late = browser.submit(&asked, &action, &[]);
        assert!(late.status == 409 && late.has("The token is revoked."), "{} {}", late.status, late.body);
    }

    /// Only administrators hand over tokens, and only service tokens are handed over.
    fn other_tokens_and_users_are_refused(server: &mut Server) {
        let (world, demo) = (World::new(server), server.world());
        let ben = Browser::of(server, &demo.user);
        let csrf = |browser: &Browser| crate::support::html::forms(&browser.open("/account").body)
            .into_iter().flat_map(|form| form.hidden).find(|(name, _)| name == "csrf").unwrap().1;
        let personal = |pat: &str| format!("/tokens/{}/hand-over", server.grant_id(pat, &demo.admin.pat));
        let own = csrf(&ben);
        let fields = [("csrf", own.as_str()), ("login", "eve"), ("confirm", "yes")];
        for fields in [&fields[..1], &fields[..2], &fields] {
            assert_eq!(ben.send_form(&world.action(), fields).status, 404);
            assert_eq!(ben.send_form(&personal(&demo.user.pat), fields).status, 403);
        }
        let eve = Browser::of(server, &world.eve);
        let own = csrf(&eve);
        let fields = [("csrf", own.as_str()), ("login", "eve"), ("confirm", "yes")];
        let refused = eve.send_form(&personal(&demo.admin.pat), &fields);
        assert!(refused.status == 400 && refused.has("Only service access tokens are handed over."), "{}", refused.body);
        assert_eq!(world.creator(server, &demo.admin.pat), "ada");
    }
}
