//! `grantor app`, `grantor user` and `grantor query`.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Application, Browser, Server, outcome};

/// Creates a user whose password is read from a pipe.
fn create_user(server: &Server, arguments: &[&str], password: &str) -> Result<String, String> {
    let mut command = server.command();
    command.args(["user", "create"]).args(arguments).arg("--password-stdin");
    command.env("GRANTOR_URL", &server.url).env("GRANTOR_TOKEN", server.world().admin.pat);
    let mut process =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()).unwrap();
    outcome(&process.wait_with_output().unwrap())
}

on_both_engines! {
    /// A registered client works with the printed secret; its client id is then taken.
    fn an_application_is_registered(server: &mut Server) {
        let world = server.world();
        let admin = Some(world.admin.pat.as_str());
        let create = [
            "app",
            "create",
            "--client-id",
            "backup",
            "--name",
            "Backup job",
            "--type",
            "confidential",
            "--scope",
            "read update",
            "--system-user",
            "nightly-export",
            "--reference-tokens",
            "admins",
        ];
        let secret = server.cli(&create, admin).unwrap().trim().to_owned();
        let backup = Application {
            client_id: "backup".into(),
            client_secret: Some(secret.clone()),
            redirect_uri: String::new(),
        };
        assert!(server.accepts(&server.client_credentials(&backup)));
        let taken = server.cli(&create, admin).unwrap_err();
        assert!(taken.contains("there is an application with this client id already"), "{taken}");

        let list = server.cli(&["app", "list"], admin).unwrap();
        let line = list.lines().find(|line| line.starts_with("backup ")).unwrap_or_else(|| panic!("{list}"));
        assert!(line.contains("Backup job") && line.contains("read update"), "{line}");
        let shown = server.cli(&["app", "show", "backup"], admin).unwrap();
        assert!(shown.contains("Backup job") && !shown.contains(&secret), "{shown}");
        let shown: Value =
            serde_json::from_str(&server.cli(&["app", "show", "backup", "--json"], admin).unwrap()).unwrap();
        assert_eq!(shown["ReferenceTokens"], "AdministratorsOnly");

        let refused = server.cli(&create, Some(&world.user.pat)).unwrap_err();
        assert!(refused.contains("only an administrator"), "{refused}");
        for wrong in [
            ["--scope", "read", "--system-user", "no body"],
            ["--scope", "read", "--redirect-uri", "javascript:alert(1)"],
            ["--scope", "r\u{e9}ad", "--description", "x"],
        ] {
            let create = [
                &["app", "create", "--client-id", "x", "--name", "X", "--type", "confidential"],
                wrong.as_slice(),
            ]
            .concat();
            assert!(server.cli(&create, admin).unwrap_err().starts_with("error: "), "{wrong:?}");
        }
        assert!(server.cli(&["app", "show", "x"], admin).unwrap_err().contains("there is no application x"));
    }

    /// A disabled client gets no tokens until it is enabled again.
    fn an_application_is_changed(server: &mut Server) {
        let world = server.world();
        let change = |more: &[&str]| {
            let arguments = [&["app", "change", "demo-service"], more].concat();
            server.cli(&arguments, Some(&world.admin.pat))
        };
        let service = &world.applications.service;
        let token = server.client_credentials(service);
        let off: Value = serde_json::from_str(&change(&["--enabled", "false", "--json"]).unwrap()).unwrap();
        assert_eq!((&off["clientId"], &off["isEnabled"]), (&"demo-service".into(), &false.into()));
        assert!(!server.accepts(&token), "at once");
        change(&["--enabled", "true", "--name", "Warehouse at night"]).unwrap();
        assert!(server.accepts(&server.client_credentials(service)));
        let shown = server.cli(&["app", "show", "demo-service"], Some(&world.admin.pat)).unwrap();
        assert!(shown.contains("Warehouse at night"), "{shown}");
        let refused = server.cli(&["app", "change", "unknown", "--name", "x"], Some(&world.admin.pat));
        assert!(refused.unwrap_err().contains("there is no application unknown"));
        let refused = server.cli(&["app", "change", "demo-web", "--name", "x"], Some(&world.user.pat));
        assert!(refused.unwrap_err().starts_with("error: "), "only for administrators");
    }

    /// A new user signs in with the password from the pipe.
    fn a_user_is_added(server: &mut Server) {
        let world = server.world();
        let ida = ["--login", "ida", "--name", "Ida Rhodes", "--email", "ida@example.com"];
        let printed = create_user(server, &ida, "one two three four").unwrap();
        assert!(printed.starts_with("Created the user ida with the id "), "{printed}");
        assert_eq!(Browser::new(server).sign_in("ida", "one two three four").path, "/tokens");
        let taken = create_user(server, &ida, "one two three four").unwrap_err();
        assert!(taken.contains("there is a user with this login already"), "{taken}");
        let short = create_user(server, &["--login", "bob", "--name", "Bob"], "short").unwrap_err();
        assert!(short.contains("8") && !short.contains("short"), "{short}");
        let list = server.cli(&["user", "list"], Some(&world.admin.pat)).unwrap();
        assert!(
            list.lines().any(|line| line.starts_with("ida ") && line.contains("ida@example.com")),
            "{list}"
        );
        assert!(!list.contains("bob"), "{list}");
        let robot = ["user", "create", "--login", "robot", "--name", "Robot", "--json"];
        let robot: Value =
            serde_json::from_str(&server.cli(&robot, Some(&world.admin.pat)).unwrap()).unwrap();
        assert!(robot["login"] == "robot" && robot["isAdmin"] == false && robot["active"] == true);
        let refused = server
            .cli(&["user", "create", "--login", "x", "--name", "X"], Some(&world.user.pat))
            .unwrap_err();
        assert!(refused.contains("only an administrator"), "{refused}");
    }

    /// The same rows as a table, as JSON, and up to the last page.
    fn the_registry_is_queried(server: &mut Server) {
        let admin = server.world().admin.pat;
        let ask = |arguments: &[&str]| server.cli(&[&["query"], arguments].concat(), Some(&admin)).unwrap();
        let query = "Systems_Security_AccessTokens?$filter=Kind eq 'DeviceCode'&$select=Id,Type\
                     &$orderby=CreationTimestamp desc&$top=5";
        let table = ask(&[query]);
        assert_eq!(table.lines().count(), 6, "{table}");
        assert!(table.lines().skip(1).all(|line| line.contains("device_code")), "{table}");
        let json: Value = serde_json::from_str(&ask(&["--json", query])).unwrap();
        assert_eq!(json["value"].as_array().unwrap().len(), 5);
        for row in json["value"].as_array().unwrap() {
            assert!(table.contains(row["Id"].as_str().unwrap()));
        }
        let all: Value =
            serde_json::from_str(&ask(&["--json", "--all", "Systems_Security_AccessTokens?$select=Id"]))
                .unwrap();
        let count: u64 = ask(&["Systems_Security_AccessTokens/$count"]).trim().parse().unwrap();
        assert_eq!(all["value"].as_array().unwrap().len() as u64, count);
        assert!(count > 400);
        assert!(ask(&["$metadata"]).contains("\"$Version\""));
        assert!(
            ask(&["Systems_Security_Users?$filter=Login eq 'ada'&$select=Name"]).contains("Ada Lovelace")
        );
    }
}
