use askama::Template;
use model::Timestamp;

use super::{Scope, Section, Service, Shell, filters};

/// Enter the code that a device shows (RFC 8628 section 3.3); posts to `/device`.
#[derive(Template)]
#[template(path = "device_code.html")]
pub(crate) struct DeviceCodePage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The code as typed before or as the link has it, or nothing.
    pub(crate) user_code: String,
    /// Why the code before was not accepted.
    pub(crate) error: Option<String>,
}

/// Who asks for what, and the decision; posts to `/device/decide` with `decision` = `approve` or `deny`.
#[derive(Template)]
#[template(path = "device_approval.html")]
pub(crate) struct DeviceApprovalPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The code to compare with the one on the device, as `WDJB-MJHT`.
    pub(crate) user_code: String,
    /// The application that asks.
    pub(crate) application: DeviceApplication,
    /// What the application itself says the request is for: its own words, not checked by anybody.
    pub(crate) request_description: Option<String>,
    /// What it asks for.
    pub(crate) scopes: Vec<Scope>,
    /// The services for which it asks.
    pub(crate) services: Vec<Service>,
    /// What it asks for in detail: the type, and the rest as text.
    pub(crate) details: Vec<(String, String)>,
    /// The IP address that asked for the code.
    pub(crate) asked_from: String,
    /// When the code was asked for.
    pub(crate) asked_at: Timestamp,
    /// When the code ends to be valid.
    pub(crate) valid_until: Timestamp,
}

/// The application that asks for a device to be approved.
pub(crate) struct DeviceApplication {
    /// The name to show.
    pub(crate) name: String,
    /// The client id.
    pub(crate) client_id: String,
    /// What the registration says that the application is.
    pub(crate) description: Option<String>,
    /// Who vouches for it.
    pub(crate) registration: Registration,
}

/// Who registered an application.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Registration {
    /// Part of the product, such as its command-line tool.
    BuiltIn,
    /// An administrator of this server.
    Administrator,
    /// Nobody but the application.
    Itself {
        /// The name of an application of the organisation for which it could be taken.
        looks_like: Option<String>,
    },
}

/// How an approval ended.
#[derive(Template)]
#[template(path = "device_result.html")]
pub(crate) struct DeviceResultPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// What became of the code.
    pub(crate) outcome: DeviceOutcome,
    /// The name of the application that asked, when it is known.
    pub(crate) application: Option<String>,
}

impl DeviceResultPage {
    /// The application as the subject of a sentence.
    fn who(&self) -> &str {
        self.application.as_deref().unwrap_or("The application")
    }
}

/// What became of a device's code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeviceOutcome {
    /// The person approved.
    Approved,
    /// The person denied.
    Denied,
    /// The decision came too late.
    Expired,
    /// It was decided before.
    AlreadyUsed,
}
