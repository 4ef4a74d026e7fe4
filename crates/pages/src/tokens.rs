//! The list of tokens.

use authority::registry::query;
use authority::tokens::{Made, leaks};
use authority::{Caller, Fault, Scopes};
use axum::http::StatusCode;
use axum::response::Response;
use model::entities::{AccessToken, GrantKind, GrantState, RevocationReason};
use model::query::{Comparison, Condition, Expand, Expanded, Literal, Object, OrderBy, Query};
use model::{Record, Timestamp, Uuid, Value};
use store::LeakReport;

use super::views::shell::Section;
use super::views::tokens::{LastUse, Leak, MadeRow, TokenListPage, TokenRow, TokenState};
use super::visitor::Visitor;

/// The page itself.
pub(super) const PAGE: &str = "/tokens";

/// What a page shows after a token was handed over.
pub(super) const HANDED_OVER: &str = "The token was handed over.";

/// How many tokens a page shows.
const ROWS: u64 = 50;

/// The kinds that the page shows. Codes live only for minutes.
const SHOWN: [GrantKind; 5] = [
    GrantKind::PersonalAccessToken,
    GrantKind::ServiceAccessToken,
    GrantKind::ReferenceToken,
    GrantKind::RefreshToken,
    GrantKind::UserConsent,
];

/// Shows the tokens of the user, newest first.
pub(super) async fn list(visitor: Visitor) -> Result<Response, Response> {
    let caller = visitor.signed_in()?;
    let view = listed(&visitor, caller).await.map_err(|fault| visitor.reject(&fault))?;
    Ok(visitor.show(StatusCode::OK, &view))
}

async fn listed(visitor: &Visitor, caller: &Caller) -> Result<TokenListPage, Fault> {
    let show_all = visitor.parameter("show").as_deref() == Some("all");
    let after = visitor.parameter("before").and_then(|text| parse_position(&text));
    let newest = after.is_some().then_some(if show_all { "/tokens?show=all" } else { PAGE });
    let query = Query { after, ..own_tokens(caller, show_all) };
    let page = query::page(&visitor.ctx, caller, AccessToken::entity(), &query).await?;
    let (leaks, made) = leaks::list_leaks(&visitor.ctx, caller).await?;
    let with: Vec<_> = leaks.iter().filter_map(|leak| leak.grant).collect();
    let (with_leaked, others): (Vec<_>, Vec<_>) =
        made.iter().partition(|made| made.with.is_some_and(|id| with.contains(&id)));
    let show = if show_all { "show=all&" } else { "" };
    let older = page.next.as_deref().and_then(position);
    Ok(TokenListPage {
        shell: visitor.shell(Section::Tokens),
        notice: done(visitor),
        leaks: leaks.into_iter().map(|report| leak(report, &with_leaked)).collect(),
        made: others.into_iter().map(made_row).collect(),
        show_all,
        rows: page.objects.iter().filter_map(row).collect(),
        newest,
        older: older.map(|position| format!("{PAGE}?{show}before={position}")),
    })
}

fn leak(report: LeakReport, made: &[&Made]) -> Leak {
    let with_it = made.iter().filter(|made| made.with.is_some() && made.with == report.grant);
    Leak {
        made: with_it.map(|made| made_row(made)).collect(),
        is_revoked: report.revoked > 0,
        name: report.name,
        kind: GrantKind::from_code(&report.kind),
        url: report.url,
        source: report.source,
        finder: report.finder_address,
        at: report.reported_at,
        others: report.revoked.saturating_sub(1).max(0),
    }
}

pub(super) fn made_row(made: &Made) -> MadeRow {
    let grant = &made.grant;
    MadeRow {
        id: grant.id.to_string(),
        description: grant.description.clone().unwrap_or_default(),
        kind: grant.kind,
        application: grant.client.clone().unwrap_or_default(),
    }
}

/// Returns the notice for what was done. The address only names it, so that no other site can choose the text.
fn done(visitor: &Visitor) -> Option<String> {
    if visitor.parameter("narrowed").is_some() {
        return Some("The token was narrowed.".to_owned());
    }
    if visitor.parameter("handed-over").is_some() {
        return Some(HANDED_OVER.to_owned());
    }
    revoked(&visitor.parameter("revoked")?)
}

/// Returns what a page shows after a revocation of this many grants.
pub(super) fn revoked(count: &str) -> Option<String> {
    match count.parse::<u32>().ok()? {
        0 => Some("The token was revoked before.".to_owned()),
        1 => Some("The token was revoked.".to_owned()),
        count => Some(format!("The token was revoked, and {} that came from it.", count - 1)),
    }
}

/// Returns the properties that [`row`] reads.
pub(super) fn shown() -> Vec<String> {
    ["default", "State"].map(str::to_owned).to_vec()
}

/// A caller's own tokens: all, or those that have not ended.
fn own_tokens(caller: &Caller, show_all: bool) -> Query {
    let of_caller = Condition::Compare(vec!["User".into()], Comparison::Eq, Literal::Guid(caller.user.id));
    let kinds = SHOWN.iter().map(|kind| Literal::Member(kind.name().to_owned())).collect();
    let mut filter = and(of_caller, Condition::In(vec!["Kind".into()], kinds));
    if !show_all {
        let states = [GrantState::Live, GrantState::Disabled];
        let states = states.iter().map(|state| Literal::Member(state.name().to_owned())).collect();
        filter = and(filter, Condition::In(vec!["State".into()], states));
    }
    let application = Query { select: vec!["Name".into()], ..Query::default() };
    Query {
        select: shown(),
        filter: Some(filter),
        order_by: vec![OrderBy { name: "CreationTimestamp".into(), descending: true }],
        expand: vec![Expand::rows("TrustedApplication", application)],
        top: Some(ROWS),
        ..Query::default()
    }
}

fn and(left: Condition, right: Condition) -> Condition {
    Condition::And(Box::new(left), Box::new(right))
}

/// Returns a position as the address of the next page carries it: the time and the identifier.
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

/// Returns a grant as the pages show it.
pub(super) fn row(object: &Object) -> Option<TokenRow> {
    let time = |name: &str| match object.value(name) {
        Some(Value::Time(time)) => Some(*time),
        _ => None,
    };
    let expanded = |name: &str| {
        object.expanded.iter().find_map(|(_, expanded)| match expanded {
            Expanded::One(Some(row)) => row.text(name),
            _ => None,
        })
    };
    let application = expanded("Name");
    let leaked = object.text("RevocationReason").as_deref() == Some(RevocationReason::Leaked.name());
    let state = match GrantState::from_name(&object.text("State")?)? {
        GrantState::Revoked if leaked => TokenState::Leaked,
        GrantState::Revoked => TokenState::Revoked,
        GrantState::Used => TokenState::Used,
        GrantState::Expired => TokenState::Expired,
        GrantState::Disabled => TokenState::Disabled,
        GrantState::Live => TokenState::Active,
    };
    Some(TokenRow {
        id: object.id.to_string(),
        owner: object.guid("User"),
        made_by: expanded("Login"),
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
