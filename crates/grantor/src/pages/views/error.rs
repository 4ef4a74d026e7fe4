use askama::Template;

use super::{Section, Shell};

/// Anything that went wrong: 403, 404, 500 and the like.
#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The status of the answer.
    pub(crate) status: u16,
    /// What happened, in a few words.
    pub(crate) title: String,
    /// What happened, in a sentence.
    pub(crate) message: String,
    /// What to do next, in a sentence.
    pub(crate) advice: String,
}

impl ErrorPage {
    /// 403: the form was not sent from a page of this session.
    pub(crate) fn forged_form(shell: Shell) -> Self {
        Self {
            shell,
            status: 403,
            title: "This form is no longer valid".to_owned(),
            message: "It was not sent from a page of your present session, so nothing was changed."
                .to_owned(),
            advice: "Go back, load the page again, and send the form once more.".to_owned(),
        }
    }

    /// 404: there is no such page, or not for this person.
    pub(crate) fn not_found(shell: Shell) -> Self {
        Self {
            shell,
            status: 404,
            title: "There is no such page".to_owned(),
            message: "The address is mistyped, or what it named is gone or not yours.".to_owned(),
            advice: "Check the address, or begin at the start page.".to_owned(),
        }
    }

    /// 404: a link of a mail that works no longer, or never did.
    pub(crate) fn dead_link(shell: Shell) -> Self {
        Self {
            shell,
            status: 404,
            title: "This link no longer works".to_owned(),
            message: "It was used already, has expired, or a newer one was sent to you.".to_owned(),
            advice: "Ask for a new one where you asked for this one.".to_owned(),
        }
    }

    /// A sign-in at a provider that came to nothing.
    pub(crate) fn provider(shell: Shell, status: u16, message: String) -> Self {
        Self {
            shell,
            status,
            title: "You were not signed in".to_owned(),
            message,
            advice: "Begin anew, or sign in another way. A user here can link their account on the page My sign-in."
                .to_owned(),
        }
    }

    /// 405: the address takes forms only, or none.
    pub(crate) fn wrong_method(shell: Shell) -> Self {
        Self {
            shell,
            status: 405,
            title: "This page cannot be opened like that".to_owned(),
            message: "The address belongs to a button of another page, or takes no form.".to_owned(),
            advice: "Begin at the start page.".to_owned(),
        }
    }

    /// 409: the form that makes a token was sent a second time, as by reloading the page.
    pub(crate) fn sent_before(shell: Shell) -> Self {
        Self {
            shell,
            status: 409,
            title: "This form was already sent".to_owned(),
            message: "Its token was made then, and the secret was shown once. No other token was made now."
                .to_owned(),
            advice: "If you did not copy the secret, revoke that token and make another.".to_owned(),
        }
    }

    /// 500: the server failed; the log says why.
    pub(crate) fn internal(shell: Shell) -> Self {
        Self {
            shell,
            status: 500,
            title: "Something went wrong on the server".to_owned(),
            message: "Your request was not completed. The reason is in the server’s log.".to_owned(),
            advice: "Try again in a moment. If it goes on, tell your administrator.".to_owned(),
        }
    }
}
