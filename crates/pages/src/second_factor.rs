//! The second factor of a sign-in.

use authority::Fault;
use authority::sign_in::second_factor::{PendingSignIn, find_pending, prove_by_code};
use axum::http::StatusCode;
use axum::response::Response;
use web::http::{advise, encode_form};

use super::forms::{Body, Origin};
use super::redirects::redirect_to_page;
use super::sign_in::{CODE, enter, local_path, mfa_cookie, passkey, rejection};
use super::views::shell::Section;
use super::views::sign_in::SecondFactorPage;
use super::visitor::{Visitor, see_other};

/// Shows the page to enter the code of a second factor.
pub(super) async fn show_code(visitor: Visitor) -> Response {
    let return_to = local_path(&visitor.parameter("return_to").unwrap_or_default());
    match pending_sign_in(&visitor).await {
        Ok(pending) if pending.factors.any() => {
            code_page(&visitor, &pending, StatusCode::OK, return_to, None)
        }
        // A user who must have a second factor and has none adds one first.
        Ok(_) if visitor.pending_mfa.is_some() => {
            see_other("/account/authenticator", &[("return_to", &return_to)])
        }
        Ok(_) => redirect_to_page(&return_to),
        Err(fault) => first_factor_again(&fault, &return_to),
    }
}

/// Redirects to the sign-in page, because the first factor is missing or is required again.
fn first_factor_again(fault: &Fault, return_to: &str) -> Response {
    let fields = [("return_to", return_to), ("again", "1")];
    let again = matches!(fault, Fault::InteractionNeeded(_));
    see_other("/signin", if again { &fields } else { &fields[..1] })
}

async fn pending_sign_in(visitor: &Visitor) -> Result<PendingSignIn, Fault> {
    find_pending(&visitor.ctx, visitor.browser_context(), mfa_cookie(visitor)).await
}

fn code_page(
    visitor: &Visitor,
    pending: &PendingSignIn,
    status: StatusCode,
    return_to: String,
    error: Option<String>,
) -> Response {
    let page = SecondFactorPage {
        shell: visitor.shell_for(Section::Other, pending.user.id),
        login: pending.user.login.clone(),
        totp: pending.factors.totp,
        return_to,
        passkey: passkey(visitor).filter(|_| pending.factors.passkeys > 0),
        error,
    };
    visitor.show(status, &page)
}

/// Completes a sign-in with a code.
pub(super) async fn submit_code(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let pending = pending_sign_in(&visitor).await.ok();
    let (origin, form) = visitor.receive_for(pending.as_ref().map(|pending| pending.user.id), body)?;
    let return_to = local_path(form.get("return_to"));
    let page = format!("{CODE}?{}", encode_form([("return_to", return_to.as_str())]));
    let pending = match (origin, pending) {
        (Origin::Current, Some(pending)) => pending,
        (Origin::Foreign, _) => return Err(visitor.forged(&page)),
        // The page shows the user whose code it asks for, or redirects to the sign-in.
        (Origin::Current | Origin::SignedOut | Origin::OtherPerson | Origin::LostCookie, _) => {
            return Err(redirect_to_page(&page));
        }
    };
    let fault =
        match prove_by_code(&visitor.ctx, visitor.browser_context(), &pending, &form.secret("code")).await {
            Ok(signed_in) => return Ok(enter(&visitor, &signed_in, &return_to)),
            Err(fault) => fault,
        };
    match rejection(&fault, "This code does not fit or was used.") {
        Some((status, error)) => {
            Ok(advise(code_page(&visitor, &pending, status, return_to, Some(error)), &fault))
        }
        None => Err(visitor.reject(&fault)),
    }
}
