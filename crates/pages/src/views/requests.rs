use askama::Template;
use model::Timestamp;

use super::{Scope, Section, Service, Shell, filters};

/// What applications ask a person for on this device (OpenID CIBA); posts to `/requests/decide` with `request` and
/// `decision` = `approve` or `deny`.
#[derive(Template)]
#[template(path = "requests.html")]
pub(crate) struct RequestsPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// What was just done.
    pub(crate) notice: Option<String>,
    /// Why it was not done.
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
    /// What the registration says that it is.
    pub(crate) description: Option<String>,
    /// What the person sees where they are to be signed in.
    pub(crate) binding_message: Option<String>,
    /// What it asks for.
    pub(crate) scopes: Vec<Scope>,
    /// The services for which it asks.
    pub(crate) services: Vec<Service>,
    /// The same in detail: the type, and the rest as text.
    pub(crate) details: Vec<(String, String)>,
    /// The address that asked.
    pub(crate) asked_from: String,
    /// When.
    pub(crate) asked_at: Timestamp,
    /// Until when it can be decided.
    pub(crate) valid_until: Timestamp,
}
