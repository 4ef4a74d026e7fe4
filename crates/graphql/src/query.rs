//! The queries.

use async_graphql::{Context, ID, Object};
use authority::users::{list_sessions, preview_disable};
use authority::{Fault, scopes};
use model::entities::{
    AccessToken, AuditEvent as AuditEventRow, GrantKind, Revocation as RevocationRow, TrustedApplication,
    User as UserRow,
};
use model::query::{Condition, Literal};

use super::blast_radius::{self, BlastRadius};
use super::connection::{Connection, ConnectionArguments, connections, list};
use super::context::ResolverContext;
use super::counts::{self, GrantCount, GrantCountKey};
use super::error::{Nullable, nullable};
use super::id;
use super::model_types::Filter;
use super::row::FromRow;
use super::scope::requires_scope;
use super::types::{
    ApiAccessToken, ApiAccessTokenCode, ApiApplication, AuditEvent, Grant, Node, Revocation, User,
    UserDisableEffects, UserSession, Viewer,
};

/// The root of queries.
pub(crate) struct Query;

/// How many objects are found by their ids at once.
const MAX_IDS: usize = 100;

/// The queries; every field but `viewer` needs the scope `read`
#[Object]
impl Query {
    /// Finds an object by its global id
    #[graphql(directive = requires_scope::apply(scopes::READ.to_owned()))]
    async fn node(&self, context: &Context<'_>, #[graphql(desc = "The global id")] id: ID) -> Nullable<Node> {
        nullable(node(context, &id).await)
    }

    /// Finds objects by their global ids, in the same order
    #[graphql(directive = requires_scope::apply(scopes::READ.to_owned()))]
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global ids, 100 at the most")] ids: Vec<ID>,
    ) -> Nullable<Vec<Option<Node>>> {
        nullable(nodes(context, &ids).await.map(Some))
    }

    /// Finds a code that waits for a decision, by the code that a user entered
    #[graphql(
        name = "apiAccessTokenCode",
        directive = requires_scope::apply(scopes::READ.to_owned())
    )]
    async fn api_access_token_code(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The code, as the application shows it")] code: ID,
    ) -> Nullable<ApiAccessTokenCode> {
        nullable(code_typed(context, &code).await)
    }

    /// The sessions of a user at the pages; for administrators with the scope `sec`
    #[graphql(directive = requires_scope::apply(scopes::READ.to_owned()))]
    async fn user_sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The login of the user")] login: String,
    ) -> Nullable<Vec<UserSession>> {
        nullable(sessions_of(context, &login).await.map(Some))
    }

    /// What a grant, user or application made, what it touched, and from where; at most 500 grants and 500 events
    #[graphql(directive = requires_scope::apply(scopes::READ.to_owned()))]
    async fn blast_radius(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of a grant, a user or an application, or the uuid of a grant")]
        of: ID,
    ) -> Nullable<BlastRadius> {
        nullable(blast_radius_of(context, &of).await)
    }

    /// What would end if a user were disabled now; for administrators with the scope `sec`
    #[graphql(directive = requires_scope::apply(scopes::READ.to_owned()))]
    async fn user_disable_preview(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The login of the user")] login: String,
    ) -> Nullable<UserDisableEffects> {
        nullable(disable_preview(context, &login).await)
    }

    /// The caller; a token can read itself without any scope
    async fn viewer(&self, context: &Context<'_>) -> Nullable<Viewer> {
        nullable(ResolverContext::from_context(context).and_then(Viewer::from_caller).map(Some))
    }

    #[graphql(flatten)]
    async fn connections(&self) -> QueryConnections {
        QueryConnections
    }

    /// The number of grants that the caller may see, by common properties
    #[graphql(directive = requires_scope::apply(scopes::READ.to_owned()))]
    async fn grant_counts(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The properties by which the grants are grouped; without any, there is one group")]
        by: Vec<GrantCountKey>,
        #[graphql(desc = "The condition for the grants")] filter: Option<Filter<AccessToken>>,
        #[graphql(desc = "The number of groups, those with most grants first", default = 50)] first: i32,
    ) -> Nullable<Vec<GrantCount>> {
        nullable(counts::list(context, &by, filter.map(|filter| filter.condition), first).await.map(Some))
    }
}

/// The connections of [`Query`].
struct QueryConnections;

connections! {
    QueryConnections:
    /// The users that the caller may see: for administrators all, for other users only themselves
    users: User, of UserRow, needs READ, by rows;
    /// The applications that the caller may see: for administrators all, for other users those with a grant of the user
    api_applications: ApiApplication, of TrustedApplication, needs READ, by rows;
    /// The tokens that the caller may see: for administrators all, for other users their own
    api_access_tokens: ApiAccessToken, of AccessToken, needs READ, by tokens;
    /// The grants of every kind that the caller may see: for administrators all, for other users their own
    grants: Grant, of AccessToken, needs READ, by rows;
    /// The set-based revocations of the caller: for administrators all
    revocations: Revocation, of RevocationRow, needs READ, by rows;
    /// The events that the caller may see: for administrators all, for other users those of which they are the actor or the subject
    audit_events: AuditEvent, of AuditEventRow, needs READ, by rows;
}

async fn blast_radius_of(context: &Context<'_>, of: &ID) -> Result<Option<BlastRadius>, Fault> {
    blast_radius::find(ResolverContext::from_context(context)?, of).await
}

async fn disable_preview(context: &Context<'_>, login: &str) -> Result<Option<UserDisableEffects>, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    UserDisableEffects::try_from(preview_disable(ctx, caller, login).await?).map(Some)
}

async fn rows<T: FromRow>(
    _: &QueryConnections,
    context: &Context<'_>,
    arguments: ConnectionArguments,
) -> Result<Connection<T>, Fault> {
    list(context, arguments).await
}

async fn tokens(
    _: &QueryConnections,
    context: &Context<'_>,
    arguments: ConnectionArguments,
) -> Result<Connection<ApiAccessToken>, Fault> {
    let filter = Some(only_tokens(arguments.filter));
    list(context, ConnectionArguments { filter, ..arguments }).await
}

/// Those grants that are tokens.
fn only_tokens(filter: Option<Condition>) -> Condition {
    let kinds = [GrantKind::PersonalAccessToken, GrantKind::ServiceAccessToken, GrantKind::ReferenceToken];
    let literals = kinds.map(|kind| Literal::Member(kind.name().to_owned())).to_vec();
    let tokens = Condition::In(vec!["Kind".to_owned()], literals);
    match filter {
        Some(filter) => Condition::And(Box::new(tokens), Box::new(filter)),
        None => tokens,
    }
}

async fn node(context: &Context<'_>, id: &ID) -> Result<Option<Node>, Fault> {
    let (node_type, uuid) = id::decode(id)?;
    Node::find(ResolverContext::from_context(context)?, node_type, uuid).await
}

async fn sessions_of(context: &Context<'_>, login: &str) -> Result<Vec<UserSession>, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let sessions = list_sessions(ctx, caller, login).await?;
    Ok(sessions.into_iter().map(Into::into).collect())
}

async fn nodes(context: &Context<'_>, ids: &[ID]) -> Result<Vec<Option<Node>>, Fault> {
    if ids.len() > MAX_IDS {
        let message = format!("{MAX_IDS} ids at the most");
        return Err(Fault::BadField { field: "ids", message });
    }
    futures_util::future::try_join_all(ids.iter().map(|id| node(context, id))).await
}

async fn code_typed(context: &Context<'_>, code: &str) -> Result<Option<ApiAccessTokenCode>, Fault> {
    let resolver = ResolverContext::from_context(context)?;
    resolver.caller.require(&resolver.ctx, scopes::READ)?;
    ApiAccessTokenCode::find_by_code(resolver, code).await
}
