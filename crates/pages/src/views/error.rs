use askama::Template;
use axum::http::StatusCode;

use super::filters;
use super::shell::{Section, Shell};

/// An error page. The response has the status that it shows.
#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The status of the answer.
    pub(crate) status: StatusCode,
    /// The title.
    pub(crate) title: String,
    /// What happened.
    pub(crate) message: String,
    /// What to do next.
    pub(crate) advice: String,
    /// The button for it.
    pub(crate) next_step: NextStep,
}

/// The button of an error page.
pub(crate) struct NextStep {
    /// A path of this site.
    pub(crate) href: String,
    /// The text of the button.
    pub(crate) label: &'static str,
}

impl NextStep {
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
    /// 403: the form is not from a page of this browser; `page` shows it again.
    pub(crate) fn forged_form(shell: Shell, page: &str) -> Self {
        Self {
            shell,
            status: StatusCode::FORBIDDEN,
            title: "This form is no longer valid".to_owned(),
            message: "It is not from a current page of this browser, so nothing was changed.".to_owned(),
            advice: "Open the page again, and send the form once more.".to_owned(),
            next_step: NextStep::again(page),
        }
    }

    /// 403: the form was shown to another user; `page` shows it again.
    pub(crate) fn other_person(shell: Shell, page: &str) -> Self {
        Self {
            shell,
            status: StatusCode::FORBIDDEN,
            title: "Another person is signed in now".to_owned(),
            message:
                "The form was shown to a person who is no longer signed in here, so nothing was changed."
                    .to_owned(),
            advice: "Open the page again to go on as the person who is signed in now.".to_owned(),
            next_step: NextStep::again(page),
        }
    }

    /// 403: the page of a link to a provider is no longer valid.
    pub(crate) fn stale_link(shell: Shell, page: &str) -> Self {
        Self {
            title: "This link is no longer valid".to_owned(),
            message: "It is not from a current page of this browser, so nothing was changed.".to_owned(),
            advice: "Open the page again, and follow the link once more.".to_owned(),
            ..Self::forged_form(shell, page)
        }
    }

    /// The request was refused; `message` has the reason.
    pub(crate) fn rejected(shell: Shell, status: StatusCode, message: String) -> Self {
        Self {
            shell,
            status,
            title: "The request could not be completed".to_owned(),
            message,
            advice: "Nothing was changed. Go back and try again.".to_owned(),
            next_step: NextStep::start(),
        }
    }

    /// The request of a client is not valid.
    pub(crate) fn bad_request(shell: Shell, status: StatusCode, message: String) -> Self {
        Self {
            shell,
            status,
            title: "The request of the application is not valid".to_owned(),
            message,
            advice: "Trying again does not help. Contact the operator of the application.".to_owned(),
            next_step: NextStep::start(),
        }
    }

    /// 404: the page does not exist, or the user may not see it.
    pub(crate) fn not_found(shell: Shell) -> Self {
        Self {
            shell,
            status: StatusCode::NOT_FOUND,
            title: "There is no such page".to_owned(),
            message: "The address is wrong, the page no longer exists, or you may not see it.".to_owned(),
            advice: "Check the address, or begin at the start page.".to_owned(),
            next_step: NextStep::start(),
        }
    }

    /// 404: a mailed link is not valid any more, or never was.
    pub(crate) fn dead_link(shell: Shell) -> Self {
        Self {
            shell,
            status: StatusCode::NOT_FOUND,
            title: "This link no longer works".to_owned(),
            message: "It was used already, has expired, or a newer one was sent to you.".to_owned(),
            advice: "Ask for a new one where you asked for this one.".to_owned(),
            next_step: NextStep::start(),
        }
    }

    /// A sign-in at a provider failed; `again` is the sign-in page.
    pub(crate) fn provider(shell: Shell, status: StatusCode, message: String, again: &str) -> Self {
        Self {
            shell,
            status,
            title: "You were not signed in".to_owned(),
            message,
            advice: "Try again, or sign in another way. A user here can link their account on the page My sign-in."
                .to_owned(),
            next_step: NextStep::to(again, "Go to the sign-in page"),
        }
    }

    /// 400: the response of a new passkey does not match its challenge.
    pub(crate) fn passkey_not_added(shell: Shell, page: &str) -> Self {
        Self {
            shell,
            status: StatusCode::BAD_REQUEST,
            title: "The passkey was not added".to_owned(),
            message: "The response of the browser does not match the page, or came too late.".to_owned(),
            advice: "Open the page again, and add the passkey once more.".to_owned(),
            next_step: NextStep::again(page),
        }
    }

    /// 405: the address accepts only forms, or no forms.
    pub(crate) fn wrong_method(shell: Shell) -> Self {
        Self {
            shell,
            status: StatusCode::METHOD_NOT_ALLOWED,
            title: "This page cannot be opened in this way".to_owned(),
            message: "The address accepts only the form of another page, or no form at all.".to_owned(),
            advice: "Begin at the start page.".to_owned(),
            next_step: NextStep::start(),
        }
    }

    /// 409: the form that creates a token was sent a second time, for example by reloading.
    pub(crate) fn sent_before(shell: Shell) -> Self {
        Self {
            shell,
            status: StatusCode::CONFLICT,
            title: "This form was already sent".to_owned(),
            message: "Its token was made then, and the secret was shown once. No other token was made now."
                .to_owned(),
            advice: "If you did not copy the secret, revoke that token and make another.".to_owned(),
            next_step: NextStep::to("/tokens", "Go to your tokens"),
        }
    }

    /// 500: the server failed; the log has the reason.
    pub(crate) fn internal(shell: Shell) -> Self {
        Self {
            shell,
            status: StatusCode::INTERNAL_SERVER_ERROR,
            title: "Something went wrong on the server".to_owned(),
            message: "Your request was not completed. The reason is in the server’s log.".to_owned(),
            advice: "Try again in a moment. If the error persists, contact your administrator.".to_owned(),
            next_step: NextStep::start(),
        }
    }

    /// 503: the server is temporarily unavailable.
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
            next_step: NextStep { href: "/signin".to_owned(), label: "Sign in" },
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
