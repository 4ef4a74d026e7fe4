//! `grantor user create`.

use std::io::Read;

use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::cli::context::Context;
use crate::cli::output;
use crate::cli::problem::Problem;

/// Create a user
///
/// A user without a password cannot sign in, but an application can act as them.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor user create --login robot --name 'Backup robot'
  grantor user create --login ann --name 'Ann Lee' --password-stdin < password-file")]
pub(crate) struct CreateArgs {
    /// The name to sign in with
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

const DOCUMENT: &str = "mutation($input: UserCreateMutationInput!) {
    userCreate(input: $input) { user { uuid login name email isAdmin active } }
}";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    user_create: Created,
}

#[derive(Deserialize)]
struct Created {
    user: Value,
}

/// Creates the user.
pub(super) fn run(context: &Context, args: &CreateArgs) -> anyhow::Result<()> {
    let server = context.server()?;
    let password = args.password_stdin.then(|| read_password(std::io::stdin().lock())).transpose()?;
    let variables = json!({"input": input(args, password)});
    let data: Data = server.graphql(&["update", "sec"], DOCUMENT, &variables)?;
    let user = data.user_create.user;
    if args.json {
        return output::json(&user);
    }
    let id = user.get("uuid").and_then(Value::as_str).unwrap_or_default();
    Ok(output::result(&format!("Created the user {} with the id {}.", args.login, output::clean(id)))?)
}

/// The first line, without its end; a password may hold anything else.
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
    let mut input = Map::new();
    input.insert("login".to_owned(), args.login.as_str().into());
    input.insert("name".to_owned(), args.name.as_str().into());
    input.insert("isAdmin".to_owned(), args.admin.into());
    if let Some(email) = &args.email {
        input.insert("email".to_owned(), email.as_str().into());
    }
    if let Some(password) = password {
        input.insert("password".to_owned(), password.into());
    }
    Value::Object(input)
}

#[cfg(test)]
mod tests {
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
