//! Every page in each of its states, with a given text wherever a page shows one from outside.

mod asking;
mod entrance;
mod grants;
mod people;
mod upkeep;

use askama::Template;
use model::Timestamp;

use crate::views::*;

/// The pages by name, with plausible texts.
pub(super) fn plain() -> Vec<(&'static str, String)> {
    pages(&|text| text.to_owned())
}

/// The pages by name, with the text in every place where a text can come from outside.
pub(super) fn with(text: &str) -> Vec<(&'static str, String)> {
    pages(&|_| text.to_owned())
}

type Text<'a> = &'a dyn Fn(&str) -> String;

fn pages(text: Text<'_>) -> Vec<(&'static str, String)> {
    [
        entrance::entrance(text),
        entrance::set_up(text),
        asking::authorize(text),
        upkeep::catalogue(text),
        upkeep::users(text),
        asking::device(text),
        asking::requests(text),
        grants::tokens(text),
        grants::new_token(text),
        people::my_sign_in(text),
        people::mail(text),
        upkeep::errors(text),
    ]
    .concat()
}

fn shown(view: &impl Template) -> String {
    view.render().unwrap()
}

fn visitor(text: Text<'_>) -> Shell {
    Shell { user: None, csrf: text("f0c3b1"), section: Section::Other, demo: false }
}

fn person(text: Text<'_>, section: Section) -> Shell {
    let user = SignedIn { name: text("Ada Winter"), login: text("ada"), is_admin: false };
    Shell { user: Some(user), csrf: text("f0c3b1"), section, demo: false }
}

fn administrator(text: Text<'_>, section: Section) -> Shell {
    let user = SignedIn { name: text("Grace Sommer"), login: text("grace"), is_admin: true };
    Shell { user: Some(user), csrf: text("f0c3b1"), section, demo: true }
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn scope(text: Text<'_>, name: &str) -> Scope {
    let meaning = match name {
        "read" => "Read data that you can read",
        "update" => "Create, change and delete data that you can change",
        _ => "A permission that the application defines",
    };
    Scope { name: text(name), meaning: text(meaning) }
}

fn provider(text: Text<'_>, href: &str) -> ProviderLink {
    ProviderLink { label: text("Acme"), href: text(href) }
}

/// What is wrong with each of these fields.
fn wrong(text: Text<'_>, fields: &[(&'static str, &str)]) -> FormErrors {
    let mut errors = FormErrors::default();
    for (field, error) in fields {
        errors.join(FormErrors::of_field(field, text(error)));
    }
    errors
}
