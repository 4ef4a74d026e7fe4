//! Back-channel requests of applications (OpenID CIBA), on which the user decides here.

use authority::{Caller, Catalogue, Fault};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use flows::ciba::{self, BackchannelRequest};
use model::Uuid;

use super::device::services;
use super::forms::{Body, Form};
use super::sentences::sentence;
use super::views::requests::{RequestCard, RequestsPage};
use super::views::scope::Scope;
use super::views::shell::Section;
use super::visitor::Visitor;

const PAGE: &str = "/requests";

/// Shows what waits.
pub(super) async fn show(visitor: Visitor) -> Result<Response, Response> {
    let caller = visitor.signed_in()?;
    Ok(page(&visitor, caller, StatusCode::OK, None).await)
}

async fn page(visitor: &Visitor, caller: &Caller, status: StatusCode, error: Option<String>) -> Response {
    let waiting = match ciba::list(&visitor.ctx, caller).await {
        Ok(waiting) => waiting,
        Err(fault) => return visitor.reject(&fault),
    };
    let notice = visitor.parameter("done").and_then(|done| notice(&done));
    let catalogue = visitor.ctx.catalogue();
    let requests = waiting.iter().map(|request| card(&catalogue, request)).collect();
    visitor.show(status, &RequestsPage { shell: visitor.shell(Section::Requests), notice, error, requests })
}

/// Returns the notice for what was done. The address only names it, so that no other site can choose the text.
fn notice(done: &str) -> Option<String> {
    let text = match done {
        "approved" => "Approved. The application goes on by itself.",
        "denied" => "Denied. The application gets nothing.",
        _ => return None,
    };
    Some(text.to_owned())
}

fn card(catalogue: &Catalogue, request: &BackchannelRequest) -> RequestCard {
    let scope = |name: &str| Scope { name: name.to_owned(), meaning: catalogue.explain(name) };
    RequestCard {
        id: request.grant.id.to_string(),
        application: request.application.name.clone(),
        client_id: request.application.application_uri.clone(),
        description: request.application.description.clone(),
        binding_message: request.binding_message().map(str::to_owned),
        scopes: request.scopes.iter().map(scope).collect(),
        services: services(catalogue, &request.payload.resources),
        details: request.payload.details.shown(),
        asked_from: request
            .asked_from()
            .map_or_else(|| "an unknown address".to_owned(), |from| from.to_string()),
        asked_at: request.grant.creation_timestamp,
        valid_until: request.valid_until(),
    }
}

/// Approves or denies.
pub(super) async fn decide(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, form) = visitor.sent(PAGE, body)?;
    match decided(&visitor, caller, &form).await {
        Ok(done) => Ok(Redirect::to(&format!("{PAGE}?done={done}")).into_response()),
        Err(fault @ Fault::Conflict(_)) => {
            let error = Some(sentence(&fault.to_string()));
            Ok(page(&visitor, caller, StatusCode::CONFLICT, error).await)
        }
        Err(fault) => Err(visitor.sign_in_or_reject(&fault, PAGE)),
    }
}

async fn decided(visitor: &Visitor, caller: &Caller, form: &Form) -> Result<&'static str, Fault> {
    let unknown = |_| Fault::NotFound("there is no such request".to_owned());
    let id = Uuid::parse_str(form.get("request")).map_err(unknown)?;
    match form.get("decision") {
        "approve" => ciba::approve(&visitor.ctx, caller, id).await.map(|_| "approved"),
        "deny" => ciba::deny(&visitor.ctx, caller, id).await.map(|_| "denied"),
        _ => Err(Fault::InvalidRequest("Approve or deny.".to_owned())),
    }
}
