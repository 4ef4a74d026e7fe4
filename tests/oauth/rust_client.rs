//! The unmodified crate `openidconnect` signs a user in.

use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, RedirectUrl, Scope, TokenResponse as _,
};

use crate::support::{Asking, Browser, http_client};

on_both_engines! {
    fn the_crate_discovers_signs_in_and_refreshes(server: &mut Server) {
        let world = server.world();
        let (web, http) = (&world.applications.web, http_client(server));
        let issuer = IssuerUrl::new(format!("{}/id", server.url)).unwrap();
        let metadata = CoreProviderMetadata::discover(&issuer, &http).unwrap();
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(web.client_id.clone()),
            web.client_secret.clone().map(ClientSecret::new),
        )
        .set_redirect_uri(RedirectUrl::new(web.redirect_uri.clone()).unwrap());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state, nonce) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(["profile", "read", "offline_access"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge)
            .url();
        let path = address.as_str().strip_prefix(&server.url).unwrap();
        let answer = Asking::allowed_at(&Browser::of(server, &world.user), path).answer();
        assert_eq!(&answer["state"], state.secret());
        let tokens = client
            .exchange_code(AuthorizationCode::new(answer["code"].clone()))
            .unwrap()
            .set_pkce_verifier(verifier)
            .request(&http)
            .unwrap();
        let id_token = tokens.id_token().expect("an ID token");
        let check = client.id_token_verifier();
        let claims = id_token.claims(&check, &nonce).unwrap();
        let (algorithm, key) = (id_token.signing_alg().unwrap(), id_token.signing_key(&check).unwrap());
        let hash = AccessTokenHash::from_token(tokens.access_token(), algorithm, key).unwrap();
        assert_eq!(claims.access_token_hash(), Some(&hash));
        let told: CoreUserInfoClaims = client
            .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
            .unwrap()
            .request(&http)
            .unwrap();
        assert_eq!(told.preferred_username().unwrap().as_str(), world.user.login);
        let refreshed = client.exchange_refresh_token(tokens.refresh_token().unwrap()).unwrap().request(&http);
        assert!(server.accepts(refreshed.unwrap().access_token().secret()));
    }
}
