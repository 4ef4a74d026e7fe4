//! OAuth from the client's side: through the crate `oauth2`, and with plain forms.

use oauth2::basic::BasicClient;
use oauth2::{
    ClientId, ClientSecret, DeviceAuthorizationUrl, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    IntrospectionUrl, RevocationUrl, TokenUrl,
};
use serde_json::{Value, json};

use super::{Application, Server};

/// The device grant type (RFC 8628, section 3.4).
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

pub type OauthClient = BasicClient<EndpointNotSet, EndpointSet, EndpointSet, EndpointSet, EndpointSet>;

/// Returns a client that is configured from the issuer's metadata.
pub fn oauth_client(server: &Server, application: &Application) -> OauthClient {
    let metadata: Value =
        server.get("/id/.well-known/openid-configuration", None).send().unwrap().json().unwrap();
    let endpoint = |name: &str| metadata[name].as_str().unwrap().to_owned();
    // The crate revokes only at https addresses; `http_client` acts as a proxy that terminates TLS.
    let revocation = endpoint("revocation_endpoint").replacen("http:", "https:", 1);
    let client = BasicClient::new(ClientId::new(application.client_id.clone()))
        .set_token_uri(TokenUrl::new(endpoint("token_endpoint")).unwrap())
        .set_device_authorization_url(
            DeviceAuthorizationUrl::new(endpoint("device_authorization_endpoint")).unwrap(),
        )
        .set_introspection_url(IntrospectionUrl::new(endpoint("introspection_endpoint")).unwrap())
        .set_revocation_url(RevocationUrl::new(revocation).unwrap());
    match &application.client_secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.clone())),
        None => client,
    }
}

/// Returns the transport of the crate.
pub fn http_client(server: &Server) -> impl Fn(HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let client = server.http.clone();
    move |request| {
        let (parts, body) = request.into_parts();
        let url = parts.uri.to_string().replacen("https:", "http:", 1);
        let response = client.request(parts.method, url).headers(parts.headers).body(body).send()?;
        let mut answer = HttpResponse::new(Vec::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = response.headers().clone();
        *answer.body_mut() = response.bytes()?.to_vec();
        Ok(answer)
    }
}

/// A device authorization request without a decision.
#[derive(Clone)]
pub struct Started {
    pub client_id: String,
    pub device_code: String,
    pub user_code: String,
}

impl Server {
    /// Registers a confidential client that can act for itself, with metadata of RFC 7591; returns it, or the
    /// error message.
    pub fn register(&self, client_id: &str, format: &str, metadata: &Value) -> Result<Application, String> {
        let document = "mutation($input: APIApplicationCreateMutationInput!) {
            apiApplicationCreate(input: $input) { clientSecret } }";
        let input = json!({
            "clientId": client_id, "name": client_id, "clientType": "CONFIDENTIAL", "scopes": ["read"],
            "systemUser": "nightly-export", "accessTokenFormat": format, "metadata": metadata,
        });
        let (_, answer) = self.graphql(document, &json!({ "input": input }), &self.world().admin.pat);
        if let Some(message) = answer["errors"][0]["message"].as_str() {
            return Err(message.to_owned());
        }
        let secret = answer["data"]["apiApplicationCreate"]["clientSecret"].as_str();
        Ok(Application {
            client_id: client_id.to_owned(),
            client_secret: secret.map(str::to_owned),
            redirect_uri: String::new(),
        })
    }

    /// Posts a form to an endpoint as a client; returns the status and the response.
    pub fn oauth(&self, endpoint: &str, as_who: &Application, form: &[(&str, &str)]) -> (u16, Value) {
        let mut form = form.to_vec();
        form.push(("client_id", &as_who.client_id));
        if let Some(secret) = &as_who.client_secret {
            form.push(("client_secret", secret));
        }
        let response = self.post(&format!("/id/connect/{endpoint}"), &form).send().unwrap();
        (response.status().as_u16(), response.json().unwrap_or_default())
    }

    /// Returns an access token that a client obtains for itself.
    pub fn client_credentials(&self, application: &Application) -> String {
        let (status, answer) = self.oauth("token", application, &[("grant_type", "client_credentials")]);
        assert_eq!(status, 200, "{answer}");
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Starts a device login.
    pub fn start_device(&self, client_id: &str, scope: &str) -> Started {
        self.start_device_with(client_id, &[("scope", scope)])
    }

    /// Starts a device login with further parameters.
    pub fn start_device_with(&self, client_id: &str, form: &[(&str, &str)]) -> Started {
        let form = [form, &[("client_id", client_id), ("description", "The lamp in the hall")]].concat();
        let response = self.post("/id/connect/deviceauthorization", &form).send().unwrap();
        assert_eq!(response.status(), 200);
        let answer: Value = response.json().unwrap();
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        Started {
            client_id: client_id.to_owned(),
            device_code: text("device_code"),
            user_code: text("user_code"),
        }
    }

    /// Exchanges a device's code; returns the token, or the error code.
    pub fn redeem(&self, started: &Started) -> Result<String, String> {
        let (status, answer) = self.redeem_with(started, &[]);
        match answer["access_token"].as_str() {
            Some(token) if status == 200 => Ok(token.to_owned()),
            _ => Err(answer["error"].as_str().unwrap().to_owned()),
        }
    }

    /// Exchanges a device's code for a part of what was approved; returns the status and the response.
    pub fn redeem_with(&self, started: &Started, more: &[(&str, &str)]) -> (u16, Value) {
        let form = [
            ("grant_type", DEVICE_CODE),
            ("client_id", started.client_id.as_str()),
            ("device_code", started.device_code.as_str()),
        ];
        let response = self.post("/id/connect/token", &[&form[..], more].concat()).send().unwrap();
        (response.status().as_u16(), response.json().unwrap())
    }

    /// Revokes a token as its client (RFC 7009); returns the status.
    pub fn revoke(&self, application: &Application, token: &str) -> u16 {
        self.oauth("revocation", application, &[("token", token)]).0
    }
}
