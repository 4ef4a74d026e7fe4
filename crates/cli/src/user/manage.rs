//! `grantor user reset-second-factor`, `unlock`, `sessions` and `sign-out`.

use clap::Args;
use serde_json::{Value, json};

use crate::clock;
use crate::context::Context;
use crate::mutation::{ADMINISTRATOR, Mutation, said};
use crate::output;

/// Remove a user's second factors, and sign the user out
#[derive(Args)]
#[command(after_help = "Example:\n  grantor user reset-second-factor ada")]
pub struct ResetArgs {
    /// The user's login
    #[arg(value_name = "LOGIN")]
    login: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Unlock a user after too many wrong passwords or codes
#[derive(Args)]
#[command(after_help = "Example:\n  grantor user unlock ada")]
pub struct UnlockArgs {
    /// The user's login
    #[arg(value_name = "LOGIN")]
    login: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// List a user's sessions of the pages
#[derive(Args)]
#[command(after_help = "Example:\n  grantor user sessions ada")]
pub struct SessionsArgs {
    /// The user's login
    #[arg(value_name = "LOGIN")]
    login: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// End all of a user's sessions of the pages, or one
#[derive(Args)]
#[command(after_help = "Examples:
  grantor user sign-out ada
  grantor user sign-out ada --session 0198c5f2-7f3a-7c44-9d2f-3b1f0a5e6c7d")]
pub struct SignOutArgs {
    /// The user's login
    #[arg(value_name = "LOGIN")]
    login: String,
    /// The id of the session, as `grantor user sessions` shows it
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const RESET: Mutation = Mutation {
    name: "userSecondFactorReset",
    needs: ADMINISTRATOR,
    payload: "hadAuthenticator passkeyCount",
};
const UNLOCK: Mutation = Mutation { name: "userUnlock", needs: ADMINISTRATOR, payload: "wasLocked" };
const SIGN_OUT: Mutation = Mutation { name: "userSignOut", needs: ADMINISTRATOR, payload: "sessionCount" };

/// Removes the second factors.
pub(super) fn reset(context: &Context, args: &ResetArgs) -> anyhow::Result<()> {
    let had = RESET.run(&context.server()?, &json!({"login": args.login}))?;
    if args.json {
        return output::json(&had);
    }
    output::note(&after_reset(&args.login, &had));
    Ok(())
}

fn after_reset(login: &str, had: &Value) -> String {
    let app = if had["hadAuthenticator"] == true { "an authenticator app" } else { "no authenticator app" };
    let passkeys = match had["passkeyCount"].as_u64().unwrap_or_default() {
        0 => "no passkey".to_owned(),
        1 => "one passkey".to_owned(),
        count => format!("{count} passkeys"),
    };
    format!("{login} had {app} and {passkeys}. They sign in with the password alone now.")
}

/// Unlocks the user.
pub(super) fn unlock(context: &Context, args: &UnlockArgs) -> anyhow::Result<()> {
    let unlocked = UNLOCK.run(&context.server()?, &json!({"login": args.login}))?;
    if args.json {
        return output::json(&unlocked);
    }
    let was_locked = unlocked["wasLocked"] == true;
    let before = if was_locked { "was locked" } else { "was not locked" };
    output::note(&format!("{} {before}; wrong passwords and codes are forgotten.", args.login));
    Ok(())
}

/// Lists the sessions.
pub(super) fn sessions(context: &Context, args: &SessionsArgs) -> anyhow::Result<()> {
    let document = "query($login: String!) { userSessions(login: $login) {
        uuid ipAddress userAgent createdAt authenticatedAt methods lastSeenAt expiresAt } }";
    let data: Value = context.server()?.graphql(&["read", "sec"], document, &json!({"login": args.login}))?;
    let sessions = data["userSessions"].as_array().cloned().unwrap_or_default();
    if args.json {
        return output::json(&sessions);
    }
    if sessions.is_empty() {
        output::note(&format!("{} is not signed in anywhere.", args.login));
        return Ok(());
    }
    let headings = ["ID", "ADDRESS", "SINCE", "LAST USED", "BROWSER"].map(str::to_owned);
    let rows: Vec<Vec<String>> = sessions.iter().map(cells).collect();
    Ok(output::result(&output::table(&headings, &rows))?)
}

fn cells(session: &Value) -> Vec<String> {
    let text = |name: &str| session[name].as_str().unwrap_or_default();
    vec![
        text("uuid").to_owned(),
        text("ipAddress").to_owned(),
        clock::short(text("createdAt")),
        clock::short(text("lastSeenAt")),
        text("userAgent").to_owned(),
    ]
}

/// Ends the sessions.
pub(super) fn sign_out(context: &Context, args: &SignOutArgs) -> anyhow::Result<()> {
    let input = said([
        ("login", Some(args.login.as_str().into())),
        ("sessionId", args.session.clone().map(Value::from)),
    ]);
    let ended = SIGN_OUT.run(&context.server()?, &input)?;
    if args.json {
        return output::json(&ended);
    }
    output::note(&format!("Ended sessions: {}.", ended["sessionCount"]));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_had_is_counted_in_words() {
        let after =
            |passkeys: u64| after_reset("ada", &json!({"hadAuthenticator": true, "passkeyCount": passkeys}));
        assert!(after(0).starts_with("ada had an authenticator app and no passkey."));
        assert!(after(1).contains("one passkey.") && after(2).contains("2 passkeys."));
    }

    #[test]
    fn a_session_has_a_cell_under_every_heading() {
        let session = json!({"uuid": "1", "ipAddress": "::1", "userAgent": "Firefox",
            "createdAt": "2026-08-01T10:20:30Z", "lastSeenAt": "2026-08-01T11:20:30Z"});
        assert_eq!(cells(&session), ["1", "::1", "2026-08-01 10:20", "2026-08-01 11:20", "Firefox"]);
    }
}
