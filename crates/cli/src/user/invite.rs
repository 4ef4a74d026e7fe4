//! `grantor user invite` and `link`.

use clap::Args;
use serde_json::{Value, json};

use crate::context::Context;
use crate::mutation::{ADMINISTRATOR, Mutation, said};
use crate::{clock, output};

/// Create a user who sets the first password with a link
///
/// The link is printed alone on standard output. It works once, for three days. Hand it over to the user.
#[derive(Args)]
#[command(after_help = "Example:\n  grantor user invite ann --name 'Ann Lee'")]
pub struct InviteArgs {
    /// The login
    #[arg(value_name = "LOGIN")]
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
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Create a link with which a user sets a new password
///
/// The link is printed alone on standard output. It works once, for three days, and replaces an earlier one.
#[derive(Args)]
#[command(after_help = "Example:\n  grantor user link ann")]
pub struct LinkArgs {
    /// The user's login
    #[arg(value_name = "LOGIN")]
    login: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const INVITE: Mutation =
    Mutation { name: "userInvite", needs: ADMINISTRATOR, payload: "user { uuid login } url expiresAt" };
const LINK: Mutation =
    Mutation { name: "userLinkCreate", needs: ADMINISTRATOR, payload: "user { uuid login } url expiresAt" };

/// Creates the user and prints the link.
pub(super) fn invite(context: &Context, args: &InviteArgs) -> anyhow::Result<()> {
    let input = said([
        ("login", Some(args.login.as_str().into())),
        ("name", Some(args.name.as_str().into())),
        ("email", args.email.as_deref().map(Value::from)),
        ("isAdmin", args.admin.then_some(true.into())),
    ]);
    show(&INVITE.run(&context.server()?, &input)?, args.json)
}

/// Prints a link.
pub(super) fn link(context: &Context, args: &LinkArgs) -> anyhow::Result<()> {
    show(&LINK.run(&context.server()?, &json!({"login": args.login}))?, args.json)
}

fn show(given: &Value, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        return output::json_with_secret(given);
    }
    output::note(&note(given));
    Ok(output::secret(given["url"].as_str().unwrap_or_default())?)
}

fn note(given: &Value) -> String {
    let login = given["user"]["login"].as_str().unwrap_or_default();
    let end = given["expiresAt"].as_str().map(clock::short).unwrap_or_default();
    format!("{} sets a password with this link until {end} UTC:", output::clean(login))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_its_user_and_end() {
        let given = json!({"user": {"login": "ann"}, "expiresAt": "2026-08-04T10:20:30Z", "url": "x"});
        assert_eq!(note(&given), "ann sets a password with this link until 2026-08-04 10:20 UTC:");
    }
}
