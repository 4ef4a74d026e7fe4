use askama::Template;
use model::Timestamp;

use super::filters;
use super::my_sign_in::SessionLine;
use super::shell::{Section, Shell};
use super::tokens::MadeRow;

/// The users by their logins; for administrators. Posts a login to `/users`, to find its user.
#[derive(Template)]
#[template(path = "users.html")]
pub(crate) struct UsersPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The login as entered before, or empty.
    pub(crate) login: String,
    /// Why no user was found.
    pub(crate) error: Option<String>,
    /// The users.
    pub(crate) users: Vec<UserFacts>,
    /// The notice after a user was deleted.
    pub(crate) notice: Option<String>,
    /// Whether it is the first page of them.
    pub(crate) is_first: bool,
    /// The path of the next page, where there is one.
    pub(crate) next: Option<String>,
}

/// One user; for administrators. Posts to `/users/one` with `act`.
#[derive(Template)]
#[template(path = "user.html")]
pub(crate) struct UserPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The notice after an action.
    pub(crate) notice: Option<String>,
    /// The user.
    pub(crate) user: UserFacts,
    /// Whether the user is the caller.
    pub(crate) is_own: bool,
    /// Whether every form of the login finds the user.
    pub(crate) has_own_name: bool,
    /// The valid service tokens that the user created.
    pub(crate) made: Vec<MadeRow>,
    /// The user's sessions.
    pub(crate) sessions: Vec<SessionLine>,
}

/// Asks for a confirmation before the second factors of a user are removed; posts to `/users/one` with `confirm` = `yes`.
#[derive(Template)]
#[template(path = "reset_factor.html")]
pub(crate) struct ResetFactorPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The user.
    pub(crate) user: UserFacts,
}

/// The end of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Disable,
    Delete,
}

impl Ending {
    /// Returns the ending of a button.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Disable, Self::Delete].into_iter().find(|ending| ending.name() == name)
    }

    /// Returns the value of the button.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Delete => "delete",
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Disable => "Disable",
            Self::Delete => "Delete",
        }
    }

    pub(crate) const fn consequence(self) -> &'static str {
        match self {
            Self::Disable => "The user can be enabled again. Nothing of this comes back then.",
            Self::Delete => {
                "This cannot be undone. The login can be given again, and inherits nothing. Where grants refer to the user, a \
                 pseudonym replaces login and name."
            }
        }
    }
}

/// Shows what ends when a user is disabled or deleted, and asks for a confirmation; posts to `/users/one` with `confirm` =
/// `yes`.
#[derive(Template)]
#[template(path = "end_user.html")]
pub(crate) struct EndUserPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The user.
    pub(crate) user: UserFacts,
    /// What happens to the user.
    pub(crate) ending: Ending,
    /// What ends, a line for each kind.
    pub(crate) ends: Vec<String>,
    /// The number of service tokens that stay valid.
    pub(crate) service_tokens: usize,
}

/// What administrators see of a user.
pub(crate) struct UserFacts {
    /// The identifier.
    pub(crate) id: model::Uuid,
    /// The login.
    pub(crate) login: String,
    /// The name.
    pub(crate) name: String,
    /// The e-mail address, if any.
    pub(crate) email: Option<String>,
    /// Whether the address is confirmed.
    pub(crate) email_confirmed: bool,
    /// Whether the user may sign in.
    pub(crate) is_active: bool,
    /// Whether the user is an administrator.
    pub(crate) is_admin: bool,
    /// Whether the user has a second factor.
    pub(crate) has_second_factor: bool,
    /// The end of the lock of passwords and codes from new browsers, if there is one.
    pub(crate) locked_until: Option<Timestamp>,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::my_sign_in::samples::session;
    use super::super::tests::samples::{Samples, Text, administrator, at, shown};
    use super::super::tokens::samples::made;
    use super::*;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let shell = || administrator(text, Section::Users);
        let list = |is_first: bool, users, error| {
            let (login, next) = (text("unknown"), is_first.then(|| text("/users?after=x")));
            let notice = is_first.then(|| text("The user was deleted."));
            shown(&UsersPage { shell: shell(), login, error, users, notice, is_first, next })
        };
        let one = |notice, is_locked: bool| {
            let sessions = [(is_locked, "Firefox on Linux")].into_iter().filter(|(any, _)| *any);
            let sessions = sessions.map(|(is_this, browser)| session(text, browser, is_this)).collect();
            shown(&UserPage {
                shell: shell(),
                notice,
                user: user(text, is_locked),
                is_own: false,
                has_own_name: is_locked,
                made: if is_locked { made(text) } else { Vec::new() },
                sessions,
            })
        };
        let end = |ending, service_tokens| {
            let ends = vec!["Sessions: 2".to_owned(), "Refresh tokens: 3".to_owned()];
            shown(&EndUserPage { shell: shell(), user: user(text, true), ending, ends, service_tokens })
        };
        vec![
            ("users", list(true, vec![user(text, true), user(text, false)], None)),
            ("users-none", list(false, Vec::new(), Some(text("There is no user with this login.")))),
            ("user", one(Some(text("Every session was ended.")), true)),
            ("user-away", one(None, false)),
            ("disable-user", end(Ending::Disable, 0)),
            ("delete-user", end(Ending::Delete, 2)),
            ("reset-factor", shown(&ResetFactorPage { shell: shell(), user: user(text, true) })),
        ]
    }

    fn user(text: Text<'_>, is_locked: bool) -> UserFacts {
        UserFacts {
            id: model::Uuid::nil(),
            login: text("ada"),
            name: text("Ada Winter"),
            email: is_locked.then(|| text("ada@example.org")),
            email_confirmed: is_locked,
            is_active: true,
            is_admin: is_locked,
            has_second_factor: is_locked,
            locked_until: is_locked.then(|| at("2026-03-14T09:05:00Z")),
        }
    }
}
