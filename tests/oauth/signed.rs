//! Signed access tokens (RFC 9068), verified like by a resource server: with the published keys only.

use std::collections::HashSet;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, TokenData, Validation, decode, decode_header};
use serde_json::Value;

use crate::support::{Application, Server};

/// Registers a client with signed access tokens.
fn application(server: &Server) -> Application {
    let arguments = [
        "app",
        "create",
        "--client-id",
        "reports-2",
        "--name",
        "Reports",
        "--type",
        "confidential",
        "--scope",
        "read",
        "--system-user",
        "reports",
        "--jwt",
    ];
    let secret = server.cli(&arguments, Some(&server.world().admin.pat)).unwrap();
    Application {
        client_id: "reports-2".to_owned(),
        client_secret: Some(secret.trim().to_owned()),
        redirect_uri: String::new(),
    }
}

fn check(server: &Server, token: &str) -> jsonwebtoken::errors::Result<TokenData<Value>> {
    let keys = server.get("/id/.well-known/openid-configuration/jwks", None).send().unwrap();
    let keys: JwkSet = keys.json().unwrap();
    let kid = decode_header(token)?.kid.unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[format!("{}/id", server.url)]);
    validation.set_audience(&[format!("{}/api", server.url)]);
    validation.required_spec_claims = HashSet::from(["exp", "iss", "aud", "sub", "nbf"].map(str::to_owned));
    decode(token, &DecodingKey::from_jwk(keys.find(&kid).unwrap())?, &validation)
}

on_both_engines! {
    /// A signed token follows the standard, is a row of the registry, and is revoked like any other.
    fn a_signed_token_is_checked_by_the_published_keys(server: &mut Server) {
        let admin = server.world().admin.pat;
        let application = application(server);
        let token = server.client_credentials(&application);
        let TokenData { header, claims, .. } = check(server, &token).unwrap();
        assert_eq!(header.typ.as_deref(), Some("at+jwt"));
        assert_eq!(claims["client_id"], "reports-2");
        assert_eq!(claims["sub"], "reports-2", "the subject is the client (RFC 9068, section 2.2)");
        assert_eq!(claims["scope"], "read");
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
        assert_eq!(claims["jti"], server.grant_id(&token, &admin));

        let (rest, signature) = token.rsplit_once('.').unwrap();
        let changed = if signature.starts_with('A') { "B" } else { "A" };
        let forged = format!("{rest}.{changed}{}", &signature[1..]);
        assert!(check(server, &forged).is_err());
        assert!(server.accepts(&token) && !server.accepts(&forged));

        server.stop();
        server.run();
        assert!(server.accepts(&token), "keys and rows survive a restart");
        assert_eq!(server.revoke(&application, &token), 200);
        assert!(!server.accepts(&token), "refused at once, although its signature is valid");
    }
}
