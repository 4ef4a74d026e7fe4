//! Requesting a link to reset a forgotten password.

use authority::Fault;
use authority::users::reset_password::ask;
use axum::http::StatusCode;
use axum::response::Response;
use web::http::advise;

use super::forms::Body;
use super::sentences::sentence;
use super::views::mail::ForgotPage;
use super::views::shell::Section;
use super::visitor::Visitor;

const PAGE: &str = "/signin/forgot";

/// Shows the page to request a link; without mail, there is no such page.
pub(super) async fn show(visitor: Visitor) -> Response {
    if !visitor.ctx.settings().sends_mail {
        return visitor.reject(&Fault::NotFound("no mail is sent from here".to_owned()));
    }
    let login = visitor.parameter("login").unwrap_or_default();
    page(&visitor, StatusCode::OK, false, login, None)
}

/// Requests a link. The response does not reveal whether the account exists.
pub(super) async fn submit(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let form = visitor.entered(body, |_| PAGE.to_owned())?;
    let login = form.get("login");
    Ok(match ask(&visitor.ctx, login).await {
        Ok(()) => page(&visitor, StatusCode::OK, true, String::new(), None),
        Err(fault @ Fault::TooManyAttempts(_)) => {
            let error = Some(sentence(&fault.to_string()));
            let page = page(&visitor, StatusCode::TOO_MANY_REQUESTS, false, login.to_owned(), error);
            advise(page, &fault)
        }
        Err(fault) => visitor.reject(&fault),
    })
}

fn page(
    visitor: &Visitor,
    status: StatusCode,
    asked: bool,
    login: String,
    error: Option<String>,
) -> Response {
    let shell = visitor.shell_without_user(Section::Other);
    visitor.show(status, &ForgotPage { shell, asked, login, error })
}
