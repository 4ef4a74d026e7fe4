//! What the samples of the views share, and the pages made of them.
//!
//! A view's samples are its page in each of its states, with a given text wherever a page shows one from outside.

use askama::Template;
use model::Timestamp;

use super::super::form_errors::FormErrors;
use super::super::providers::ProviderLink;
use super::super::scope::Scope;
use super::super::service::Service;
use super::super::shell::{Section, Shell, SignedIn};
use crate::samples;

/// Pages by name.
pub(crate) type Samples = Vec<(&'static str, String)>;
/// Returns the text to show in the place of a plausible one.
pub(crate) type Text<'a> = &'a dyn Fn(&str) -> String;

/// Returns all pages, with plausible texts.
pub(super) fn plain() -> Samples {
    samples(&|text| text.to_owned())
}

/// Returns all pages, with this text in every place where a text can come from outside.
pub(super) fn with(text: &str) -> Samples {
    samples(&|_| text.to_owned())
}

pub(in crate::views) fn shown(view: &impl Template) -> String {
    view.render().unwrap()
}

pub(in crate::views) fn visitor(text: Text<'_>) -> Shell {
    Shell { user: None, csrf: text("f0c3b1"), section: Section::Other, demo: false }
}

pub(in crate::views) fn person(text: Text<'_>, section: Section) -> Shell {
    let user = SignedIn { name: text("Ada Winter"), login: text("ada"), is_admin: false };
    Shell { user: Some(user), csrf: text("f0c3b1"), section, demo: false }
}

pub(in crate::views) fn administrator(text: Text<'_>, section: Section) -> Shell {
    let user = SignedIn { name: text("Grace Sommer"), login: text("grace"), is_admin: true };
    Shell { user: Some(user), csrf: text("f0c3b1"), section, demo: true }
}

pub(in crate::views) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(in crate::views) fn scope(text: Text<'_>, name: &str) -> Scope {
    let meaning = match name {
        "read" => "Read data that you can read",
        "update" => "Create, change and delete data that you can change",
        _ => "A permission that the application defines",
    };
    Scope { name: text(name), meaning: text(meaning) }
}

pub(in crate::views) fn provider(text: Text<'_>, href: &str) -> ProviderLink {
    ProviderLink { label: text("Acme"), href: text(href) }
}

/// What is wrong with each of these fields.
pub(in crate::views) fn wrong(text: Text<'_>, fields: &[(&'static str, &str)]) -> FormErrors {
    let mut errors = FormErrors::default();
    for (field, error) in fields {
        errors.join(FormErrors::for_field(field, text(error)));
    }
    errors
}

pub(in crate::views) fn services(text: Text<'_>) -> Vec<Service> {
    let orders = Service { name: text("Orders"), address: text("https://orders.example/api") };
    vec![orders, Service { name: String::new(), address: text("https://stock.example/api") }]
}
