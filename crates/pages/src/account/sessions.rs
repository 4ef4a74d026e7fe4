use authority::sign_in::own_sessions::{end_one, end_others};
use authority::upstream::Provider;
use authority::{Caller, Fault};
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Uuid;
use store::SessionRow;

use super::super::forms::Body;
use super::super::views::my_sign_in::SessionLine;
use super::super::visitor::Visitor;
use super::PAGE;
use super::browser_name::browser_name;

/// Returns a session as the page shows it.
pub(crate) fn line(visitor: &Visitor, session: &SessionRow, own: Option<Uuid>) -> SessionLine {
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

/// Ends a session, or all except the one that sent the form.
pub(crate) async fn end(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, form) = visitor.sent(PAGE, body)?;
    let done = ended(&visitor, caller, form.get("session")).await;
    let done = done.map_err(|fault| visitor.sign_in_or_reject(&fault, PAGE))?;
    Ok(Redirect::to(&format!("{PAGE}?done={done}")).into_response())
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
