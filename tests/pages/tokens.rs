//! The list of tokens, creating and revoking tokens.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Visitor;
use crate::support::Server;

const TOKENS: &str = "/api/domain/odata/Systems_Security_AccessTokens";

/// Returns the registry's response to a query.
fn registry(server: &Server, query: &str, token: &str) -> Value {
    let answer = server.get(&format!("{TOKENS}?{query}"), Some(token)).send().unwrap();
    assert_eq!(answer.status(), 200, "{query}");
    answer.json().unwrap()
}

/// Returns the identifier of a user's token from the demonstration data.
fn id_of(server: &Server, token: &str) -> String {
    let found = registry(server, "$top=200&$select=Id,Description", token);
    let mut rows = found["value"].as_array().unwrap().iter();
    let own = rows.find(|row| row["Description"] == "Token of the demonstration").unwrap();
    own["Id"].as_str().unwrap().to_owned()
}

on_both_engines! {
    /// A token of another user is the same as a nonexistent one.
    fn the_tokens_of_others_are_out_of_reach(server: &mut Server) {
        let world = server.world();
        let ben = Visitor::signed_in(server, &world.user);
        let foreign = revocable(Visitor::signed_in(server, &world.admin).get("/tokens").main());
        assert!(!revocable(ben.get("/tokens").main()).contains(&foreign[0]));
        let foreign = foreign[0].as_str();
        let csrf = ben.csrf("/tokens");
        for id in [foreign, "00000000-0000-0000-0000-000000000000", "x", "%ff", "..%2f..", "' or 1=1"] {
            for confirm in ["yes", "no"] {
                let answer = ben.post(&format!("/tokens/{id}/revoke"), &[("csrf", &csrf), ("confirm", confirm)]);
                assert_eq!(answer.status, 404, "{id} {confirm}");
                assert!(answer.main().contains("There is no such page"), "{id}");
            }
        }
        assert_eq!(server.get(TOKENS, Some(&world.admin.pat)).send().unwrap().status(), 200);
        let id = id_of(server, &world.user.pat);
        let own = ben.post(&format!("/tokens/{id}/revoke"), &[("csrf", &csrf)]);
        assert!(own.main().contains("Revoke this token?"));
        let revoked = ben.post(&format!("/tokens/{id}/revoke"), &[("csrf", &csrf), ("confirm", "yes")]);
        assert_eq!((revoked.status, revoked.header("location")), (303, "/tokens?revoked=1"));
        assert_eq!(server.get(TOKENS, Some(&world.user.pat)).send().unwrap().status(), 401);
    }

    /// The list is shown for any query parameters.
    fn hostile_parameters_do_no_harm(server: &mut Server) {
        let ben = Visitor::signed_in(server, &server.world().user);
        let id = "00000000-0000-0000-0000-000000000000";
        let positions = ["", "x", ".", "1.x", "%ff", "%00", "1.%00", "%F0%9F%92%A5", "-1", "99999999999999999999999"];
        let times = ["0", "-1", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "1e3", "+1", ""];
        let positions = positions.iter().map(|text| format!("before={text}"));
        let positions = positions.chain(times.iter().map(|time| format!("before={time}.{id}")));
        let others = ["show=%ff", "show=all&show=x", "show", "revoked=-1", "revoked=99999999999", "revoked=<b>", "revoked=1%00", "a&&=&=x"];
        for query in positions.chain(others.map(str::to_owned)) {
            for show in ["", "&show=all"] {
                let answer = ben.get(&format!("/tokens?{query}{show}"));
                assert_eq!(answer.status, 200, "{query}{show}");
                assert!(!answer.text.contains("<b>x") && !answer.text.contains("<b>&"), "{query}");
            }
        }
        assert!(ben.get("/tokens?revoked=4").main().contains("The token was revoked, and 3 that came from it."));
    }

    /// The pages of the list contain every token once, newest first.
    fn older_tokens_are_a_page_away(server: &mut Server) {
        assert!(server.stop());
        load(server, "3000");
        server.run();
        let world = server.world();
        let ben = Visitor::signed_in(server, &world.user);
        let kinds = "'PersonalAccessToken','ServiceAccessToken','ReferenceToken','RefreshToken','UserConsent'";
        let counted = registry(server, &format!("$count=true&$top=1&$filter=Kind in ({kinds})"), &world.user.pat);
        let counted = counted["@odata.count"].as_u64().unwrap();
        let (mut path, mut seen, mut pages) = ("/tokens?show=all".to_owned(), Vec::new(), 0);
        loop {
            let page = ben.get(&path);
            assert_eq!(page.status, 200, "{path}");
            seen.extend(created(page.main()));
            pages += 1;
            assert_eq!(page.main().contains("href=\"/tokens?show=all\">Newest tokens"), pages > 1, "{path}");
            match page.main().split_once("\" rel=\"next\"") {
                None => break,
                Some((before, _)) => path = before.rsplit_once('"').unwrap().1.replace("&#38;", "&"),
            }
        }
        assert_eq!((seen.len() as u64, pages), (counted, counted.div_ceil(50)));
        assert!(counted > 100 && seen.is_sorted_by(|newer, older| newer >= older), "{counted}");
        let past = ben.get("/tokens?before=0.00000000-0000-0000-0000-000000000000");
        assert!(past.main().contains("There are no older tokens") && past.main().contains("Newest tokens"));
        let distinct: BTreeSet<_> = seen.iter().collect();
        assert!(distinct.len() > seen.len() / 2);
    }

    /// Submitting a form again, for example by reloading, creates no second token; correcting one does.
    fn a_form_makes_one_token(server: &mut Server) {
        let ben = Visitor::signed_in(server, &server.world().user);
        let form = ben.get("/tokens/new");
        let (csrf, once) = (form.hidden("csrf"), form.hidden("once"));
        let fields = |scope, description| {
            [("csrf", csrf), ("once", once), ("client_id", "grantor-cli"), ("expiry", "7"), ("scope", scope), ("description", description)]
        };
        let refused = ben.post("/tokens", &fields("nonsense", "Twice"));
        assert_eq!(refused.status, 400, "{}", refused.text);
        assert_eq!(refused.hidden("once"), once);
        let made = ben.post("/tokens", &fields("read", "Twice"));
        assert_eq!(made.status, 201, "{}", made.text);
        assert!(made.main().contains("Grantor command line"), "the application's name");
        let again = ben.post("/tokens", &fields("read", "Twice"));
        assert_eq!(again.status, 409);
        assert!(!again.text.contains("grt_pat_"));
        assert_eq!(ben.get("/tokens?show=all").main().matches("<span class=\"what\">Twice</span>").count(), 1);
    }

    /// All errors of a form are shown at once, and its input is kept.
    fn a_form_says_all_that_is_wrong(server: &mut Server) {
        let ben = Visitor::signed_in(server, &server.world().user);
        let fields = [
            ("client_id", "grantor-cli"), ("description", "Kept & <b>safe</b>"), ("expiry", "date"),
            ("expires_on", "2020-01-01"), ("allowed_ip_addresses", "10.0.0.300"),
        ];
        let answer = ben.post_after("/tokens/new", "/tokens", &fields);
        assert_eq!(answer.status, 400);
        for wrong in ["Choose at least one scope.", "This day has begun already.", "10.0.0.300&#39; is neither"] {
            assert_eq!(answer.main().matches(wrong).count(), 2, "{wrong} in the summary and at the field");
        }
        assert!(answer.main().contains("value=\"Kept &#38; &#60;b&#62;safe&#60;/b&#62;\""));
        for (name, value) in [("client_id", "unknown"), ("client_id", "demo-service"), ("description", &"x".repeat(129)), ("expiry", "99999"), ("scope", "no such")] {
            let mut fields = vec![("client_id", "grantor-cli"), ("expiry", "7"), ("scope", "read")];
            fields.retain(|(own, _)| *own != name);
            fields.push((name, value));
            let answer = ben.post_after("/tokens/new", "/tokens", &fields);
            assert!([400, 403].contains(&answer.status), "{name}={value}: {}", answer.status);
            assert!(answer.main().contains(&format!("href=\"#{name}\"")), "{name}={value}: {}", answer.main());
        }
    }
}

/// Loads grants while the program is stopped.
fn load(server: &Server, count: &str) {
    let mut command = server.command();
    command.args(["demo-data", "--grants", count, "--data"]).arg(server.folder());
    if let Some(url) = server.database_url() {
        command.args(["--database-url", url]);
    }
    assert!(command.output().unwrap().status.success());
}

/// Returns the identifiers of the tokens that a page offers to revoke, in order.
fn revocable(page: &str) -> Vec<String> {
    let actions = page.split("action=\"/tokens/").skip(1);
    actions.map(|action| action.split_once('/').unwrap().0.to_owned()).collect()
}

/// Returns the creation times of the tokens on a page.
fn created(page: &str) -> impl Iterator<Item = String> {
    let cells = page.split("data-label=\"Created\"").skip(1);
    cells.map(|cell| cell.split_once("datetime=\"").unwrap().1.split_once('"').unwrap().0.to_owned())
}
