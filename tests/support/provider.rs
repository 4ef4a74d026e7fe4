//! A malicious provider, controlled by a test.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::keys::{Key, now};

/// The deviations of the provider.
#[derive(Clone, Debug, Default)]
pub struct Lies {
    /// Members of the ID token's header.
    pub header: Vec<(&'static str, Value)>,
    /// Claims of the ID token; null removes one.
    pub claims: Vec<(&'static str, Value)>,
    /// Members of the metadata.
    pub metadata: Vec<(&'static str, Value)>,
    /// The response of the token endpoint.
    pub token_answer: Option<String>,
    /// The delay of the token endpoint.
    pub thinks: Duration,
    /// Whether the ID token is signed with another key than the published one.
    pub other_key: bool,
    /// Whether the signature is that of an empty text, with `alg: none`.
    pub unsigned: bool,
    /// The response of the UserInfo endpoint.
    pub user_info: Option<Value>,
    /// The redirect of the token endpoint.
    pub redirects_to: Option<String>,
}

struct State {
    key: Key,
    other: Key,
    lies: Mutex<Lies>,
    /// The nonce of the next request.
    nonce: Mutex<String>,
    requests: Mutex<Vec<(String, String)>>,
}

/// The provider; it stops with the test.
pub struct Provider {
    pub issuer: String,
    state: Arc<State>,
}

impl Provider {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            key: Key::generate(),
            other: Key::generate(),
            lies: Mutex::default(),
            nonce: Mutex::default(),
            requests: Mutex::default(),
        });
        let (shared, own) = (Arc::clone(&state), issuer.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (state, issuer) = (Arc::clone(&shared), own.clone());
                std::thread::spawn(move || answer(&stream, &state, &issuer));
            }
        });
        Self { issuer, state }
    }

    /// Sets the deviations, and the nonce of the next request.
    pub fn lie(&self, lies: Lies, nonce: &str) {
        *self.state.lies.lock().unwrap() = lies;
        nonce.clone_into(&mut self.state.nonce.lock().unwrap());
    }

    /// Returns how often a path was requested.
    pub fn asked(&self, path: &str) -> usize {
        self.state.requests.lock().unwrap().iter().filter(|(own, _)| own == path).count()
    }

    /// Returns the body of the last request for a path.
    pub fn last(&self, path: &str) -> String {
        let requests = self.state.requests.lock().unwrap();
        requests.iter().rev().find(|(own, _)| own == path).unwrap().1.clone()
    }
}

fn answer(mut stream: &TcpStream, state: &State, issuer: &str) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return;
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        if header.trim().is_empty() {
            break;
        }
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    state.requests.lock().unwrap().push((path.clone(), String::from_utf8(body).unwrap()));
    let lies = state.lies.lock().unwrap().clone();
    let (status, more, body) = match path.as_str() {
        "/.well-known/openid-configuration" => ("200 OK", String::new(), metadata(&lies, issuer)),
        "/jwks" => {
            let mut key = state.key.jwk();
            key["kid"] = json!("one");
            let unusable = json!({"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA", "kid": "x"});
            ("200 OK", String::new(), json!({"keys": [unusable, key]}).to_string())
        }
        "/userinfo" => ("200 OK", String::new(), lies.user_info.unwrap_or(json!({"sub": "s-1"})).to_string()),
        "/token" => {
            std::thread::sleep(lies.thinks);
            match (&lies.redirects_to, &lies.token_answer) {
                (Some(target), _) => {
                    ("307 Temporary Redirect", format!("Location: {target}\r\n"), String::new())
                }
                (None, Some(answer)) => ("200 OK", String::new(), answer.clone()),
                (None, None) => {
                    let answer = json!({"access_token": "at", "token_type": "Bearer", "id_token": id_token(state, &lies, issuer)});
                    ("200 OK", String::new(), answer.to_string())
                }
            }
        }
        _ => ("404 Not Found", String::new(), String::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{more}Connection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(&[head.as_bytes(), body.as_bytes()].concat());
}

fn metadata(lies: &Lies, issuer: &str) -> String {
    let mut metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "id_token_signing_alg_values_supported": ["EdDSA", "none", "HS256"],
    });
    lies.metadata.iter().for_each(|(name, value)| metadata[*name] = value.clone());
    metadata.to_string()
}

fn id_token(state: &State, lies: &Lies, issuer: &str) -> String {
    let mut header = json!({"alg": "EdDSA", "kid": "one"});
    lies.header.iter().for_each(|(name, value)| header[*name] = value.clone());
    let mut claims = json!({
        "iss": issuer, "sub": "s-1", "aud": "grantor", "iat": now(), "exp": now() + 300,
        "nonce": *state.nonce.lock().unwrap(), "name": "Zoe Stub", "preferred_username": "zoe",
        "email": "zoe@stub.example", "email_verified": true,
    });
    for (name, value) in &lies.claims {
        claims[*name] = value.clone();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(*name);
        }
    }
    if lies.unsigned {
        return format!("{}.", super::keys::unsigned(&header, &claims));
    }
    let key = if lies.other_key { &state.other } else { &state.key };
    key.sign(&header, &claims)
}
