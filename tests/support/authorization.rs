//! Signing in to a client, step by step.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Application, Browser, Ended, Server};

/// The verifier and the challenge of RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The parameters of an authorization request.
#[derive(Clone)]
pub struct Asking<'a> {
    pub application: &'a Application,
    parameters: BTreeMap<&'a str, String>,
}

impl<'a> Asking<'a> {
    /// Returns a valid request for these scopes.
    pub fn of(application: &'a Application, scope: &str) -> Self {
        let parameters = [
            ("client_id", application.client_id.as_str()),
            ("redirect_uri", &application.redirect_uri),
            ("response_type", "code"),
            ("scope", scope),
            ("state", "of the art"),
            ("nonce", "n-0S6_WzA2Mj"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let parameters = parameters.map(|(name, value)| (name, value.to_owned())).into();
        Self { application, parameters }
    }

    /// Sets a parameter; an empty value removes it.
    pub fn with(mut self, name: &'a str, value: &str) -> Self {
        self.parameters.insert(name, value.to_owned());
        if value.is_empty() {
            self.parameters.remove(name);
        }
        self
    }

    /// Returns all parameters.
    pub fn parameters(&self) -> Vec<(&str, &str)> {
        self.parameters.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    /// Returns the path to which the client sends the browser.
    pub fn path(&self) -> String {
        let mut url: reqwest::Url = "http://localhost/id/connect/authorize".parse().unwrap();
        url.query_pairs_mut().extend_pairs(&self.parameters);
        format!("{}?{}", url.path(), url.query().unwrap())
    }

    /// Sends a browser, and presses the buttons to approve.
    pub fn allowed_by(&self, browser: &Browser) -> Ended {
        Self::allowed_at(browser, &self.path())
    }

    /// Sends a browser to a path of a client, and grants everything that is requested.
    pub fn allowed_at(browser: &Browser, path: &str) -> Ended {
        match browser.visit(path) {
            Ended::Here(page) if page.has("asks to act in your name") => {
                let names = ["scope", "claim", "resource"];
                let ticked = names.map(|name| (name, super::html::ticked(&page.body, name)));
                let each = |(name, values): &'_ (_, Vec<String>)| {
                    values.iter().map(|value| (*name, value.clone())).collect::<Vec<_>>()
                };
                let ticked: Vec<(&str, String)> = ticked.iter().flat_map(each).collect();
                let ticked = ticked.iter().map(|(name, value)| (*name, value.as_str()));
                let entered: Vec<_> = ticked.chain([("decision", "allow")]).collect();
                browser.send(&page, "/id/connect/authorize/decide", &entered)
            }
            ended => ended,
        }
    }

    /// Returns the code that a client gets from a signed-in user who consents.
    pub fn code(&self, browser: &Browser) -> String {
        self.allowed_by(browser).answer().remove("code").expect("a code")
    }
}

impl Server {
    /// Registers a client without consents, with the redirect URIs of the demonstration client.
    pub fn new_application(&self, client_id: &str, more: &Value) -> Application {
        let world = self.world();
        let mut input = json!({
            "clientId": client_id,
            "name": "Team board",
            "clientType": "CONFIDENTIAL",
            "scopes": ["openid", "profile", "email", "offline_access", "read", "update"],
            "redirectUris": [world.applications.web.redirect_uri],
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let document = "mutation($input: APIApplicationCreateMutationInput!) {
            apiApplicationCreate(input: $input) { clientSecret } }";
        let (status, answer) = self.graphql(document, &json!({ "input": input }), &world.admin.pat);
        assert!(status == 200 && answer["errors"].is_null(), "{answer}");
        Application {
            client_id: client_id.to_owned(),
            client_secret: answer["data"]["apiApplicationCreate"]["clientSecret"].as_str().map(str::to_owned),
            redirect_uri: world.applications.web.redirect_uri,
        }
    }

    /// Exchanges a code as its client; returns the status and the response.
    pub fn exchange_code(&self, application: &Application, code: &str) -> (u16, Value) {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &application.redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        self.oauth("token", application, &form)
    }

    /// Refreshes; returns the status and the response.
    pub fn refresh(&self, application: &Application, token: &str) -> (u16, Value) {
        self.oauth("token", application, &[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    /// Returns the tokens of a client for a signed-in user who consents.
    pub fn tokens(&self, asking: &Asking<'_>, browser: &Browser) -> Value {
        let (status, answer) = self.exchange_code(asking.application, &asking.code(browser));
        assert_eq!(status, 200, "{answer}");
        answer
    }
}
