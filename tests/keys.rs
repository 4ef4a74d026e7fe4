//! Rotation of the keys for encryption at rest.

use std::collections::BTreeSet;

use serde_json::json;

use crate::mail::{forgot, with_mail};
use crate::support::{Asking, Browser, Server};

/// The text columns, as `table.column`.
const TEXT_COLUMNS: [&str; 2] = [
    "SELECT m.name || '.' || p.name FROM sqlite_master m, pragma_table_info(m.name) p \
     WHERE m.type = 'table' AND p.type = 'TEXT'",
    "SELECT table_name || '.' || column_name FROM information_schema.columns \
     WHERE table_schema = current_schema() AND data_type = 'text'",
];

/// Returns the columns with encrypted values, each with the keys that encrypted them.
fn sealed(server: &Server) -> BTreeSet<(String, String)> {
    let columns = server.look_up(TEXT_COLUMNS[usize::from(server.database_url().is_some())]);
    let keys = |place: String| {
        let (table, column) = place.split_once('.').unwrap();
        let values = format!("SELECT \"{column}\" FROM \"{table}\" WHERE \"{column}\" LIKE 'v1.%'");
        let key = |value: String| value.split('.').nth(1).unwrap().to_owned();
        server.look_up(&values).into_iter().map(move |value| (place.clone(), key(value))).collect::<Vec<_>>()
    };
    columns.into_iter().flat_map(keys).collect()
}

on_both_engines! {
    /// After encrypting one value of every kind, rotating the keys and removing the old key, everything can
    /// be decrypted.
    fn everything_sealed_moves_to_the_new_key(engine: Engine) {
        let (mut server, catcher) = with_mail(engine);
        let world = server.world();
        let web = &world.applications.web;
        let browser = Browser::of(&server, &world.user);
        server.register("signer", "REFERENCE", &json!({"token_endpoint_auth_method": "client_secret_jwt"})).unwrap();
        let keep = ["app", "rotate-secret", "signer", "--keep-old-for", "1d"];
        server.cli(&keep, Some(&world.admin.pat)).unwrap();
        browser.submit(&browser.open("/account/authenticator"), "/account/authenticator", &[]);
        catcher.answer(&[451]);
        forgot(&server, "ada");
        catcher.next();
        let asking = Asking::of(web, "openid read offline_access");
        let tokens = server.tokens(&asking, &browser);
        let refresh = tokens["refresh_token"].as_str().unwrap();
        let (_, refreshed) = server.refresh(web, refresh);
        let form: Vec<_> = asking.parameters().into_iter().filter(|(name, _)| *name != "client_id").collect();
        let (_, pushed) = server.oauth("par", web, &form);
        let uri = pushed["request_uri"].as_str().unwrap().replace(':', "%3A");

        assert!(server.stop());
        let places: BTreeSet<_> = sealed(&server).into_iter().map(|(place, _)| place).collect();
        let listed = store::Sealed::ALL.map(|sealed| format!("{}.{}", sealed.table(), sealed.column()));
        assert_eq!(places, listed.into(), "every kind is encrypted, and is in the list");

        server.on_folder(&["keys", "rotate"]).unwrap();
        let keys: BTreeSet<_> = sealed(&server).into_iter().map(|(_, key)| key).collect();
        assert_eq!(keys.len(), 1, "all use the new key");
        let file = server.folder().join("keys");
        let ring = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, ring.lines().next().unwrap()).unwrap();
        server.run();
        let (status, again) = server.refresh(web, refresh);
        assert_eq!((status, &again["access_token"]), (200, &refreshed["access_token"]), "{again}");
        let path = format!("/id/connect/authorize?client_id={}&request_uri={uri}", web.client_id);
        let browser = Browser::of(&server, &world.user);
        assert!(!browser.visit(&path).answer()["code"].is_empty());
    }
}
