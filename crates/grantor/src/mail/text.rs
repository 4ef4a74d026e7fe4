//! The texts of mails.

use askama::Template;
use authority::mail::{Letter, Message, Notice};
use authority::text::isolated;
use model::Timestamp;
use web::http::paths::mail as path;

/// The subject and body of a mail.
pub(crate) struct Text {
    pub(crate) subject: &'static str,
    pub(crate) body: String,
}

#[derive(Template)]
#[template(path = "mail/confirm_address.txt")]
struct ConfirmAddress<'a> {
    login: &'a str,
    site: &'a str,
    link: String,
}

#[derive(Template)]
#[template(path = "mail/reset_password.txt")]
struct ResetPassword<'a> {
    login: &'a str,
    site: &'a str,
    at: String,
    from: &'a str,
    link: String,
}

#[derive(Template)]
#[template(path = "mail/notice.txt")]
struct NoticeText<'a> {
    what: String,
    login: &'a str,
    site: &'a str,
    at: String,
    from: Option<&'a str>,
    advice: String,
}

/// Writes the text of a mail; `site` is the public address of this server.
pub(crate) fn write(letter: &Letter, site: &str) -> askama::Result<Text> {
    let secret = letter.secret.as_ref().map(|secret| secret.expose()).unwrap_or_default();
    let login = isolated(&letter.login);
    let (login, at, from) = (login.as_str(), readable(letter.at), letter.address.as_str());
    let (subject, body) = match &letter.message {
        Message::ConfirmAddress => {
            let link = format!("{site}{}{secret}", path::CONFIRM);
            ("Confirm your e-mail address", ConfirmAddress { login, site, link }.render()?)
        }
        Message::ResetPassword => {
            let link = format!("{site}{}{secret}", path::RESET);
            ("Choose a new password", ResetPassword { login, site, at, from, link }.render()?)
        }
        Message::Notice(notice) => {
            let (subject, what, advice) = explain(notice, site);
            // The address is that of the reporter, not of the user.
            let from = (!matches!(notice, Notice::TokenLeaked(_))).then_some(from);
            (subject, NoticeText { what, login, site, at, from, advice }.render()?)
        }
    };
    Ok(Text { subject, body })
}

/// Returns the subject of a notice, a sentence about the event, and advice if the user did not cause it.
fn explain(notice: &Notice, site: &str) -> (&'static str, String, String) {
    let look = format!("sign in, change the password, and check {site}/account.");
    let (subject, what) = match notice {
        Notice::PasswordChanged => ("Your password was changed", "The password was changed.".to_owned()),
        Notice::PasswordReset => (
            "A new password was set",
            "A new password was set by a link that was sent to this address. All sessions and\n\
             the access of applications ended; personal access tokens stay valid."
                .to_owned(),
        ),
        Notice::AddressChanged => (
            "Your e-mail address was changed",
            "Another e-mail address was entered for the account.".to_owned(),
        ),
        Notice::AppAdded => ("An authenticator app was added", "An authenticator app was added.".to_owned()),
        Notice::AppRemoved => {
            ("The authenticator app was removed", "The authenticator app was removed.".to_owned())
        }
        Notice::PasskeyAdded(name) => {
            ("A passkey was added", format!("The passkey \"{}\" was added.", isolated(name)))
        }
        Notice::PasskeyRemoved => ("A passkey was removed", "A passkey was removed.".to_owned()),
        Notice::RecoveryCodesMade => (
            "New recovery codes were created",
            "New recovery codes were created; the previous ones are invalid.".to_owned(),
        ),
        Notice::TokenLeaked(name) => (
            "A leaked token was revoked",
            format!("The token \"{}\" was reported as leaked, and was revoked at once.", isolated(name)),
        ),
        Notice::ProviderLinked(provider) => (
            "An account for signing in was linked",
            format!("An account at {} can now be used to sign in.", isolated(provider)),
        ),
        Notice::ProviderUnlinked(provider) => (
            "An account for signing in was unlinked",
            format!("An account at {} can no longer be used to sign in.", isolated(provider)),
        ),
    };
    let advice = match notice {
        Notice::TokenLeaked(_) => format!("{site}/tokens shows where it was found."),
        Notice::AddressChanged => "contact your administrator at once.".to_owned(),
        _ => look,
    };
    (subject, what, advice)
}

/// Formats a moment, to the minute.
fn readable(at: Timestamp) -> String {
    let exact = at.to_string();
    let (date, time) = exact.split_once('T').unwrap_or((&exact, ""));
    format!("{date} {} UTC", time.get(..5).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use authority::mail::EmailAddress;
    use model::Uuid;
    use token::SystemRandom;
    use token::random_id::RandomId;

    use super::*;

    fn letter(message: Message, secret: bool) -> Letter {
        Letter {
            id: Uuid::from_u128(7),
            to: EmailAddress::parse("ada@example.org").unwrap(),
            login: "ada".to_owned(),
            at: Timestamp::from_micros(1_773_479_100_250_000),
            address: "192.0.2.7".to_owned(),
            message,
            secret: secret.then(|| RandomId::generate(&SystemRandom).unwrap()),
        }
    }

    #[test]
    fn links_carry_their_secret_and_notices_none() {
        let site = "https://id.example.org";
        for (message, path) in
            [(Message::ConfirmAddress, "/mail/confirm/"), (Message::ResetPassword, "/mail/reset/")]
        {
            let letter = letter(message, true);
            let link = format!("{site}{path}{}", letter.secret.as_ref().unwrap().expose());
            let text = write(&letter, site).unwrap();
            assert!(text.body.lines().any(|line| line == link), "a line of its own: {}", text.body);
        }
        let text = write(&letter(Message::Notice(Notice::AppAdded), false), site).unwrap();
        assert!(text.body.contains("An authenticator app was added."), "{}", text.body);
        assert!(
            text.body.contains("When: 2026-03-14 09:05 UTC\nFrom the address: 192.0.2.7\n"),
            "{}",
            text.body
        );
        let text = write(&letter(Message::Notice(Notice::TokenLeaked("ci".into())), false), site).unwrap();
        assert!(!text.body.contains("192.0.2.7"), "the address of the reporter: {}", text.body);
    }
}
