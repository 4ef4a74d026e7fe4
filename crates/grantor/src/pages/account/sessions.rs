use authority::actions::own_sessions::{end_one, end_others};
use authority::upstream::Provider;
use authority::{Caller, Fault};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Redirect, Response};
use model::Uuid;
use store::SessionRow;

use super::super::views::SessionLine;
use super::super::visitor::Visitor;
use super::PAGE;
use super::browser_name::browser_name;

/// A session as the page shows it.
pub(super) fn line(visitor: &Visitor, session: &SessionRow, own: Option<Uuid>) -> SessionLine {
    let label =
        |name: &String| Provider::find(&visitor.ctx, name).map_or(name.clone(), |known| known.label.clone());
    SessionLine {
        id: session.id.to_string(),
        browser: browser_name(&session.browser),
        address: session.address.clone(),
        provider: session.provider.as_ref().map(label),
        since: session.created_at,
        seen: session.last_seen_at,
        is_this: own == Some(session.id),
    }
}

/// Ends a session, or all but the one in which the form was sent.
pub(in crate::pages) async fn end(visitor: Visitor, body: Result<Bytes, BytesRejection>) -> Response {
    let caller = match visitor.signed_in_or(PAGE) {
        Ok(caller) => caller,
        Err(sign_in) => return sign_in,
    };
    let form = match visitor.form(body) {
        Ok(form) => form,
        Err(refusal) => return refusal,
    };
    match ended(&visitor, caller, form.get("session")).await {
        Ok(done) => Redirect::to(&format!("{PAGE}?done={done}")).into_response(),
        Err(fault) => visitor.refuse(&fault),
    }
}

async fn ended(visitor: &Visitor, caller: &Caller, which: &str) -> Result<&'static str, Fault> {
    if which == "others" {
        end_others(&visitor.ctx, caller).await?;
        return Ok("sessions");
    }
    let unknown = |_| Fault::NotFound("there is no such session".to_owned());
    end_one(&visitor.ctx, caller, Uuid::parse_str(which).map_err(unknown)?).await?;
    Ok("session")
}
