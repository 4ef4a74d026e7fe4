//! `grantor user update`.

use clap::Args;
use serde_json::Value;

use crate::context::Context;
use crate::mutation::{ADMINISTRATOR, Mutation, said};
use crate::output;
use crate::problem::Problem;

/// Change the name, e-mail address or rights of a user
///
/// A new e-mail address is not confirmed. If the server sends mail, the new address gets a link to confirm it, and a confirmed former address gets a notice.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor user update ann --name 'Ann Lee' --email ann@example.com
  grantor user update ann --admin")]
pub struct UpdateArgs {
    /// The user's login
    #[arg(value_name = "LOGIN")]
    login: String,
    /// The user's new name
    #[arg(long)]
    name: Option<String>,
    /// The new e-mail address
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Remove the e-mail address
    #[arg(long, conflicts_with = "email")]
    no_email: bool,
    /// Make the user an administrator
    #[arg(long)]
    admin: bool,
    /// Take the rights of an administrator
    #[arg(long, conflicts_with = "admin")]
    no_admin: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const UPDATE: Mutation = Mutation {
    name: "userUpdate",
    needs: ADMINISTRATOR,
    payload: "user { uuid login name email isAdmin active }",
};

/// Changes the user.
pub(super) fn run(context: &Context, args: &UpdateArgs) -> anyhow::Result<()> {
    let input = input(args);
    if input.as_object().is_none_or(|members| members.len() == 1) {
        let problem = Problem::new("there is nothing to change");
        return Err(problem.hint("give --name, --email, --no-email, --admin or --no-admin").into());
    }
    let done = UPDATE.run(&context.server()?, &input)?;
    if args.json {
        return output::json(&done["user"]);
    }
    output::note(&format!("{} is changed.", args.login));
    Ok(())
}

fn input(args: &UpdateArgs) -> Value {
    let email = if args.no_email { Some(String::new()) } else { args.email.clone() };
    said([
        ("login", Some(args.login.as_str().into())),
        ("name", args.name.clone().map(Value::from)),
        ("email", email.map(Value::from)),
        ("isAdmin", (args.admin || args.no_admin).then(|| args.admin.into())),
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_changes_is_sent() {
        let args = |no_email, admin, no_admin| UpdateArgs {
            login: "ann".to_owned(),
            name: None,
            email: None,
            no_email,
            admin,
            no_admin,
            json: false,
        };
        assert_eq!(input(&args(false, false, false)), json!({"login": "ann"}));
        assert_eq!(input(&args(true, true, false)), json!({"login": "ann", "email": "", "isAdmin": true}));
        assert_eq!(input(&args(false, false, true)), json!({"login": "ann", "isAdmin": false}));
    }
}
