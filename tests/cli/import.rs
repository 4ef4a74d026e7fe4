//! `grantor import`.

use serde_json::Value;

on_both_engines! {
    /// Rows of CSV are created and merged; those that fail are written to a file, and the command fails.
    fn csv_is_imported(server: &mut Server) {
        let admin = server.world().admin.pat;
        let file = server.folder().join("people.csv");
        let path = file.to_str().unwrap();
        let import = |text: &str, more: &[&str]| {
            std::fs::write(&file, text).unwrap();
            server.cli(&[&["import", path, "--entity", "Users"], more].concat(), Some(&admin))
        };
        let names = || {
            let rows = server.rows(
                "Systems_Security_Users?$filter=ExternalSystem eq 'csv'&$orderby=Login&$select=Name,IsAdmin",
                &admin,
            );
            rows.iter().map(|row| row["Name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let text = "Login,Name,ExternalId,ExternalSystem,IsAdmin\ncsv-a,\"A, the first\",1,csv,false\ncsv b,B,2,csv,false\n";
        let error = import(text, &[]).unwrap_err();
        assert!(error.contains("1 of 2 objects succeeded"), "{error}");
        assert_eq!(names(), ["A, the first"]);
        let failures = std::fs::read_to_string(server.folder().join("people.csv.failures.ndjson")).unwrap();
        let failure: Value = serde_json::from_str(&failures).unwrap();
        assert_eq!((&failure["number"], &failure["object"]["Login"]), (&2.into(), &"csv b".into()));
        assert_eq!(failure["error"]["details"][0]["target"], "Login");

        let text = "Login,Name,ExternalId,ExternalSystem\ncsv-a,A,1,csv\ncsv-b,B,2,csv\n";
        import(text, &["--action", "merge", "--find-by", "ExternalId"]).unwrap();
        assert_eq!(names(), ["A", "B"]);
        import("Login\ncsv-a\ncsv-b\n", &["--action", "delete", "--find-by", "Login"]).unwrap();
        assert!(names().is_empty());
    }

    /// Lines and arrays of JSON are imported, also as a whole or not at all.
    fn json_is_imported(server: &mut Server) {
        let admin = server.world().admin.pat;
        let import = |name: &str, text: &str, more: &[&str]| {
            let file = server.folder().join(name);
            std::fs::write(&file, text).unwrap();
            server.cli(&[&["import", file.to_str().unwrap()], more].concat(), Some(&admin))
        };
        let count = || server.count("Systems_Security_Users?$filter=startswith(Login,'json-')", &admin);
        let user = |login: &str| format!(r#"{{"@odata.type":"Erp.Systems_Security_User","Login":"{login}","Name":"J"}}"#);
        import("lines.ndjson", &format!("{}\n{}\n", user("json-a"), user("json-b")), &[]).unwrap();
        assert_eq!(count(), 2);
        let wrong = format!("[{},{}]", user("json-c"), user("json-a"));
        let error = import("array.json", &wrong, &["--all-or-nothing"]).unwrap_err();
        assert!(error.contains("0 of 2 objects succeeded"), "{error}");
        assert_eq!(count(), 2);
        import("array.json", &format!("[{}]", user("json-c")), &["--all-or-nothing"]).unwrap();
        assert_eq!(count(), 3);
        for text in ["", "[]", "[1]", "{"] {
            assert!(import("wrong.json", text, &[]).is_err(), "{text}");
        }
        let token = r#"{"@odata.type":"Erp.Systems_Security_AccessToken","Kind":"PersonalAccessToken","Client":"demo-web","Description":"cli","Scopes":"read"}"#;
        let secret = import("token.ndjson", token, &[]).unwrap();
        assert!(server.accepts(secret.trim().split('\t').nth(1).unwrap()), "{secret}");
    }
}
