//! The functions of the service that say something of the service itself. They are public, as `$metadata` is.

use axum::http::Method;
use axum::response::Response;
use model::RENAMED;
use odata::metadata::SCHEMA_VERSION;
use odata::negotiate::{Form, MetadataLevel, Offer};
use serde_json::{Value, json};

use super::answer::Refusal;
use super::read::{Reading, json_form};

/// A function of the service that needs no caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    Version,
    Renamed,
    Reset,
}

impl About {
    /// Returns the function of a path: its name, optionally with the namespace and parentheses.
    pub(super) fn of(path: &str) -> Option<Self> {
        let name = path.strip_prefix("Erp.").unwrap_or(path);
        match name.strip_suffix("()").unwrap_or(name) {
            "GetVersion" => Some(Self::Version),
            "GetRenamedEntityTypes" => Some(Self::Renamed),
            "Reset" => Some(Self::Reset),
            _ => None,
        }
    }
}

/// The result of `Reset`.
pub(super) fn reset() -> Value {
    json!({ "success": true })
}

impl Reading<'_> {
    /// Answers a function that says something of the service. Query options that are not of the standard are ignored.
    pub(super) fn about(&self, about: About, method: &Method) -> Result<Response, Refusal> {
        if ![Method::GET, Method::HEAD].contains(method) {
            return Err(Refusal::Method("GET, HEAD".to_owned()));
        }
        let options = self.all_options()?;
        let form = self.form(Offer::Data, &options)?;
        let body = match about {
            About::Version => json!({ "version": SCHEMA_VERSION }),
            About::Renamed => self.renamed(form),
            About::Reset => reset(),
        };
        Ok(self.found(form, body.to_string()))
    }

    fn renamed(&self, form: Form) -> Value {
        let rows = RENAMED.iter().map(
            |renamed| json!({ "OldName": renamed.old, "NewName": renamed.new, "Version": renamed.version }),
        );
        let mut body = json!({ "value": rows.collect::<Vec<_>>() });
        if json_form(form).level != MetadataLevel::None {
            let name =
                if self.version == odata::negotiate::Version::V4_01 { "@context" } else { "@odata.context" };
            body[name] = format!("{}$metadata#Collection(Erp.RenamedEntityType)", self.root).into();
        }
        body
    }
}
