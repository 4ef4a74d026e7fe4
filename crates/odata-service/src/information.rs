//! The functions that tell about the service: its version, renamed entity types, and `Reset`.

use axum::http::Method;
use axum::response::Response;
use odata::metadata::SCHEMA_VERSION;
use odata::negotiate::{Form, JsonForm};
use serde_json::{Value, json};
use web::http::token_or_password_caller;

use super::answer::Refusal;
use super::read::Reading;
use super::respond;

/// A function that tells about the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Information {
    Version,
    RenamedEntityTypes,
    Reset,
}

impl Information {
    /// Returns the function of a path: its name, optionally with the namespace and parentheses.
    pub(super) fn of(path: &str) -> Option<Self> {
        let name = path.strip_prefix("Erp.").unwrap_or(path);
        match name.strip_suffix("()").unwrap_or(name) {
            "GetVersion" => Some(Self::Version),
            "GetRenamedEntityTypes" => Some(Self::RenamedEntityTypes),
            "Reset" => Some(Self::Reset),
            _ => None,
        }
    }

    fn body(self) -> Value {
        match self {
            Self::Version => json!({ "version": SCHEMA_VERSION }),
            Self::RenamedEntityTypes => {
                let types = model::RENAMED_ENTITY_TYPES.iter().map(|change| {
                    json!({ "OldName": change.old_name, "NewName": change.new_name, "Version": change.version })
                });
                json!({ "value": types.collect::<Vec<_>>() })
            }
            Self::Reset => json!({ "success": true }),
        }
    }
}

impl Reading<'_> {
    /// Answers a function that tells about the service. Query options are ignored.
    pub(super) async fn information(
        &self,
        information: Information,
        method: &Method,
    ) -> Result<Response, Refusal> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Err(Refusal::Method("GET, HEAD".to_owned()));
        }
        let caller = token_or_password_caller(self.ctx, self.headers).await?;
        self.meter.charge(&caller, 1, self.ctx.now)?;
        let body = information.body().to_string();
        Ok(respond::found(self.version, Form::Json(JsonForm::default()), body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_called_by_plain_or_qualified_name() {
        for (path, found) in [
            ("GetVersion", Some(Information::Version)),
            ("Erp.GetRenamedEntityTypes()", Some(Information::RenamedEntityTypes)),
            ("Reset()", Some(Information::Reset)),
            ("reset", None),
            ("Resets", None),
        ] {
            assert_eq!(Information::of(path), found, "{path}");
        }
    }
}
