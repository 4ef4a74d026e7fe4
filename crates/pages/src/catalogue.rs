//! The pages on which administrators keep the catalogue.

mod resource;
mod scope;

use std::sync::Arc;

use askama::Template;
use authority::{Caller, Catalogue, Fault, Scopes, catalogue};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::form_rejection::form_rejection;
use super::forms::{Body, Form};
use super::views::catalogue::{CataloguePage, ResourceLine, ScopeLine};
use super::views::form_errors::FormErrors;
use super::views::shell::{Section, Shell};
use super::visitor::Visitor;

pub(super) use super::views::catalogue::{ResourceForm, ScopeForm};

const PAGE: &str = "/catalogue";

/// The catalogue.
pub(super) async fn show(visitor: Visitor) -> Result<Response, Response> {
    let (_, catalogue) = entered(&visitor).await?;
    Ok(visitor.show(StatusCode::OK, &page(&visitor, &catalogue)))
}

/// An administrator who is signed in, as recently and as strongly as that needs, and the catalogue.
async fn entered(visitor: &Visitor) -> Result<(&Caller, Arc<Catalogue>), Response> {
    let caller = visitor.administrator(PAGE)?;
    Ok((caller, catalogue::current(&visitor.ctx).await.map_err(|fault| visitor.reject(&fault))?))
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
        notice: visitor.parameter("saved").and_then(|name| notice(catalogue, &name)),
        scopes: catalogue.scopes().iter().map(scope).collect(),
        resources: catalogue.resources().iter().map(resource).collect(),
    }
}

/// Returns the notice for what was saved. It must exist, so that no other site can choose the text.
fn notice(catalogue: &Catalogue, saved: &str) -> Option<String> {
    let scopes = catalogue.scopes().iter().map(|scope| scope.name.as_str());
    let resources = catalogue.resources().iter().map(|resource| resource.identifier.as_str());
    scopes.chain(resources).find(|known| *known == saved).map(|known| format!("{known} was saved."))
}

/// The form of one sort of what the catalogue has.
pub(super) trait Entry: Sized + Send + Sync {
    /// The parameter of the page that names an entry.
    const KEY: &'static str;
    /// The fields that an error can refer to.
    const FIELDS: &'static [&'static str];

    /// Returns the form of a new entry.
    fn new() -> Self;

    /// Returns the form of an entry of the catalogue that can be changed.
    fn find(catalogue: &Catalogue, key: &str) -> Option<Self>;

    /// What was sent; `known` is the key of one that is changed.
    fn sent(form: &Form, known: Option<&str>) -> Self;

    /// Adds or changes the entry; returns its key.
    fn save(
        self,
        visitor: &Visitor,
        caller: &Caller,
        is_new: bool,
    ) -> impl Future<Output = Result<String, Fault>> + Send;

    /// The page with the form.
    fn page(self, shell: Shell, is_new: bool, errors: FormErrors) -> impl Template;
}

/// Shows the form: of the entry that the address names, or of a new one.
pub(super) async fn show_entry<E: Entry>(visitor: Visitor) -> Result<Response, Response> {
    let (_, catalogue) = entered(&visitor).await?;
    let key = visitor.parameter(E::KEY);
    let form = key.as_deref().map_or_else(|| Some(E::new()), |key| E::find(&catalogue, key));
    let Some(form) = form else {
        return Err(visitor.reject(&Fault::NotFound("there is no such entry".to_owned())));
    };
    let page = form.page(visitor.shell(Section::Catalogue), key.is_none(), FormErrors::default());
    Ok(visitor.show(StatusCode::OK, &page))
}

/// Adds or changes an entry.
pub(super) async fn submit_entry<E: Entry>(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, form) = visitor.sent_by_administrator(PAGE, body)?;
    let known = Some(form.get("known")).filter(|known| !known.is_empty());
    let fault = match E::sent(&form, known).save(&visitor, caller, known.is_none()).await {
        Ok(key) => {
            let fields = web::http::encode_form([("saved", key.as_str())]);
            return Ok(Redirect::to(&format!("{PAGE}?{fields}")).into_response());
        }
        Err(fault) => fault,
    };
    let Some((status, errors)) = form_rejection(&fault, E::FIELDS) else {
        return Err(visitor.sign_in_or_reject(&fault, PAGE));
    };
    let page = E::sent(&form, known).page(visitor.shell(Section::Catalogue), known.is_none(), errors);
    Ok(visitor.show(status, &page))
}

fn is_checked(form: &Form, name: &str) -> bool {
    form.get(name) == "yes"
}
