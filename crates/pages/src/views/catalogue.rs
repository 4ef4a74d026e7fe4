use askama::Template;

use super::{FormErrors, Section, Shell, filters};

/// The permissions and services of the catalogue; for administrators.
#[derive(Template)]
#[template(path = "catalogue.html")]
pub(crate) struct CataloguePage {
    /// The frame.
    pub(crate) shell: Shell,
    /// What was just done.
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
    /// What people are told that it allows.
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
    /// What stands in the form.
    pub(crate) form: ScopeForm,
    /// What was wrong with it.
    pub(crate) errors: FormErrors,
}

/// The form of a permission.
#[derive(Default)]
pub(crate) struct ScopeForm {
    /// The name on the wire.
    pub(crate) name: String,
    /// What it is called where people see it.
    pub(crate) display_name: String,
    /// What people are told that it allows.
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
    /// What stands in the form.
    pub(crate) form: ResourceForm,
    /// What was wrong with it.
    pub(crate) errors: FormErrors,
}

/// The form of a service.
#[derive(Default)]
pub(crate) struct ResourceForm {
    /// The address by which applications name it.
    pub(crate) identifier: String,
    /// Its name.
    pub(crate) name: String,
    /// What it is.
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
