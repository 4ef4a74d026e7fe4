//! Front-channel logout: the browser notifies clients by frames.

use serde_json::json;

use super::logout::sign_out;
use super::open_id::id_token;
use crate::support::{Asking, Browser};

on_both_engines! {
    /// The browser notifies clients through their own frames only, and continues without JavaScript.
    fn the_browser_tells_applications(server: &mut Server) {
        let world = server.world();
        let front = |uri: &str| json!({
            "metadata": { "frontchannel_logout_uri": uri },
            "redirectUris": [world.applications.web.redirect_uri, "https://board.example/callback"],
            "postLogoutRedirectUris": ["https://board.example/bye"],
        });
        let board = server.new_application("board", &front("https://board.example/out?a=1"));
        let browser = Browser::of(server, &world.user);
        let tokens = server.tokens(&Asking::of(&board, "openid"), &browser);
        let sid = id_token(server, &tokens)["sid"].as_str().unwrap().to_owned();
        let (hint, cookie) = (tokens["id_token"].as_str().unwrap(), browser.cookie("grantor").unwrap());
        let path = format!("/id/connect/endsession?id_token_hint={hint}&post_logout_redirect_uri=https%3A%2F%2Fboard.example%2Fbye&state=s");
        let response = server.get(&path, None).header("cookie", format!("grantor={cookie}")).send().unwrap();
        assert_eq!(response.status(), 200);
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("refresh"), "3; url=https://board.example/bye?state=s");
        let policy = header("content-security-policy");
        let frames = policy.split("; ").find(|part| part.starts_with("frame-src")).unwrap();
        assert_eq!(frames, "frame-src https://board.example");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        let cookies: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
        let taken_back = |line: &&reqwest::header::HeaderValue| line.to_str().unwrap().starts_with("grantor=; ");
        assert!(cookies.into_iter().find(taken_back).unwrap().to_str().unwrap().contains("Max-Age=0"));
        let issuer = format!("{}/id", server.url).replace(':', "%3A").replace('/', "%2F");
        let page = response.text().unwrap().replace("&#38;", "&");
        let frame = format!("src=\"https://board.example/out?a=1&iss={issuer}&sid={sid}\"");
        assert!(page.contains(&frame) && page.contains("href=\"https://board.example/bye?state=s\""), "{page}");

        // A user without a sign-in to a client gets no frame.
        let plain = Browser::of(server, &world.user);
        assert_eq!(sign_out(&plain).page().path, "/");
        let again = Browser::of(server, &world.user);
        server.tokens(&Asking::of(&board, "openid"), &again);
        let page = sign_out(&again).page();
        assert!(page.has("You are signed out") && page.has("<iframe hidden"), "{}", page.body);
    }

    /// Only an address of the client itself is loaded in a frame.
    fn frames_belong_to_the_application(server: &mut Server) {
        let world = server.world();
        for uri in ["https://evil.example/out", "http://127.0.0.1:1/out", "https://board.example:8443/out"] {
            let document = "mutation($input: APIApplicationCreateMutationInput!) {
                apiApplicationCreate(input: $input) { clientSecret } }";
            let input = json!({
                "clientId": "board", "name": "Board", "clientType": "CONFIDENTIAL", "scopes": ["openid"],
                "redirectUris": ["https://board.example/callback"], "metadata": { "frontchannel_logout_uri": uri },
            });
            let (_, answer) = server.graphql(document, &json!({ "input": input }), &world.admin.pat);
            let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
            assert!(message.contains("'frontchannel_logout_uri' has the scheme"), "{uri}: {answer}");
        }
    }
}
