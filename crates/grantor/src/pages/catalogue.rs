//! The pages on which administrators keep the catalogue.

mod resource;
mod scope;

use authority::{Caller, Catalogue, Fault, Scopes, catalogue};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::views::{CatalogueErrors, CataloguePage, ResourceLine, ScopeLine, Section};
use super::visitor::{Form, Visitor};
use super::words::sentence;

pub(super) use resource::{show as show_resource, submit as submit_resource};
pub(super) use scope::{show as show_scope, submit as submit_scope};

const PAGE: &str = "/catalogue";

/// The catalogue.
pub(super) async fn show(visitor: Visitor) -> Response {
    match entered(&visitor).await {
        Ok((_, catalogue)) => visitor.show(StatusCode::OK, &page(&visitor, &catalogue)),
        Err(response) => response,
    }
}

/// An administrator who is signed in, and the catalogue.
async fn entered(visitor: &Visitor) -> Result<(&Caller, std::sync::Arc<Catalogue>), Response> {
    let caller = visitor.signed_in_or(PAGE)?;
    let refuse = |fault: Fault| visitor.refuse(&fault);
    caller.require_administrator(&visitor.ctx).map_err(refuse)?;
    Ok((caller, catalogue::current(&visitor.ctx).await.map_err(refuse)?))
}

fn page(visitor: &Visitor, catalogue: &Catalogue) -> CataloguePage {
    let scope = |scope: &model::entities::Scope| ScopeLine {
        meaning: catalogue.explain(&scope.name),
        name: scope.name.clone(),
        is_active: scope.is_active,
        is_built_in: scope.is_built_in,
        administrators_only: scope.administrators_only,
        is_default: scope.is_default,
    };
    let resource = |resource: &model::entities::Resource| ResourceLine {
        identifier: resource.identifier.clone(),
        name: resource.name.clone(),
        scopes: Scopes::stored(resource.scope.as_deref()).iter().map(str::to_owned).collect(),
        is_active: resource.is_active,
    };
    CataloguePage {
        shell: visitor.shell(Section::Catalogue),
        notice: visitor.parameter("saved").map(|name| format!("{name} was saved.")),
        scopes: catalogue.scopes().iter().map(scope).collect(),
        resources: catalogue.resources().iter().map(resource).collect(),
    }
}

fn saved(name: &str) -> Response {
    let fields = crate::http::encode_form([("saved", name)]);
    Redirect::to(&format!("{PAGE}?{fields}")).into_response()
}

fn is_checked(form: &Form, name: &str) -> bool {
    form.get(name) == "yes"
}

/// What a form says about a refusal, where its visitor can do something about it.
///
/// # Errors
/// Any other fault.
fn errors_of(fault: Fault, fields: &[&'static str]) -> Result<(StatusCode, CatalogueErrors), Fault> {
    match fault {
        Fault::BadField { field, message } => {
            // Rows name their attributes (`DisplayName`), requests their members (`displayName`).
            let same = |own: &&&'static str| own.replace('_', "").eq_ignore_ascii_case(field);
            let own = fields.iter().find(same).copied();
            let message = sentence(&message);
            let errors = match own {
                Some(field) => CatalogueErrors { field: Some((field, message)), form: None },
                None => CatalogueErrors { form: Some(message), field: None },
            };
            Ok((StatusCode::BAD_REQUEST, errors))
        }
        Fault::InvalidScope(message) => {
            let field = fields.iter().find(|field| ["scopes", "name"].contains(*field)).copied();
            let errors =
                CatalogueErrors { field: field.map(|field| (field, sentence(&message))), form: None };
            Ok((StatusCode::BAD_REQUEST, errors))
        }
        Fault::Conflict(message) => {
            let errors = CatalogueErrors { form: Some(sentence(&message)), field: None };
            Ok((StatusCode::CONFLICT, errors))
        }
        fault => Err(fault),
    }
}
