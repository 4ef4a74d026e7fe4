use askama::Template;
use axum::http::StatusCode;

use super::filters;
use super::shell::{Section, Shell};

/// A page that says what went wrong: 403, 404, 500 and the like. The answer has the status that it shows.
#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The status of the answer.
    pub(crate) status: StatusCode,
    /// What happened, in a few words.
    pub(crate) title: String,
    /// What happened, in a sentence.
    pub(crate) message: String,
    /// What to do next, in a sentence.
    pub(crate) advice: String,
    /// Where that can be done.
    pub(crate) way_on: WayOn,
}

/// A button that leads on.
pub(crate) struct WayOn {
    /// A path of this site.
    pub(crate) href: String,
    /// What the button says.
    pub(crate) label: &'static str,
}

impl WayOn {
    fn to(href: &str, label: &'static str) -> Self {
        Self { href: href.to_owned(), label }
    }

    fn start() -> Self {
        Self::to("/", "Go to the start page")
    }

    fn again(page: &str) -> Self {
        Self::to(page, "Open the page again")
    }
}

impl ErrorPage {
    /// 403: the form did not come from a page of this browser; `page` is where it can be loaded again.
    pub(crate) fn forged_form(shell: Shell, page: &str) -> Self {
        Self {
            shell,
            status: StatusCode::FORBIDDEN,
            title: "This form is no longer valid".to_owned(),
            message: "It did not come from a page that this browser has now, so nothing was changed."
                .to_owned(),
            advice: "Open the page again, and send the form once more.".to_owned(),
            way_on: WayOn::again(page),
        }
    }

    /// 403: the form would act for another person than the one to whom it was shown; `page` is where it can be loaded again.
    pub(crate) fn other_person(shell: Shell, page: &str) -> Self {
        Self {
            shell,
            status: StatusCode::FORBIDDEN,
            title: "Another person is signed in now".to_owned(),
            message:
                "The form was shown to a person who is no longer signed in here, so nothing was changed."
                    .to_owned(),
            advice: "Open the page again to go on as the person who is signed in now.".to_owned(),
            way_on: WayOn::again(page),
        }
    }

    /// A link to an account at a provider was followed on a page that is no longer valid.
    pub(crate) fn stale_link(shell: Shell, page: &str) -> Self {
        Self {
            title: "This link is no longer valid".to_owned(),
            message: "It did not come from a page that this browser has now, so nothing was changed."
                .to_owned(),
            advice: "Open the page again, and follow the link once more.".to_owned(),
            ..Self::forged_form(shell, page)
        }
    }

    /// The request was refused, and `message` says why.
    pub(crate) fn refused(shell: Shell, status: StatusCode, message: String) -> Self {
        Self {
            shell,
            status,
            title: "This was not done".to_owned(),
            message,
            advice: "Nothing was changed. Go back and try again.".to_owned(),
            way_on: WayOn::start(),
        }
    }

    /// An application sent the browser with a request that cannot be answered.
    pub(crate) fn bad_request(shell: Shell, status: StatusCode, message: String) -> Self {
        Self {
            shell,
            status,
            title: "The request of the application is not valid".to_owned(),
            message,
            advice: "Trying again does not help. Tell the people who run the application.".to_owned(),
            way_on: WayOn::start(),
        }
    }

    /// 404: there is no such page, or not for this person.
    pub(crate) fn not_found(shell: Shell) -> Self {
        Self {
            shell,
            status: StatusCode::NOT_FOUND,
            title: "There is no such page".to_owned(),
            message: "The address is mistyped, or what it named is gone or not yours.".to_owned(),
            advice: "Check the address, or begin at the start page.".to_owned(),
            way_on: WayOn::start(),
        }
    }

    /// 404: a link of a mail that works no longer, or never did.
    pub(crate) fn dead_link(shell: Shell) -> Self {
        Self {
            shell,
            status: StatusCode::NOT_FOUND,
            title: "This link no longer works".to_owned(),
            message: "It was used already, has expired, or a newer one was sent to you.".to_owned(),
            advice: "Ask for a new one where you asked for this one.".to_owned(),
            way_on: WayOn::start(),
        }
    }

    /// A sign-in at a provider that failed; `again` is where the person can sign in.
    pub(crate) fn provider(shell: Shell, status: StatusCode, message: String, again: &str) -> Self {
        Self {
            shell,
            status,
            title: "You were not signed in".to_owned(),
            message,
            advice: "Try again, or sign in another way. A user here can link their account on the page My sign-in."
                .to_owned(),
            way_on: WayOn::to(again, "Go to the sign-in page"),
        }
    }

    /// 400: a new passkey does not answer its challenge.
    pub(crate) fn passkey_not_added(shell: Shell, page: &str) -> Self {
        Self {
            shell,
            status: StatusCode::BAD_REQUEST,
            title: "The passkey was not added".to_owned(),
            message: "The answer of the browser does not fit the page, or came too late.".to_owned(),
            advice: "Open the page again, and add the passkey once more.".to_owned(),
            way_on: WayOn::again(page),
        }
    }

    /// 405: the address takes forms only, or none.
    pub(crate) fn wrong_method(shell: Shell) -> Self {
        Self {
            shell,
            status: StatusCode::METHOD_NOT_ALLOWED,
            title: "This page cannot be opened like that".to_owned(),
            message: "The address belongs to a button of another page, or takes no form.".to_owned(),
            advice: "Begin at the start page.".to_owned(),
            way_on: WayOn::start(),
        }
    }

    /// 409: the form that makes a token was sent a second time, as by reloading the page.
    pub(crate) fn sent_before(shell: Shell) -> Self {
        Self {
            shell,
            status: StatusCode::CONFLICT,
            title: "This form was already sent".to_owned(),
            message: "Its token was made then, and the secret was shown once. No other token was made now."
                .to_owned(),
            advice: "If you did not copy the secret, revoke that token and make another.".to_owned(),
            way_on: WayOn::to("/tokens", "Go to your tokens"),
        }
    }

    /// 500: the server failed; the log says why.
    pub(crate) fn internal(shell: Shell) -> Self {
        Self {
            shell,
            status: StatusCode::INTERNAL_SERVER_ERROR,
            title: "Something went wrong on the server".to_owned(),
            message: "Your request was not completed. The reason is in the server’s log.".to_owned(),
            advice: "Try again in a moment. If the error stays, tell your administrator.".to_owned(),
            way_on: WayOn::start(),
        }
    }

    /// 503: the server cannot work at the moment.
    pub(crate) fn unavailable(shell: Shell) -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            title: "The server is not available at the moment".to_owned(),
            ..Self::internal(shell)
        }
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, person, shown, visitor};
    use super::*;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let page = ErrorPage {
            shell: visitor(text),
            status: axum::http::StatusCode::TOO_MANY_REQUESTS,
            title: text("Too many attempts"),
            message: text("Signing in failed too often from this address."),
            advice: text("Wait a minute, then try again."),
            way_on: WayOn { href: "/signin".to_owned(), label: "Sign in" },
        };
        vec![
            ("error", shown(&page)),
            ("error-403", shown(&ErrorPage::forged_form(person(text, Section::Other), "/tokens"))),
            ("error-other-person", shown(&ErrorPage::other_person(person(text, Section::Other), "/tokens"))),
            (
                "error-request",
                shown(&ErrorPage::bad_request(
                    visitor(text),
                    axum::http::StatusCode::BAD_REQUEST,
                    text("The redirect URI is not registered."),
                )),
            ),
            ("error-link", shown(&ErrorPage::stale_link(person(text, Section::Other), "/account"))),
            ("error-passkey", shown(&ErrorPage::passkey_not_added(person(text, Section::Other), "/account"))),
            ("error-404", shown(&ErrorPage::not_found(visitor(text)))),
            ("error-405", shown(&ErrorPage::wrong_method(visitor(text)))),
            ("error-409", shown(&ErrorPage::sent_before(person(text, Section::Tokens)))),
            ("error-500", shown(&ErrorPage::internal(visitor(text)))),
            ("error-503", shown(&ErrorPage::unavailable(visitor(text)))),
            (
                "provider-error",
                shown(&ErrorPage::provider(
                    visitor(text),
                    axum::http::StatusCode::BAD_GATEWAY,
                    text("Acme cannot sign you in at the moment."),
                    "/signin",
                )),
            ),
            ("dead-link", shown(&ErrorPage::dead_link(visitor(text)))),
        ]
    }
}
