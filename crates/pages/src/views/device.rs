use askama::Template;
use model::Timestamp;

use super::filters;
use super::scope::Scope;
use super::service::Service;
use super::shell::{Section, Shell};

/// Enter the code that a device shows (RFC 8628 section 3.3); posts to `/device`.
#[derive(Template)]
#[template(path = "device_code.html")]
pub(crate) struct DeviceCodePage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The code as entered before or as in the link, or empty.
    pub(crate) user_code: String,
    /// Why the previous code was not accepted.
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
    /// The purpose of the request in the application's own words, which are not verified.
    pub(crate) request_description: Option<String>,
    /// The requested scopes.
    pub(crate) scopes: Vec<Scope>,
    /// The requested services.
    pub(crate) services: Vec<Service>,
    /// The authorization details: the type, and the rest as text.
    pub(crate) details: Vec<(String, String)>,
    /// The IP address of the request.
    pub(crate) asked_from: String,
    /// When the code was requested.
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
    /// The description of the registration.
    pub(crate) description: Option<String>,
    /// How it was registered.
    pub(crate) registration: Registration,
}

/// Who registered an application.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Registration {
    /// Part of the product, such as its command-line tool.
    BuiltIn,
    /// An administrator of this server.
    Administrator,
    /// The application itself.
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
    /// The name of the requesting application, if it is known.
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
    /// The user approved.
    Approved,
    /// The user denied.
    Denied,
    /// The decision came too late.
    Expired,
    /// It was decided before.
    AlreadyUsed,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, administrator, at, person, scope, services, shown};
    use super::*;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let code = |user_code, error| {
            shown(&DeviceCodePage { shell: person(text, Section::Device), user_code, error })
        };
        let result = |outcome, application| {
            shown(&DeviceResultPage { shell: person(text, Section::Device), outcome, application })
        };
        vec![
            ("device-code", code(String::new(), None)),
            (
                "device-code-error",
                code(text("WDJB-MJH"), Some(text("A code has eight letters, this one has seven."))),
            ),
            ("device-approval", shown(&approval(text))),
            ("device-approval-unknown", shown(&bare_approval(text))),
            ("device-approved", result(DeviceOutcome::Approved, Some(text("Grantor command line")))),
            ("device-denied", result(DeviceOutcome::Denied, None)),
            ("device-expired", result(DeviceOutcome::Expired, Some(text("Grantor command line")))),
            ("device-used", result(DeviceOutcome::AlreadyUsed, None)),
        ]
    }

    fn approval(text: Text<'_>) -> DeviceApprovalPage {
        DeviceApprovalPage {
            shell: administrator(text, Section::Device),
            user_code: text("WDJB-MJHT"),
            application: DeviceApplication {
                name: text("Grantor command line"),
                client_id: text("grantor-cli"),
                description: Some(text("The command-line tool that comes with Grantor.")),
                registration: Registration::BuiltIn,
            },
            request_description: Some(text("grantor login on build-3.example.org, by ada")),
            scopes: ["read", "update", "sec", "offline_access"].map(|name| scope(text, name)).to_vec(),
            services: services(text),
            details: vec![(text("payment"), text("{\n  \"sum\": 5\n}"))],
            asked_from: text("2001:db8:85a3::8a2e:370:7334"),
            asked_at: at("2026-03-14T09:05:00Z"),
            valid_until: at("2026-03-14T09:20:00Z"),
        }
    }

    fn bare_approval(text: Text<'_>) -> DeviceApprovalPage {
        let application = DeviceApplication {
            name: text("Photo printer in the hall with a name that does not want to end anywhere soon"),
            client_id: text("3b9c1c4e-2f0a-4f5e-9d0c-7f7a1c0f2b11-self-registered-application"),
            description: None,
            registration: Registration::Administrator,
        };
        DeviceApprovalPage {
            application,
            request_description: None,
            scopes: Vec::new(),
            services: Vec::new(),
            details: Vec::new(),
            ..approval(text)
        }
    }
}
