use askama::Template;

use super::device::Registration;
use super::filters;
use super::scope::Scope;
use super::service::Service;
use super::shell::{Section, Shell};

/// What an application asks for, and the decision; posts to `/id/connect/authorize/decide` with `decision` = `allow` or
/// `deny` and, for each thing that is given, `scope`, `claim` and `resource`.
#[derive(Template)]
#[template(path = "consent.html")]
pub(crate) struct ConsentPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The application's name.
    pub(crate) application: String,
    /// Its client id.
    pub(crate) client_id: String,
    /// The description of the registration.
    pub(crate) description: Option<String>,
    /// How it was registered.
    pub(crate) registration: Registration,
    /// The login of the user who decides.
    pub(crate) login: String,
    /// The requested scopes, and whether the user may remove each.
    pub(crate) scopes: Vec<(Scope, bool)>,
    /// The authorization details: the type, and the rest as text.
    pub(crate) details: Vec<(String, String)>,
    /// The claims about the user that it requests by name, beyond those of the scopes.
    pub(crate) claims: Vec<Scope>,
    /// The requested services.
    pub(crate) services: Vec<Service>,
    /// Whether the user may remove some of them.
    pub(crate) are_services_optional: bool,
    /// The site or program to which the browser goes back.
    pub(crate) returns_to: String,
    /// The request, which the form sends along.
    pub(crate) request: String,
}

/// The choice between the account that is signed in and another.
#[derive(Template)]
#[template(path = "account.html")]
pub(crate) struct AccountPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The application's name.
    pub(crate) application: String,
    /// The name of the signed-in user.
    pub(crate) name: String,
    /// Their login.
    pub(crate) login: String,
    /// The path that continues with this account.
    pub(crate) go_on: String,
    /// The path to sign in with another account.
    pub(crate) sign_in: String,
}

/// An answer that the browser posts to the application (OAuth 2.0 Form Post Response Mode).
#[derive(Template)]
#[template(path = "form_post.html")]
pub(crate) struct FormPostPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The redirect URI.
    pub(crate) action: String,
    /// The answer.
    pub(crate) fields: Vec<(&'static str, String)>,
}

/// Continues at another site after a form: by an immediate refresh, or by a button.
#[derive(Template)]
#[template(path = "external_redirect.html")]
pub(crate) struct ExternalRedirectPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The address.
    pub(crate) to: String,
}

impl ExternalRedirectPage {
    /// The host of the site, or what opens the address on the user's own computer.
    fn host(&self) -> &str {
        let rest = self.to.strip_prefix("https://").or_else(|| self.to.strip_prefix("http://"));
        rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or("the application")
    }
}

/// Shows that a request was refused, with a link that returns the error to the client: without a signed-in user, a
/// self-registered client gets no automatic redirect.
#[derive(Template)]
#[template(path = "return.html")]
pub(crate) struct ReturnPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The site or program to which the answer goes.
    pub(crate) host: String,
    /// Why the request was refused.
    pub(crate) message: String,
    /// The error code that the client receives.
    pub(crate) code: &'static str,
    /// The address of the answer.
    pub(crate) action: String,
    /// The fields of the answer, where it is posted.
    pub(crate) fields: Option<Vec<(&'static str, String)>>,
}

/// Asks the user to confirm the sign-out.
#[derive(Template)]
#[template(path = "sign_out.html")]
pub(crate) struct SignOutPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The application that asks for it, where it is known.
    pub(crate) application: Option<String>,
    /// The request, which the form sends along.
    pub(crate) request: String,
}

/// Confirms the sign-out; hidden frames notify the applications (OpenID Connect Front-Channel Logout 1.0).
#[derive(Template)]
#[template(path = "signed_out.html")]
pub(crate) struct SignedOutPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The front-channel logout URIs of the applications.
    pub(crate) frames: Vec<String>,
    /// The address at which the browser continues.
    pub(crate) go_on: Option<String>,
    /// Whether it continues automatically.
    pub(crate) by_itself: bool,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, person, scope, services, shown, visitor};
    use super::*;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let sign_out = |application| {
            let (shell, request) = (person(text, Section::Other), text("client_id=board"));
            shown(&SignOutPage { shell, application, request })
        };
        let signed_out = |frames, go_on, by_itself| {
            shown(&SignedOutPage { shell: visitor(text), frames, go_on, by_itself })
        };
        let consent = ConsentPage {
            shell: person(text, Section::Other),
            application: text("Team board"),
            client_id: text("board"),
            description: Some(text("The board where the team plans its week")),
            registration: Registration::Itself { looks_like: Some(text("Team bоard")) },
            login: text("ada"),
            scopes: ["openid", "read", "offline_access"]
                .map(|name| (scope(text, name), name != "openid"))
                .to_vec(),
            details: vec![(text("payment"), text("{\n  \"sum\": 5\n}"))],
            claims: vec![Scope { name: text("email"), meaning: text("your e-mail address") }],
            services: services(text),
            are_services_optional: true,
            returns_to: text("board.example.org"),
            request: text("client_id=board&response_type=code"),
        };
        let account = AccountPage {
            shell: person(text, Section::Other),
            application: text("Team board"),
            name: text("Ada Winter"),
            login: text("ada"),
            go_on: text("/id/connect/authorize?client_id=board"),
            sign_in: text("/signin?again=1"),
        };
        let refused = |fields| {
            shown(&ReturnPage {
                shell: visitor(text),
                host: text("board.example.org"),
                message: text("There is no scope 'nonsense'."),
                code: "invalid_scope",
                action: text("https://board.example.org/cb?error=invalid_scope"),
                fields,
            })
        };
        vec![
            ("return", refused(None)),
            ("return-posted", refused(Some(vec![("error", text("invalid_scope"))]))),
            ("consent", shown(&consent)),
            ("account", shown(&account)),
            ("sign-out", sign_out(Some(text("Team board")))),
            ("sign-out-bare", sign_out(None)),
            (
                "external-redirect",
                shown(&ExternalRedirectPage {
                    shell: visitor(text),
                    to: text("https://board.example.org/callback?code=x"),
                }),
            ),
            ("signed-out", signed_out(Vec::new(), None, true)),
            (
                "signed-out-unverified",
                signed_out(Vec::new(), Some(text("https://board.example.org/bye")), false),
            ),
            (
                "signed-out-frames",
                signed_out(
                    vec![
                        text("https://board.example.org/out?iss=i&sid=1"),
                        text("https://desk.example.org/out?sid=1"),
                    ],
                    Some(text("https://board.example.org/bye")),
                    true,
                ),
            ),
        ]
    }
}
