use askama::Template;

use super::filters;
use super::form_errors::FormErrors;
use super::shell::{Section, Shell};

/// The permissions and services of the catalogue; for administrators.
#[derive(Template)]
#[template(path = "catalogue.html")]
pub(crate) struct CataloguePage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The notice after an action.
    pub(crate) notice: Option<String>,
    /// The permissions, by name.
    pub(crate) scopes: Vec<ScopeLine>,
    /// The services, by identifier.
    pub(crate) resources: Vec<ResourceLine>,
}

/// One permission.
pub(crate) struct ScopeLine {
    /// The name on the wire.
    pub(crate) name: String,
    /// The meaning that users read.
    pub(crate) meaning: String,
    /// Whether it counts.
    pub(crate) is_active: bool,
    /// Whether it is part of the product.
    pub(crate) is_built_in: bool,
    /// Whether it counts for administrators alone.
    pub(crate) administrators_only: bool,
    /// Whether applications may have it that register themselves.
    pub(crate) is_default: bool,
}

/// One service.
pub(crate) struct ResourceLine {
    /// The address by which applications name it.
    pub(crate) identifier: String,
    /// Its name.
    pub(crate) name: String,
    /// The permissions that mean something to it.
    pub(crate) scopes: Vec<String>,
    /// Whether tokens are given for it.
    pub(crate) is_active: bool,
}

/// Adds or changes a permission; posts to `/catalogue/scope`.
#[derive(Template)]
#[template(path = "catalogue_scope.html")]
pub(crate) struct ScopePage {
    /// The frame.
    pub(crate) shell: Shell,
    /// Whether it is new.
    pub(crate) is_new: bool,
    /// The values of the form.
    pub(crate) form: ScopeForm,
    /// Its errors.
    pub(crate) errors: FormErrors,
}

/// The form of a permission.
#[derive(Default)]
pub(crate) struct ScopeForm {
    /// The name on the wire.
    pub(crate) name: String,
    /// The name that users see.
    pub(crate) display_name: String,
    /// The meaning that users read.
    pub(crate) description: String,
    /// Whether applications may have it that register themselves.
    pub(crate) is_default: bool,
    /// Whether the metadata of the issuer name it.
    pub(crate) is_listed: bool,
    /// Whether it counts for administrators alone.
    pub(crate) administrators_only: bool,
    /// Whether it counts.
    pub(crate) is_active: bool,
}

/// Adds or changes a service; posts to `/catalogue/resource`.
#[derive(Template)]
#[template(path = "catalogue_resource.html")]
pub(crate) struct ResourcePage {
    /// The frame.
    pub(crate) shell: Shell,
    /// Whether it is new.
    pub(crate) is_new: bool,
    /// The values of the form.
    pub(crate) form: ResourceForm,
    /// Its errors.
    pub(crate) errors: FormErrors,
}

/// The form of a service.
#[derive(Default)]
pub(crate) struct ResourceForm {
    /// The address by which applications name it.
    pub(crate) identifier: String,
    /// Its name.
    pub(crate) name: String,
    /// The kind.
    pub(crate) description: String,
    /// The permissions that mean something to it, separated by spaces.
    pub(crate) scopes: String,
    /// How long its tokens are valid at the most, in seconds; empty for as long as others.
    pub(crate) lifetime: String,
    /// The form of its tokens: `reference`, `jwt`, or that of the application.
    pub(crate) format: String,
    /// Whether tokens are given for it.
    pub(crate) is_active: bool,
}

/// The forms of tokens to choose from.
const FORMATS: [(&str, &str); 3] =
    [("", "as the application is set"), ("reference", "opaque, revocable at once"), ("jwt", "signed (JWT)")];

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, administrator, shown, wrong};
    use super::*;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let scope = |name: &str, meaning: &str, is_built_in| ScopeLine {
            name: text(name),
            meaning: text(meaning),
            is_active: is_built_in,
            is_built_in,
            administrators_only: !is_built_in,
            is_default: is_built_in,
        };
        let resource = |scopes: &[&str], is_active| ResourceLine {
            identifier: text("https://orders.example/api"),
            name: text("Orders"),
            scopes: scopes.iter().map(|scope| text(scope)).collect(),
            is_active,
        };
        let shell = || administrator(text, Section::Catalogue);
        let page = CataloguePage {
            shell: shell(),
            notice: Some(text("orders:read was saved.")),
            scopes: vec![
                scope("orders:read", "See your orders", false),
                scope("read", "Read data that you can read", true),
            ],
            resources: vec![resource(&["orders:read", "orders:write"], true), resource(&[], false)],
        };
        let scope_page = |is_new: bool, errors| {
            let form = ScopeForm {
                name: text("orders:read"),
                display_name: text("Orders"),
                description: text("See your orders"),
                is_listed: true,
                is_active: !is_new,
                ..ScopeForm::default()
            };
            shown(&ScopePage { shell: shell(), is_new, form, errors })
        };
        let resource_page = |is_new, errors| {
            let form = ResourceForm {
                identifier: text("https://orders.example/api"),
                name: text("Orders"),
                description: text("What was ordered"),
                scopes: text("orders:read"),
                lifetime: text("300"),
                format: "jwt".to_owned(),
                is_active: true,
            };
            shown(&ResourcePage { shell: shell(), is_new, form, errors })
        };
        let with_error = |field| wrong(text, &[(field, "This is not right.")]);
        let none = CataloguePage { shell: shell(), notice: None, scopes: Vec::new(), resources: Vec::new() };
        vec![
            ("catalogue", shown(&page)),
            ("catalogue-empty", shown(&none)),
            ("catalogue-scope-new", scope_page(true, FormErrors::default())),
            ("catalogue-scope", scope_page(false, with_error("description"))),
            ("catalogue-resource-new", resource_page(true, with_error("identifier"))),
            ("catalogue-resource", resource_page(false, FormErrors::default())),
        ]
    }
}
