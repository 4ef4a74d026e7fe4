use std::net::IpAddr;

use authority::clients::COMMAND_LINE;
use authority::registry::names;
use authority::{Caller, Catalogue, Ctx, Fault};
use axum::http::StatusCode;
use axum::response::Response;
use flows::device::{self, DeviceRequest, DeviceState};
use model::Timestamp;
use model::entities::TrustedApplication;
use web::http::{advise, encode_form};

use super::forms::{Body, Form, Origin};
use super::redirects::redirect_to_page;
use super::sentences::sentence;
use super::views::device::{
    DeviceApplication, DeviceApprovalPage, DeviceCodePage, DeviceOutcome, DeviceResultPage, Registration,
};
use super::views::scope::Scope;
use super::views::service::Service;
use super::views::shell::Section;
use super::visitor::Visitor;

const PAGE: &str = "/device";
/// How much of a code is kept that was typed wrongly, in characters.
const MAX_CODE: usize = 16;

/// The page to enter a code; with a code in the address, the page to decide on it, which shows the code to
/// compare (RFC 8628, section 3.3.1).
pub(super) async fn show(visitor: Visitor) -> Result<Response, Response> {
    visitor.signed_in()?;
    Ok(match visitor.parameter("user_code").filter(|code| !code.is_empty()) {
        Some(code) => decision(&visitor, &code).await,
        None => enter(&visitor, StatusCode::OK, String::new(), None),
    })
}

/// Looks up a code that was entered.
pub(super) async fn look_up(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (_, form) = sent(&visitor, body)?;
    Ok(decision(&visitor, form.get("user_code")).await)
}

/// Returns the path of the page for the device of a form.
fn with_code(form: &Form) -> String {
    let code: String = form.get("user_code").chars().take(MAX_CODE).collect();
    format!("{PAGE}?{}", encode_form([("user_code", code.as_str())]))
}

/// Reads a form for a device that was shown to the signed-in user. Otherwise, redirects to the device's page, which shows the
/// name of the current user.
fn sent(visitor: &Visitor, body: Body) -> Result<(&Caller, Form), Response> {
    let (origin, form) = visitor.receive(body)?;
    let page = with_code(&form);
    let caller = visitor.signed_in_or(&page)?;
    match origin {
        Origin::Current => Ok((caller, form)),
        Origin::SignedOut | Origin::OtherPerson | Origin::LostCookie => Err(redirect_to_page(&page)),
        Origin::Foreign => Err(visitor.forged(&page)),
    }
}

fn enter(visitor: &Visitor, status: StatusCode, user_code: String, error: Option<String>) -> Response {
    visitor.show(status, &DeviceCodePage { shell: visitor.shell(Section::Device), user_code, error })
}

async fn decision(visitor: &Visitor, typed: &str) -> Response {
    match device::find_by_code(&visitor.ctx, typed).await {
        Ok(request) => match registration(&visitor.ctx, &request.application).await {
            Ok(registration) => visitor.show(StatusCode::OK, &approval(visitor, &request, registration)),
            Err(fault) => visitor.reject(&fault),
        },
        Err(fault) => not_found(visitor, typed, &fault),
    }
}

fn not_found(visitor: &Visitor, typed: &str, fault: &Fault) -> Response {
    let status = match fault {
        Fault::NotFound(_) => StatusCode::NOT_FOUND,
        Fault::TooManyAttempts(_) => StatusCode::TOO_MANY_REQUESTS,
        fault => return visitor.reject(fault),
    };
    let typed = typed.chars().take(MAX_CODE).collect();
    advise(enter(visitor, status, typed, Some(sentence(&fault.to_string()))), fault)
}

/// Returns services as users read them before they agree.
pub(crate) fn services(catalogue: &Catalogue, resources: &[String]) -> Vec<Service> {
    let service = |address: &String| {
        let name = catalogue.resource(address).map(|resource| resource.name.clone());
        Service { name: name.unwrap_or_default(), address: address.clone() }
    };
    resources.iter().map(service).collect()
}

/// Returns who vouches for an application, and for which other one it could be taken.
pub(crate) async fn registration(ctx: &Ctx, application: &TrustedApplication) -> Result<Registration, Fault> {
    if application.application_uri == COMMAND_LINE {
        return Ok(Registration::BuiltIn);
    }
    Ok(match names::origin(ctx, application).await? {
        names::Origin::Administrator => Registration::Administrator,
        names::Origin::Itself { looks_like } => Registration::Itself { looks_like },
    })
}

fn approval(visitor: &Visitor, request: &DeviceRequest, registration: Registration) -> DeviceApprovalPage {
    let application = &request.application;
    let catalogue = visitor.ctx.catalogue();
    let scope = |name: &str| Scope { name: name.to_owned(), meaning: catalogue.explain(name) };
    let created = request.grant.creation_timestamp;
    DeviceApprovalPage {
        shell: visitor.shell(Section::Device),
        user_code: request.user_code.expose().to_owned(),
        application: DeviceApplication {
            name: application.name.clone(),
            client_id: application.application_uri.clone(),
            description: application.description.clone(),
            registration,
        },
        request_description: request.grant.description.clone(),
        scopes: request.scopes.iter().map(scope).collect(),
        services: services(&catalogue, &request.resources),
        details: request.details.shown(),
        asked_from: request
            .asked_from
            .map_or_else(|| "an unknown address".to_owned(), |from: IpAddr| from.to_string()),
        asked_at: created,
        valid_until: request.grant.expire_timestamp.unwrap_or(created),
    }
}

/// Approves or denies.
pub(super) async fn decide(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, form) = sent(&visitor, body)?;
    Ok(decided(&visitor, caller, &form).await)
}

/// Returns why a code is unknown when the user decides: it was used or has expired. The form carries its expiry.
fn too_late(visitor: &Visitor, form: &Form) -> DeviceOutcome {
    let end = form.get("valid_until").parse().map(Timestamp::from_micros);
    let expired = end.is_ok_and(|end| end <= visitor.ctx.now);
    if expired { DeviceOutcome::Expired } else { DeviceOutcome::AlreadyUsed }
}

async fn decided(visitor: &Visitor, caller: &Caller, form: &Form) -> Response {
    let request = match device::find_by_code(&visitor.ctx, form.get("user_code")).await {
        Ok(request) => request,
        Err(Fault::NotFound(_)) => {
            return result(visitor, StatusCode::CONFLICT, too_late(visitor, form), None);
        }
        Err(fault) => return visitor.sign_in_or_reject(&fault, &with_code(form)),
    };
    let (outcome, done) = match form.get("decision") {
        "approve" => (DeviceOutcome::Approved, device::approve(&visitor.ctx, caller, &request).await),
        "deny" => (DeviceOutcome::Denied, device::deny(&visitor.ctx, caller, &request).await),
        _ => return visitor.reject(&Fault::InvalidRequest("Approve or deny.".to_owned())),
    };
    match done {
        Ok(()) => result(visitor, StatusCode::OK, outcome, Some(&request)),
        Err(Fault::Conflict(_)) => {
            let late = request.state(visitor.ctx.now) == DeviceState::Expired;
            let outcome = if late { DeviceOutcome::Expired } else { DeviceOutcome::AlreadyUsed };
            result(visitor, StatusCode::CONFLICT, outcome, Some(&request))
        }
        Err(fault) => visitor.sign_in_or_reject(&fault, &with_code(form)),
    }
}

fn result(
    visitor: &Visitor,
    status: StatusCode,
    outcome: DeviceOutcome,
    request: Option<&DeviceRequest>,
) -> Response {
    let application = request.map(|request| request.application.name.clone());
    visitor.show(status, &DeviceResultPage { shell: visitor.shell(Section::Device), outcome, application })
}
