//! A client acts for itself (RFC 6749, section 4.4).

use std::time::Duration;

use oauth2::{AuthType, ClientSecret, RequestTokenError, Scope, TokenResponse as _};

use crate::support::{Application, Browser, http_client, oauth_client};

on_both_engines! {
    /// Both authentication methods give an accepted token, which acts as the client's system user.
    fn an_application_obtains_a_token(server: &mut Server) {
        let world = server.world();
        let (service, http) = (&world.applications.service, http_client(server));
        for auth_type in [AuthType::BasicAuth, AuthType::RequestBody] {
            let client = oauth_client(server, service).set_auth_type(auth_type);
            let answer = client
                .exchange_client_credentials()
                .add_scope(Scope::new("read".to_owned()))
                .request(&http)
                .unwrap();
            assert_eq!(answer.expires_in(), Some(Duration::from_secs(3600)));
            assert_eq!(answer.scopes().unwrap(), &[Scope::new("read".to_owned())]);
            assert!(answer.refresh_token().is_none(), "never from client credentials");
            let token = answer.access_token().secret();
            assert!(token.starts_with("grt_rat_"));
            assert!(server.accepts(token));
            let row = server.grant(token, &world.admin.pat);
            assert_eq!(row["Kind"], "ReferenceToken");
            assert_eq!(row["Type"], "reference_token");
            assert_eq!(row["Client"], service.client_id.as_str());
            assert_eq!(row["Actor"], "nightly-export");
            assert_eq!(row["Scopes"], "read");
        }
    }

    /// Without requested scopes, all are granted; a scope that the client lacks is refused.
    fn scopes_are_those_of_the_application(server: &mut Server) {
        let (world, http) = (server.world(), http_client(server));
        let client = oauth_client(server, &world.applications.service);
        let all = client.exchange_client_credentials().request(&http).unwrap();
        assert_eq!(
            all.scopes().unwrap().iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
            ["read", "update"]
        );
        let before = server.count("Systems_Security_AccessTokens", &world.admin.pat);
        for scope in ["sec", "read sec", "openid", "no-such-scope", "READ"] {
            let asked = client.exchange_client_credentials().add_scope(Scope::new(scope.to_owned()));
            let Err(RequestTokenError::ServerResponse(error)) = asked.request(&http) else {
                panic!("{scope} was granted")
            };
            assert_eq!(error.error().to_string(), "invalid_scope", "{scope}");
        }
        assert_eq!(server.count("Systems_Security_AccessTokens", &world.admin.pat), before);
    }

    /// Unknown client, disabled client and wrong secret cannot be distinguished; a client without a system
    /// user gets its own error.
    fn others_are_refused(server: &mut Server) {
        let (world, http) = (server.world(), http_client(server));
        let service = &world.applications.service;
        let with = |client_id: &str, secret: &str| Application {
            client_id: client_id.to_owned(),
            client_secret: Some(secret.to_owned()),
            ..service.clone()
        };
        let secret = service.client_secret.as_deref().unwrap();
        let mut told = Vec::new();
        for wrong in [with(&service.client_id, "wrong"), with("unknown", secret), with("demo-retired", secret)]
        {
            let (status, answer) = server.oauth("token", &wrong, &[("grant_type", "client_credentials")]);
            assert_eq!((status, answer["error"].as_str()), (401, Some("invalid_client")));
            told.push(answer);
        }
        assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
        for other in [&world.applications.web, &world.applications.native] {
            let client = oauth_client(server, other);
            let Err(RequestTokenError::ServerResponse(error)) =
                client.exchange_client_credentials().request(&http)
            else {
                panic!("{} has no system user", other.client_id)
            };
            assert_eq!(error.error().to_string(), "unauthorized_client");
        }
        let stray = oauth_client(server, service).set_client_secret(ClientSecret::new(String::new()));
        assert!(stray.exchange_client_credentials().request(&http).is_err(), "an empty secret is missing");
    }

    /// The cookie of a page is no token, and a token is no cookie.
    fn a_session_opens_no_api(server: &mut Server) {
        let world = server.world();
        let browser = Browser::of(server, &world.user);
        assert!(!server.accepts(&browser.cookie("grantor").unwrap()));
        let tokens = server.http.get(format!("{}/tokens", server.url));
        let answer = tokens.header("cookie", format!("grantor={}", world.user.pat)).send().unwrap();
        assert_eq!(answer.headers()["location"], "/signin?return_to=%2Ftokens");
    }
}
