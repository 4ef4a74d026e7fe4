//! Errors say what to do next; exit codes inform scripts.

use crate::support::{Engine, Server};

#[test]
fn problems_say_what_to_do_next() {
    let server = Server::demo(Engine::Sqlite);
    let world = server.world();
    let fails = |arguments: &[&str], token: Option<&str>, parts: &[&str]| {
        let error = server.cli(arguments, token).unwrap_err();
        for part in parts {
            assert!(error.contains(part), "{arguments:?}: {error}");
        }
        assert!(!error.contains("panicked") && !error.contains(token.unwrap_or("\u{0}")), "{error}");
    };
    let login = format!("run `grantor login {}`", server.url);
    for command in [["token", "list"], ["app", "list"], ["user", "list"], ["query", "Systems_Security_Users"]]
    {
        fails(&command, None, &["not signed in to", &login]);
    }
    fails(&["whoami"], None, &["not signed in to", &login]);
    let unknown = world.user.pat.replacen("grt_pat", "grt_sat", 1);
    fails(&["whoami"], Some(&unknown), &["does not accept the token in GRANTOR_TOKEN", "set another one"]);
    fails(&["whoami"], Some("not a token"), &["GRANTOR_TOKEN holds characters that no token has"]);

    let reader = ["token", "create", "--app", "grantor-cli", "--description", "reader", "--scope", "read"];
    let reader = server.cli(&reader, Some(&world.user.pat)).unwrap();
    let make = ["token", "create", "--app", "demo-web", "--description", "x"];
    fails(&make, Some(reader.trim()), &["lacks the scope 'update'", "this needs the scope `update`"]);
    let make = |app| ["token", "create", "--app", app, "--description", "x"];
    fails(&make("demo-native"), Some(&world.user.pat), &["policy for reference tokens is None"]);
    fails(&make("demo-service"), Some(&world.user.pat), &["only administrators can make tokens"]);
    fails(&make("unknown"), Some(&world.user.pat), &["there is no such application"]);
    let missing = "0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d";
    fails(&["token", "show", missing], Some(&world.user.pat), &["there is no token", "grantor token list"]);
    let pasted = server.cli(&["token", "show", &world.user.pat], Some(&world.user.pat)).unwrap_err();
    assert!(
        pasted.contains("does not belong on a command line") && !pasted.contains(&world.user.pat),
        "{pasted}"
    );
    let query = |query| ["query", query];
    let me = Some(world.user.pat.as_str());
    fails(&query("Systems_Security_AccessToken"), me, &["Systems_Security_AccessTokens"]);
    fails(&query("Systems_Security_AccessTokens?$filter=Descripton eq 'x'"), me, &["Description"]);
    fails(&query("Systems_Security_AccessTokens?$filter=Description eq 'x'"), me, &["Description"]);
    fails(&query("Systems_Security_AccessTokens?$top=many"), me, &["$top"]);
}

/// A server that does not exist or is something else.
#[test]
fn a_server_that_is_not_there_is_told() {
    let mut server = Server::demo(Engine::Sqlite);
    let pat = server.world().user.pat;
    server.kill();
    let error = server.cli(&["whoami"], Some(&pat)).unwrap_err();
    assert!(error.contains("is the server running?") && !error.contains(&pat), "{error}");
    let error = server.cli(&["--url", "ftp://x", "whoami"], Some(&pat)).unwrap_err();
    assert!(error.contains("ftp://x"), "{error}");
}

/// Every supported shell gets a completion script with the commands.
#[test]
fn shells_complete_the_commands() {
    let server = Server::demo(Engine::Sqlite);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = server.cli(&["completions", shell], None).unwrap();
        for command in ["serve", "whoami", "demo-data", "revoke", "no-browser"] {
            assert!(script.contains(command), "{shell} does not know {command}");
        }
    }
    assert!(server.cli(&["completions", "cmd"], None).unwrap_err().contains("bash"));
}

/// An invalid configuration is not ignored.
#[test]
fn a_configuration_that_is_not_there_is_told() {
    let server = Server::demo(Engine::Sqlite);
    let refused = |config: &std::path::Path| {
        let mut command = server.command();
        let output =
            command.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(config).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    let file = server.folder().join("grantor.toml");
    let missing = refused(&file);
    assert!(missing.starts_with("error: ") && missing.contains("grantor.toml"), "{missing}");
    std::fs::write(&file, "pubic_url = \"https://id.example.org\"\n").unwrap();
    let mistyped = refused(&file);
    assert!(
        mistyped.contains("there is no setting 'pubic_url'") && mistyped.contains("'public_url'"),
        "{mistyped}"
    );
    std::fs::write(&file, "idle_timeout = \"long\"\n").unwrap();
    let wrong = refused(&file);
    assert!(wrong.contains("idle_timeout") && wrong.contains("grantor.toml"), "{wrong}");
}
