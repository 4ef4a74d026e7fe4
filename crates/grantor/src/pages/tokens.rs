use authority::actions::{query, report_leaks, revoke};
use authority::{Caller, Ctx, Fault, Scopes};
use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::entities::{AccessToken, GrantKind, RevocationReason};
use model::query::{Comparison, Condition, Expand, Expanded, Literal, Object, OrderBy, Query};
use model::{Record, Timestamp, Uuid, Value};
use store::LeakReport;

use super::views::{LastUse, Leak, RevokePage, Section, TokenListPage, TokenRow, TokenState};
use super::visitor::{Form, Visitor};

/// How many tokens a page shows.
const PAGE: u64 = 50;

/// What one can hold and revoke; codes that are used up within minutes are not shown.
const SHOWN: [GrantKind; 5] = [
    GrantKind::PersonalAccessToken,
    GrantKind::ServiceAccessToken,
    GrantKind::ReferenceToken,
    GrantKind::RefreshToken,
    GrantKind::UserConsent,
];

/// The tokens of the person who is signed in, the newest first.
pub(super) async fn list(visitor: Visitor) -> Response {
    let caller = match visitor.signed_in() {
        Ok(caller) => caller,
        Err(sign_in) => return sign_in,
    };
    let show_all = visitor.parameter("show").as_deref() == Some("all");
    let after = visitor.parameter("before").and_then(|text| parse_position(&text));
    let newest = after.is_some().then_some(if show_all { "/tokens?show=all" } else { "/tokens" });
    let query = Query { after, ..own_tokens(caller, (!show_all).then_some(visitor.ctx.now)) };
    let page = match query::page(&visitor.ctx, caller, AccessToken::entity(), &query).await {
        Ok(page) => page,
        Err(fault) => return visitor.refuse(&fault),
    };
    let leaks = match report_leaks::list_leaks(&visitor.ctx, caller).await {
        Ok(leaks) => leaks,
        Err(fault) => return visitor.refuse(&fault),
    };
    let show = if show_all { "show=all&" } else { "" };
    let older =
        page.next.as_deref().and_then(position).map(|position| format!("/tokens?{show}before={position}"));
    let view = TokenListPage {
        shell: visitor.shell(Section::Tokens),
        notice: visitor
            .parameter("narrowed")
            .map(|_| "The token was narrowed.".to_owned())
            .or_else(|| visitor.parameter("revoked").and_then(|count| notice(&count))),
        leaks: leaks.into_iter().map(leak).collect(),
        show_all,
        rows: page.objects.iter().filter_map(|object| row(object, visitor.ctx.now)).collect(),
        newest,
        older,
    };
    visitor.show(StatusCode::OK, &view)
}

fn leak(report: LeakReport) -> Leak {
    Leak {
        name: report.name,
        kind: GrantKind::from_code(&report.kind),
        url: report.url,
        source: report.source,
        finder: report.finder_address,
        at: report.reported_at,
        others: report.revoked.saturating_sub(1).max(0),
    }
}

fn notice(count: &str) -> Option<String> {
    match count.parse::<u32>().ok()? {
        0 => Some("The token was revoked before.".to_owned()),
        1 => Some("The token was revoked.".to_owned()),
        count => Some(format!("The token was revoked, and {} that came from it.", count - 1)),
    }
}

/// A caller's own tokens; with a moment, those that are valid then.
fn own_tokens(caller: &Caller, valid_at: Option<Timestamp>) -> Query {
    let of_caller = Condition::Compare(vec!["User".into()], Comparison::Eq, Literal::Guid(caller.user.id));
    let kinds = SHOWN.iter().map(|kind| Literal::Member(kind.name().to_owned())).collect();
    let mut filter = and(of_caller, Condition::In(vec!["Kind".into()], kinds));
    if let Some(now) = valid_at {
        for ended in ["RevokedTimestamp", "ConsumedTimestamp", "ExpireTimestamp"] {
            let over = Condition::Compare(vec![ended.into()], Comparison::Le, Literal::Time(now));
            filter = and(filter, Condition::Not(Box::new(over)));
        }
    }
    let application = Query { select: vec!["Name".into()], ..Query::default() };
    Query {
        filter: Some(filter),
        order_by: vec![OrderBy { name: "CreationTimestamp".into(), descending: true }],
        expand: vec![Expand::rows("TrustedApplication", application)],
        top: Some(PAGE),
        ..Query::default()
    }
}

fn and(left: Condition, right: Condition) -> Condition {
    Condition::And(Box::new(left), Box::new(right))
}

/// The place in the order as the address of the next page carries it: the time and the identifier.
fn position(next: &[Value]) -> Option<String> {
    match next {
        [Value::Time(time), Value::Guid(id)] => Some(format!("{}.{id}", time.micros())),
        _ => None,
    }
}

fn parse_position(text: &str) -> Option<Vec<Value>> {
    let (micros, id) = text.split_once('.')?;
    let time = Timestamp::from_micros(micros.parse().ok()?);
    Some(vec![Value::Time(time), Value::Guid(Uuid::parse_str(id).ok()?)])
}

pub(super) fn row(object: &Object, now: Timestamp) -> Option<TokenRow> {
    let time = |name: &str| match object.value(name) {
        Some(Value::Time(time)) => Some(*time),
        _ => None,
    };
    let application = object.expanded.iter().find_map(|(_, expanded)| match expanded {
        Expanded::One(Some(application)) => application.text("Name"),
        _ => None,
    });
    let leaked = object.text("RevocationReason").as_deref() == Some(RevocationReason::Leaked.name());
    let state = if time("RevokedTimestamp").is_some() {
        if leaked { TokenState::Leaked } else { TokenState::Revoked }
    } else if time("ConsumedTimestamp").is_some() {
        TokenState::Used
    } else if time("ExpireTimestamp").is_some_and(|expires| expires <= now) {
        TokenState::Expired
    } else {
        TokenState::Active
    };
    Some(TokenRow {
        id: object.id.to_string(),
        description: object.text("Description").unwrap_or_default(),
        kind: GrantKind::from_name(&object.text("Kind")?)?,
        application: application.or_else(|| object.text("Client")),
        scopes: Scopes::stored(object.text("Scopes").as_deref()).iter().map(str::to_owned).collect(),
        created: time("CreationTimestamp")?,
        expires: time("ExpireTimestamp"),
        last_used: time("LastUsedTimestamp")
            .map(|at| LastUse { at, address: object.text("LastUsedIPAddress") }),
        state,
    })
}

/// Asks whether a token is to be revoked, and when the person says so revokes it.
pub(super) async fn revoke(
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let caller = match visitor.signed_in_or("/tokens") {
        Ok(caller) => caller,
        Err(sign_in) => return sign_in,
    };
    let form = match visitor.form(body) {
        Ok(form) => form,
        Err(refusal) => return refusal,
    };
    // An address that is not UTF-8 names no token.
    let id = path.map(|Path(id)| id).unwrap_or_default();
    match revoked_or_asked(&visitor, caller, &id, &form).await {
        Ok(response) => response,
        Err(fault) => visitor.lead_or_refuse(&fault, "/tokens"),
    }
}

async fn revoked_or_asked(
    visitor: &Visitor,
    caller: &Caller,
    id: &str,
    form: &Form,
) -> Result<Response, Fault> {
    let id = Uuid::parse_str(id).map_err(|_| unknown())?;
    if form.get("confirm") == "yes" {
        let revoked = revoke::revoke(&visitor.ctx, caller, id).await?.len();
        return Ok(Redirect::to(&format!("/tokens?revoked={revoked}")).into_response());
    }
    let object = find(&visitor.ctx, caller, id).await?.ok_or_else(unknown)?;
    let token = row(&object, visitor.ctx.now).ok_or_else(unknown)?;
    let descendants = revoke::count_descendants(&visitor.ctx, id).await?;
    let descendants = u64::try_from(descendants).unwrap_or(u64::MAX);
    let view = RevokePage { shell: visitor.shell(Section::Tokens), token, descendants };
    Ok(visitor.show(StatusCode::OK, &view))
}

pub(super) fn unknown() -> Fault {
    Fault::NotFound("there is no such token".to_owned())
}

pub(super) async fn find(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<Option<Object>, Fault> {
    let application = Query { select: vec!["Name".into()], ..Query::default() };
    let expand = vec![Expand::rows("TrustedApplication", application)];
    query::find(ctx, caller, AccessToken::entity(), id, &Query { expand, ..Query::default() }).await
}
