//! The contents of grants (`Data`): by name, for administrators, on record.

use serde_json::Value;

use super::TOKENS;

on_both_engines! {
    fn contents_are_read_by_name(server: &mut Server) {
        let world = server.world();
        let (admin, user) = (&world.admin.pat, &world.user.pat);
        let codes = format!("{TOKENS}?$filter=Kind eq 'DeviceCode'");
        let read = || server.count("Systems_Security_AuditEvents?$filter=Type eq 'ContentsRead'", admin);
        server.start_device("demo-native", "read");
        let before = read();
        assert!(server.rows(&codes, admin).iter().all(|row| row.get("Data").is_none()));
        assert_eq!(read(), before);
        let shown = server.rows(&format!("{codes}&$select=Id,Data"), admin);
        assert_eq!(read(), before + 1);
        let contents: Vec<Value> = shown
            .iter()
            .filter_map(|row| row["Data"].as_str())
            .map(|data| serde_json::from_str(data).unwrap())
            .collect();
        assert!(!contents.is_empty() && contents.iter().all(|data| data.get("user_code").is_none()), "{contents:?}");
        let one = format!("{TOKENS}({})", shown[0]["Id"].as_str().unwrap());
        for path in [format!("{one}/Data"), format!("{one}?$select=Data")] {
            assert!(server.odata(&path, admin).status().is_success(), "{path}");
        }
        assert_eq!(read(), before + 3);
        for path in [format!("{TOKENS}?$select=Data"), format!("{TOKENS}?$select=default,Data&$top=1"), "Systems_Security_AccessTokenScopes?$top=1&$expand=AccessToken($select=Data)".to_owned()] {
            assert_eq!(server.odata(&path, user).status(), 403, "{path}");
        }
    }
}
