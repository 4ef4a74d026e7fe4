use authority::tokens::{CreateToken, create_token, offered};
use authority::{AllowedAddresses, Caller, Fault, Issued, Scopes, scopes};
use axum::http::StatusCode;
use axum::response::Response;
use model::Timestamp;
use model::entities::TrustedApplication;
use token::SystemRandom;
use token::random_id::RandomId;

use super::forms::{Body, Form};
use super::sentences::sentence;
use super::views::error::ErrorPage;
use super::views::form_errors::FormErrors;
use super::views::new_token::{ApplicationChoice, NewTokenForm, NewTokenPage, ScopeChoice, TokenCreatedPage};
use super::views::scope::Scope;
use super::views::shell::Section;
use super::visitor::Visitor;

const DAY: i64 = 86_400;

/// Shows the page to create a personal access token.
pub(super) async fn show(visitor: Visitor) -> Result<Response, Response> {
    let caller = visitor.signed_in()?;
    let applications = offered(&visitor.ctx, caller).await.map_err(|fault| visitor.reject(&fault))?;
    let entered = Entered { scopes: vec![scopes::READ.to_owned()], ..Entered::default() };
    Ok(visitor.show(StatusCode::OK, &page(&visitor, &applications, entered, FormErrors::default())))
}

/// Creates a personal access token and shows its secret, once.
pub(super) async fn submit(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, form) = visitor.sent("/tokens/new", body)?;
    Ok(match read(&form, visitor.ctx.now) {
        Ok(asked) => create(&visitor, caller, &form, asked).await,
        Err(errors) => again(&visitor, caller, &form, StatusCode::BAD_REQUEST, errors).await,
    })
}

async fn create(visitor: &Visitor, caller: &Caller, form: &Form, asked: CreateToken) -> Response {
    if !visitor.app.sent_forms.begin(form.get("once")) {
        return visitor.show_error(&ErrorPage::sent_before(visitor.shell(Section::Tokens)));
    }
    match create_token(&visitor.ctx, caller, asked).await {
        Ok(issued) => created(visitor, caller, issued).await,
        Err(fault) => {
            visitor.app.sent_forms.take_back(form.get("once"));
            show_rejection(visitor, caller, form, &fault).await
        }
    }
}

async fn created(visitor: &Visitor, caller: &Caller, issued: Issued) -> Response {
    let client_id = issued.grant.client.unwrap_or_default();
    // The token is there: whatever happens, its secret is shown.
    let applications = offered(&visitor.ctx, caller).await.unwrap_or_default();
    let application = applications.into_iter().find(|application| application.application_uri == client_id);
    let view = TokenCreatedPage {
        shell: visitor.shell(Section::Tokens),
        secret: issued.secret.expose().to_owned(),
        description: issued.grant.description.unwrap_or_default(),
        application: application.map_or(client_id, |application| application.name),
        scopes: issued.scopes.iter().map(str::to_owned).collect(),
        expires: issued.grant.expire_timestamp,
        base_url: visitor.ctx.settings().public_url.clone(),
    };
    visitor.show(StatusCode::CREATED, &view)
}

/// What the form asks for.
///
/// # Errors
/// Everything that is wrong with it, so that it can be corrected at once.
fn read(form: &Form, now: Timestamp) -> Result<CreateToken, FormErrors> {
    let allowed = AllowedAddresses::parse(form.get("allowed_ip_addresses"));
    match (chosen_scopes(form), expiry(form, now), allowed) {
        (Ok(scopes), Ok(expires), Ok(allowed)) => Ok(CreateToken {
            service: false,
            client_id: form.get("client_id").to_owned(),
            description: Some(form.get("description").trim().to_owned()).filter(|text| !text.is_empty()),
            scopes,
            expires,
            allowed,
        }),
        (scopes, expires, allowed) => {
            let faults = [scopes.err(), expires.err(), allowed.err().map(Fault::from)];
            let mut errors = FormErrors::default();
            for errors_of_field in faults.iter().flatten().filter_map(|fault| form_errors(form, fault)) {
                errors.join(errors_of_field);
            }
            Err(errors)
        }
    }
}

fn chosen_scopes(form: &Form) -> Result<Scopes, Fault> {
    let chosen: Vec<&str> = form.all("scope").collect();
    if chosen.is_empty() {
        return Err(Fault::InvalidScope("choose at least one scope".to_owned()));
    }
    Ok(Scopes::from_names(chosen)?)
}

fn expiry(form: &Form, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let bad = |field, message: &str| Fault::BadField { field, message: message.to_owned() };
    match form.get("expiry") {
        "never" => Ok(None),
        "date" => {
            let date = Timestamp::parse_date(form.get("expires_on"));
            let date = date.map_err(|_| bad("expires_on", "a date such as 2027-01-31 is needed"))?;
            if date <= now { Err(bad("expires_on", "this day has begun already")) } else { Ok(Some(date)) }
        }
        days => {
            let days = days.parse::<i64>().ok().filter(|days| (1..=3660).contains(days));
            let days = days.ok_or_else(|| bad("expiry", "choose when the token expires"))?;
            Ok(Some(now.plus_seconds(days * DAY)))
        }
    }
}

/// Returns the error of a fault at its field, or nothing if the form cannot correct it.
fn form_errors(form: &Form, fault: &Fault) -> Option<FormErrors> {
    let (field, message) = match fault {
        Fault::InvalidScope(message) => ("scope", message),
        Fault::Forbidden(message) => ("client_id", message),
        Fault::BadField { field, message } => {
            let field = match *field {
                "client_id" => "client_id",
                "Description" => "description",
                "expires" if form.get("expiry") == "date" => "expires_on",
                "expires_on" => "expires_on",
                "expiry" | "expires" => "expiry",
                "allowed_ip_addresses" | "AllowedIPAddresses" => "allowed_ip_addresses",
                _ => return Some(FormErrors::for_form(sentence(message))),
            };
            (field, message)
        }
        _ => return None,
    };
    Some(FormErrors::for_field(field, sentence(message)))
}

async fn show_rejection(visitor: &Visitor, caller: &Caller, form: &Form, fault: &Fault) -> Response {
    let Some(errors) = form_errors(form, fault) else {
        return visitor.sign_in_or_reject(fault, "/tokens/new");
    };
    let (status, _) = web::http::api_code(fault);
    again(visitor, caller, form, status, errors).await
}

/// Shows the form again with what was entered and what is wrong with it.
async fn again(
    visitor: &Visitor,
    caller: &Caller,
    form: &Form,
    status: StatusCode,
    errors: FormErrors,
) -> Response {
    match offered(&visitor.ctx, caller).await {
        Ok(applications) => visitor.show(status, &page(visitor, &applications, Entered::from(form), errors)),
        Err(fault) => visitor.reject(&fault),
    }
}

/// What was entered into the form.
#[derive(Default)]
struct Entered {
    client_id: String,
    scopes: Vec<String>,
    once: Option<String>,
    form: NewTokenForm,
}

impl From<&Form> for Entered {
    fn from(form: &Form) -> Self {
        Self {
            client_id: form.get("client_id").to_owned(),
            scopes: form.all("scope").map(str::to_owned).collect(),
            once: Some(form.get("once").to_owned()).filter(|once| RandomId::parse(once).is_ok()),
            form: NewTokenForm {
                description: form.get("description").to_owned(),
                expiry: form.get("expiry").to_owned(),
                expires_on: form.get("expires_on").to_owned(),
                allowed_ip_addresses: form.get("allowed_ip_addresses").to_owned(),
            },
        }
    }
}

fn page(
    visitor: &Visitor,
    applications: &[TrustedApplication],
    entered: Entered,
    errors: FormErrors,
) -> NewTokenPage {
    let catalogue = visitor.ctx.catalogue();
    let user = visitor.caller.as_ref().map(|caller| caller.user.as_ref());
    let own_scopes = |application: &TrustedApplication| {
        catalogue.effective(&catalogue.scopes_for_client(application), Some(application), user)
    };
    let mut names: Vec<String> = Vec::new();
    for scopes in applications.iter().map(own_scopes) {
        for scope in scopes.iter() {
            if !names.iter().any(|name| name == scope) {
                names.push(scope.to_owned());
            }
        }
    }
    let choice = |application: &TrustedApplication| ApplicationChoice {
        client_id: application.application_uri.clone(),
        name: application.name.clone(),
        scopes: own_scopes(application).iter().map(str::to_owned).collect(),
        selected: application.application_uri == entered.client_id,
    };
    let scope = |name: String| ScopeChoice {
        checked: entered.scopes.contains(&name),
        scope: Scope { meaning: catalogue.explain(&name), name },
    };
    // Without randomness the form has no number, and may be sent twice.
    let number = || RandomId::generate(&SystemRandom).map(|id| id.expose().to_owned()).unwrap_or_default();
    let tomorrow = visitor.ctx.now.plus_seconds(DAY).to_string();
    NewTokenPage {
        shell: visitor.shell(Section::Tokens),
        applications: applications.iter().map(choice).collect(),
        scopes: names.into_iter().map(scope).collect(),
        once: entered.once.unwrap_or_else(number),
        first_day: tomorrow.chars().take(10).collect(),
        form: entered.form,
        errors,
    }
}
