use authority::actions::scopes::{ChangeScope, CreateScope, change_scope, create_scope};
use authority::{Caller, Fault};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::Response;

use super::super::views::{CatalogueErrors, ScopeForm, ScopePage, Section};
use super::super::visitor::{Form, Visitor};
use super::{entered, errors_of, is_checked, saved};

const FIELDS: [&str; 3] = ["name", "display_name", "description"];

/// The form of a scope: of the one that the address names, or of a new one.
pub(in crate::pages) async fn show(visitor: Visitor) -> Response {
    let (_, catalogue) = match entered(&visitor).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let Some(name) = visitor.parameter("name") else {
        let form = ScopeForm { is_listed: true, is_active: true, ..ScopeForm::default() };
        return page(&visitor, StatusCode::OK, true, form, CatalogueErrors::default());
    };
    let found = catalogue.scopes().iter().find(|scope| scope.name == name && !scope.is_built_in);
    let Some(scope) = found.cloned() else {
        return visitor.refuse(&Fault::NotFound("there is no such scope".to_owned()));
    };
    let form = ScopeForm {
        name: scope.name,
        display_name: scope.display_name,
        description: scope.description.unwrap_or_default(),
        is_default: scope.is_default,
        is_listed: scope.is_listed,
        administrators_only: scope.administrators_only,
        is_active: scope.is_active,
    };
    page(&visitor, StatusCode::OK, false, form, CatalogueErrors::default())
}

/// Adds or changes a scope.
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
    if form.get("known").is_empty() {
        let asked = CreateScope {
            name: sent.name,
            display_name: sent.display_name,
            description: Some(sent.description),
            is_default: sent.is_default,
            is_listed: sent.is_listed,
            administrators_only: sent.administrators_only,
        };
        return Ok(create_scope(&visitor.ctx, caller, asked).await?.name);
    }
    let asked = ChangeScope {
        display_name: Some(sent.display_name),
        description: Some(sent.description),
        is_default: Some(sent.is_default),
        is_listed: Some(sent.is_listed),
        administrators_only: Some(sent.administrators_only),
        is_active: Some(sent.is_active),
    };
    Ok(change_scope(&visitor.ctx, caller, form.get("known"), asked).await?.name)
}

fn sent(form: &Form) -> ScopeForm {
    let known = form.get("known");
    ScopeForm {
        name: if known.is_empty() { form.get("name") } else { known }.to_owned(),
        display_name: form.get("display_name").to_owned(),
        description: form.get("description").to_owned(),
        is_default: is_checked(form, "is_default"),
        is_listed: is_checked(form, "is_listed"),
        administrators_only: is_checked(form, "administrators_only"),
        is_active: is_checked(form, "is_active"),
    }
}

fn page(
    visitor: &Visitor,
    status: StatusCode,
    is_new: bool,
    form: ScopeForm,
    errors: CatalogueErrors,
) -> Response {
    visitor.show(status, &ScopePage { shell: visitor.shell(Section::Catalogue), is_new, form, errors })
}
