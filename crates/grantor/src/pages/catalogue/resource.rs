use authority::actions::resources::{ChangeResource, CreateResource, change_resource, create_resource};
use authority::{Caller, Fault, Scopes};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::Response;
use model::entities::AccessTokenFormat;

use super::super::views::{CatalogueErrors, ResourceForm, ResourcePage, Section};
use super::super::visitor::{Form, Visitor};
use super::{entered, errors_of, is_checked, saved};

const FIELDS: [&str; 5] = ["identifier", "name", "description", "scopes", "lifetime"];

/// The form of a service: of the one that the address names, or of a new one.
pub(in crate::pages) async fn show(visitor: Visitor) -> Response {
    let (_, catalogue) = match entered(&visitor).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let Some(identifier) = visitor.parameter("identifier") else {
        let form = ResourceForm { is_active: true, ..ResourceForm::default() };
        return page(&visitor, StatusCode::OK, true, form, CatalogueErrors::default());
    };
    let found = catalogue.resources().iter().find(|resource| resource.identifier == identifier);
    let Some(resource) = found.cloned() else {
        return visitor.refuse(&Fault::NotFound("there is no such resource".to_owned()));
    };
    let form = ResourceForm {
        identifier: resource.identifier,
        name: resource.name,
        description: resource.description.unwrap_or_default(),
        scopes: resource.scope.unwrap_or_default(),
        lifetime: resource.access_token_lifetime.map(|seconds| seconds.to_string()).unwrap_or_default(),
        format: match resource.access_token_format {
            Some(AccessTokenFormat::Reference) => "reference",
            Some(AccessTokenFormat::Jwt) => "jwt",
            None => "",
        }
        .to_owned(),
        is_active: resource.is_active,
    };
    page(&visitor, StatusCode::OK, false, form, CatalogueErrors::default())
}

/// Adds or changes a service.
pub(in crate::pages) async fn submit(visitor: Visitor, body: Result<Bytes, BytesRejection>) -> Response {
    let caller = match entered(&visitor).await {
        Ok((caller, _)) => caller,
        Err(response) => return response,
    };
    let form = match visitor.form(body) {
        Ok(form) => form,
        Err(refusal) => return refusal,
    };
    let fault = match save(&visitor, caller, &form).await {
        Ok(name) => return saved(&name),
        Err(fault) => fault,
    };
    match errors_of(fault, &FIELDS) {
        Ok((status, errors)) => {
            let is_new = form.get("known").is_empty();
            page(&visitor, status, is_new, sent(&form), errors)
        }
        Err(fault) => visitor.refuse(&fault),
    }
}

async fn save(visitor: &Visitor, caller: &Caller, form: &Form) -> Result<String, Fault> {
    let sent = sent(form);
    let scopes = Scopes::parse(&sent.scopes)?;
    let access_token_lifetime = lifetime(&sent.lifetime)?;
    let access_token_format = match sent.format.as_str() {
        "reference" => Some(AccessTokenFormat::Reference),
        "jwt" => Some(AccessTokenFormat::Jwt),
        _ => None,
    };
    if form.get("known").is_empty() {
        let asked = CreateResource {
            identifier: sent.identifier,
            name: sent.name,
            description: Some(sent.description),
            scopes,
            access_token_lifetime: Some(access_token_lifetime),
            access_token_format,
        };
        return Ok(create_resource(&visitor.ctx, caller, asked).await?.name);
    }
    let asked = ChangeResource {
        name: Some(sent.name),
        description: Some(sent.description),
        scopes: Some(scopes),
        access_token_lifetime: Some(access_token_lifetime),
        access_token_format: Some(access_token_format),
        is_active: Some(sent.is_active),
    };
    Ok(change_resource(&visitor.ctx, caller, form.get("known"), asked).await?.name)
}

/// The longest life of a token; 0 where the form says nothing.
fn lifetime(text: &str) -> Result<i32, Fault> {
    let bad = |_| Fault::BadField { field: "lifetime", message: "this is a number of seconds".to_owned() };
    if text.is_empty() { Ok(0) } else { text.parse().map_err(bad) }
}

fn sent(form: &Form) -> ResourceForm {
    let known = form.get("known");
    let text = |name: &str| form.get(name).to_owned();
    ResourceForm {
        identifier: if known.is_empty() { text("identifier") } else { known.to_owned() },
        name: text("name"),
        description: text("description"),
        scopes: text("scopes"),
        lifetime: text("lifetime"),
        format: text("format"),
        is_active: is_checked(form, "is_active"),
    }
}

fn page(
    visitor: &Visitor,
    status: StatusCode,
    is_new: bool,
    form: ResourceForm,
    errors: CatalogueErrors,
) -> Response {
    visitor.show(status, &ResourcePage { shell: visitor.shell(Section::Catalogue), is_new, form, errors })
}
