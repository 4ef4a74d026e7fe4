//! Introspection (RFC 7662) and revocation (RFC 7009) through the crate.

use oauth2::{AccessToken, StandardRevocableToken, TokenIntrospectionResponse as _};

use crate::support::{Application, Browser, Server, http_client, oauth_client};

/// Whether introspection through the crate reports a token as active.
fn is_active(server: &Server, asking: &Application, token: &str) -> bool {
    let token = AccessToken::new(token.to_owned());
    let client = oauth_client(server, asking);
    client.introspect(&token).request(&http_client(server)).unwrap().active()
}

/// Revokes a token as a client, through the crate.
fn revoke(server: &Server, application: &Application, token: &str) {
    let token = StandardRevocableToken::AccessToken(AccessToken::new(token.to_owned()));
    oauth_client(server, application).revoke_token(token).unwrap().request(&http_client(server)).unwrap();
}

on_both_engines! {
    /// Introspection returns the registry's values of a token.
    fn a_token_is_described(server: &mut Server) {
        let world = server.world();
        let service = &world.applications.service;
        let token = AccessToken::new(server.client_credentials(service));
        let answer = oauth_client(server, service).introspect(&token).request(&http_client(server)).unwrap();
        let row = server.grant(token.secret(), &world.admin.pat);
        assert!(answer.active());
        assert_eq!(answer.client_id().unwrap().as_str(), service.client_id);
        assert_eq!(answer.username(), Some("nightly-export"));
        assert_eq!(answer.sub(), Some(service.client_id.as_str()), "the subject is the client");
        assert_eq!(answer.iss(), Some(format!("{}/id", server.url).as_str()));
        assert_eq!(answer.jti(), row["Id"].as_str());
        let scopes: Vec<_> = answer.scopes().unwrap().iter().map(|scope| scope.to_string()).collect();
        assert_eq!(scopes, ["read", "update"]);
        assert_eq!((answer.exp().unwrap() - answer.iat().unwrap()).num_seconds(), 3600);
    }

    /// A confidential client can introspect access tokens of every kind; codes only if they are its own.
    fn every_kind_is_told(server: &mut Server) {
        let world = server.world();
        let service = &world.applications.service;
        let started = server.start_device("demo-native", "read");
        assert!(is_active(server, service, &world.user.pat));
        assert!(!is_active(server, service, &started.device_code), "other clients cannot introspect it");
        assert!(!is_active(server, service, "grt_pat_nonsense"));
        assert!(!is_active(server, service, "eyJhbGciOiJub25lIn0.e30."));
        assert_eq!(Browser::of(server, &world.user).decide(&started.user_code, "approve").status, 200);
        let token = server.redeem(&started).unwrap();
        assert!(is_active(server, service, &token));
        revoke(server, &world.applications.native, &token);
        assert!(!is_active(server, service, &token));
    }

    /// A client can revoke only its own tokens; the response is the same either way.
    fn a_token_is_revoked_by_its_owner(server: &mut Server) {
        let world = server.world();
        let (service, web) = (&world.applications.service, &world.applications.web);
        let token = server.client_credentials(service);
        revoke(server, web, &token);
        assert!(server.accepts(&token), "not by another client");
        revoke(server, service, &token);
        assert!(!server.accepts(&token) && !is_active(server, service, &token));
        revoke(server, service, &token);
        revoke(server, service, "grt_rat_nonsense");
        let row = server.grant(&token, &world.admin.pat);
        assert!(row["RevokedTimestamp"].is_string());
    }
}
