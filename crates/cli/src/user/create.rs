//! `grantor user create`.

use std::io::Read;

use clap::Args;
use serde_json::Value;

use crate::context::Context;
use crate::mutation::{ADMINISTRATOR, Mutation, said};
use crate::output;
use crate::problem::Problem;

/// Create a user
///
/// A user without a password cannot sign in, but an application can act as this user.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor user create --login robot --name 'Backup robot'
  grantor user create --login ann --name 'Ann Lee' --password-stdin < password-file")]
pub struct CreateArgs {
    /// The login
    #[arg(long)]
    login: String,
    /// The user's name
    #[arg(long)]
    name: String,
    /// The e-mail address
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Make the user an administrator
    #[arg(long)]
    admin: bool,
    /// Read the password from standard input (its first line)
    #[arg(long)]
    password_stdin: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const CREATE: Mutation = Mutation {
    name: "userCreate",
    needs: ADMINISTRATOR,
    payload: "user { uuid login name email isAdmin active }",
};

/// Creates the user.
pub(super) fn run(context: &Context, args: &CreateArgs) -> anyhow::Result<()> {
    let server = context.server()?;
    let password = args.password_stdin.then(|| read_password(std::io::stdin().lock())).transpose()?;
    let created = CREATE.run(&server, &input(args, password))?;
    let user = &created["user"];
    if args.json {
        return output::json(user);
    }
    let id = user["uuid"].as_str().unwrap_or_default();
    Ok(output::result(&format!("Created the user {} with the id {}.", args.login, output::clean(id)))?)
}

/// Reads the first line without its line ending. A password can contain every other character.
fn read_password(mut from: impl Read) -> anyhow::Result<String> {
    let mut text = String::new();
    from.read_to_string(&mut text)
        .map_err(|error| Problem::new(format!("cannot read the password: {error}")))?;
    let password = text.lines().next().unwrap_or_default();
    if password.is_empty() {
        let problem = Problem::new("there is no password on standard input");
        return Err(problem.hint("pipe it in, or leave out --password-stdin").into());
    }
    Ok(password.to_owned())
}

fn input(args: &CreateArgs, password: Option<String>) -> Value {
    said([
        ("login", Some(args.login.as_str().into())),
        ("name", Some(args.name.as_str().into())),
        ("isAdmin", Some(args.admin.into())),
        ("email", args.email.clone().map(Value::from)),
        ("password", password.map(Value::from)),
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_password_is_the_first_line_as_it_is() {
        assert_eq!(read_password(" pass word \r\nrest".as_bytes()).unwrap(), " pass word ");
        assert_eq!(read_password("pässword".as_bytes()).unwrap(), "pässword");
        assert!(read_password("\n".as_bytes()).is_err() && read_password(b"\xff".as_slice()).is_err());
    }

    #[test]
    fn only_what_is_said_is_sent() {
        let args = |email: Option<&str>, admin| CreateArgs {
            login: "ann".to_owned(),
            name: "Ann".to_owned(),
            email: email.map(str::to_owned),
            admin,
            password_stdin: false,
            json: false,
        };
        assert_eq!(input(&args(None, false), None), json!({"login": "ann", "name": "Ann", "isAdmin": false}));
        let full =
            json!({"login": "ann", "name": "Ann", "isAdmin": true, "email": "a@b.example", "password": "p"});
        assert_eq!(input(&args(Some("a@b.example"), true), Some("p".to_owned())), full);
    }
}
