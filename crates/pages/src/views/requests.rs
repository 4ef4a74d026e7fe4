use askama::Template;
use model::Timestamp;

use super::filters;
use super::scope::Scope;
use super::service::Service;
use super::shell::{Section, Shell};

/// The back-channel requests for the user (OpenID CIBA); posts to `/requests/decide` with `request` and
/// `decision` = `approve` or `deny`.
#[derive(Template)]
#[template(path = "requests.html")]
pub(crate) struct RequestsPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The notice after an action.
    pub(crate) notice: Option<String>,
    /// Why the action failed.
    pub(crate) error: Option<String>,
    /// The requests that wait, the oldest first.
    pub(crate) requests: Vec<RequestCard>,
}

/// A request that waits.
pub(crate) struct RequestCard {
    /// Its identifier.
    pub(crate) id: String,
    /// The application's name.
    pub(crate) application: String,
    /// Its client id.
    pub(crate) client_id: String,
    /// The description of the registration.
    pub(crate) description: Option<String>,
    /// The message that the user also sees at the application.
    pub(crate) binding_message: Option<String>,
    /// The requested scopes.
    pub(crate) scopes: Vec<Scope>,
    /// The requested services.
    pub(crate) services: Vec<Service>,
    /// The authorization details: the type, and the rest as text.
    pub(crate) details: Vec<(String, String)>,
    /// The address of the request.
    pub(crate) asked_from: String,
    /// When.
    pub(crate) asked_at: Timestamp,
    /// Until when it can be decided.
    pub(crate) valid_until: Timestamp,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, at, person, scope, services, shown};
    use super::*;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let card = |id: &str, binding_message, details| RequestCard {
            id: text(id),
            application: text("Call centre"),
            client_id: text("call-centre"),
            description: Some(text("Where we answer your calls")),
            binding_message,
            scopes: vec![scope(text, "openid"), scope(text, "read")],
            services: services(text),
            details,
            asked_from: text("192.0.2.7"),
            asked_at: at("2026-07-01T10:00:00Z"),
            valid_until: at("2026-07-01T10:05:00Z"),
        };
        let page = |notice, error, requests| {
            shown(&RequestsPage { shell: person(text, Section::Requests), notice, error, requests })
        };
        let two = vec![
            card("018f", Some(text("W4SCT")), vec![(text("payment"), text("{\n  \"sum\": 5\n}"))]),
            card("019f", None, Vec::new()),
        ];
        vec![
            ("requests", page(None, None, two)),
            (
                "requests-done",
                page(Some(text("Approved. The application goes on by itself.")), None, Vec::new()),
            ),
            ("requests-late", page(None, Some(text("This request was decided already.")), Vec::new())),
        ]
    }
}
