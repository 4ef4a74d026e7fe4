//! Rules for all commands.

use clap::{CommandFactory as _, Parser as _};

use super::*;

/// Returns every command with its name, such as `grantor token list`.
fn commands() -> Vec<(String, clap::Command)> {
    fn walk(path: &str, command: &clap::Command, found: &mut Vec<(String, clap::Command)>) {
        for child in command.get_subcommands().filter(|child| child.get_name() != "help") {
            walk(&format!("{path} {}", child.get_name()), child, found);
        }
        found.push((path.to_owned(), command.clone()));
    }
    let mut root = CommandLine::command();
    root.build();
    let mut found = Vec::new();
    walk("grantor", &root, &mut found);
    found
}

fn parse(arguments: &[&str]) -> Result<CommandLine, clap::Error> {
    CommandLine::try_parse_from(std::iter::once("grantor").chain(arguments.iter().copied()))
}

#[test]
fn the_definitions_agree_with_each_other() {
    CommandLine::command().debug_assert();
}

#[test]
fn every_command_has_a_help_text_with_an_example_of_itself() {
    for (path, mut command) in commands() {
        assert!(command.get_about().is_some_and(|about| !about.to_string().is_empty()), "{path}");
        let help = command.render_long_help().to_string();
        let (_, examples) = help.split_once("Example").unwrap_or_else(|| panic!("{path} has no example"));
        assert!(examples.contains(&path), "{path}: {examples}");
    }
}

#[test]
fn examples_fit_into_a_line() {
    for (path, command) in commands() {
        // Zero: nothing is wrapped.
        let help = command.term_width(0).render_long_help().to_string();
        let examples = help.split_once("Example").map_or("", |(_, examples)| examples);
        assert!(examples.lines().all(|line| line.chars().count() < 100), "{path}: {examples}");
    }
}

#[test]
fn every_option_says_what_it_is() {
    for (path, command) in commands() {
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{path}: {}", argument.get_id());
        }
    }
}

#[test]
fn what_is_read_by_programs_is_printed_as_json() {
    let of_server = ["token ", "app ", "user ", "scope ", "resource ", "whoami", "query"];
    for (path, command) in commands() {
        let verb = path.strip_prefix("grantor ").unwrap_or_default();
        if of_server.iter().any(|noun| verb.starts_with(noun)) {
            let has_json = command.get_arguments().any(|argument| argument.get_long() == Some("json"));
            assert!(has_json, "{path} has no --json");
        }
    }
}

#[test]
fn a_secret_is_no_option() {
    for (path, command) in commands() {
        for argument in command.get_arguments() {
            let name = argument.get_long().unwrap_or_default();
            assert!(!["token", "password", "secret"].contains(&name), "{path} --{name}");
        }
    }
}

#[test]
fn the_server_can_be_named_before_and_after_the_command() {
    for arguments in [["--url", "http://h", "whoami"], ["whoami", "--url", "http://h"]] {
        assert_eq!(parse(&arguments).unwrap_or_else(|e| panic!("{e}")).url.unwrap().as_str(), "http://h");
    }
    assert!(parse(&["whoami", "--url", "h:80"]).is_err_and(|error| error.exit_code() == 2));
}

#[test]
fn a_flag_that_is_not_given_has_no_value() {
    let serve = |arguments: &[&str]| match parse(arguments).unwrap_or_else(|e| panic!("{e}")).command {
        Command::Serve(args) => serde_json::to_value(args.settings.flags).unwrap(),
        _ => panic!("another command"),
    };
    assert_eq!(serve(&["serve"]), serde_json::json!({}));
    let given = serde_json::json!({
        "data": "d", "listen": "127.0.0.1:0", "public_url": "http://p", "database_url": "postgres://x",
        "demo": true,
    });
    let arguments = [
        "serve",
        "--data",
        "d",
        "--listen",
        "127.0.0.1:0",
        "--public-url",
        "http://p",
        "--database-url",
        "postgres://x",
        "--demo",
        "--config",
        "f",
    ];
    assert_eq!(serve(&arguments), given);
    assert_eq!(serve(&["serve", "--demo=false"]), serde_json::json!({"demo": false}));
    assert!(parse(&["serve", "--listen", "8080"]).is_err());
}

#[test]
fn the_overview_is_short() {
    insta::assert_snapshot!(CommandLine::command().term_width(120).render_help().to_string(), @"
    Issue, use, list and revoke access tokens

    Usage: grantor [OPTIONS] <COMMAND>

    Commands:
      serve        Start the server
      demo-data    Add grants of every kind to the registry
      keys         Manage the keys with which the server encrypts
      admin        Regain access as an administrator, on the machine of the registry
      login        Sign in to a server through the browser
      logout       Sign out: revoke the token and remove it from this computer
      whoami       Show the user and the scopes of the token
      token        Create, list, show, change and revoke access tokens
      app          Register, list, show and change applications (clients)
      user         Create, invite, list, disable and unlock users, and manage their second factors and sessions
      scope        Add, list, change and retire the scopes of the catalogue
      resource     Add, list, change and retire resource servers
      query        Read from the OData service
      import       Create and change rows from a file
      scan         Find tokens in files, by their prefix and checksum
      reference    Write the reference: pages and machine-readable descriptions
      completions  Print a completion script for a shell
      help         Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Global options:
          --url <URL>  The address of the server [default: that of the last sign-in] [env: GRANTOR_URL]

    Examples:
      grantor serve --demo                     start a server with demonstration data
      grantor login                            sign in to it through the browser
      grantor token create --app CLIENT_ID --description 'nightly backup' --scope read
      grantor query 'Systems_Security_AccessTokens?$top=5'
      grantor scan .                           find tokens in files

    Environment:
      GRANTOR_URL          the address of the server
      GRANTOR_TOKEN        the access token, instead of that of `grantor login`
      GRANTOR_CONFIG_HOME  the folder of the sign-ins

    Exit status: 0 done, 1 error, 2 invalid command line
    ");
}
