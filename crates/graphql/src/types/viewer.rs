use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use authority::registry::query;
use authority::{Caller, Fault, scopes};

use super::{ApiAccessToken, User};
use crate::context::ResolverContext;
use crate::error::{Nullable, nullable};
use crate::id;
use crate::row::{FromRow as _, Row};

/// The sender of the request
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct Viewer {
    id: ID,
    /// The user; null for a token that an application obtained without the scope `read`: the application gets the
    /// claims of the consent from UserInfo and the ID token
    user: Option<User>,
    /// The scopes of the presented token; for a session of the pages, all scopes of the user
    scopes: Vec<String>,
}

#[ComplexObject]
impl Viewer {
    /// The presented token
    async fn token(&self, context: &Context<'_>) -> Nullable<ApiAccessToken> {
        nullable(presented_token(context).await)
    }
}

impl Viewer {
    /// Describes the caller. The identifier of a token's viewer is that of the token: a client with pairwise subjects must
    /// not learn the user's.
    pub(crate) fn from_caller(resolver: &ResolverContext) -> Result<Self, Fault> {
        let user = resolver.caller.user.as_ref();
        let known = resolver.caller.may_identify_user().then(|| User::from_row(&Row::from_record(user)));
        Ok(Self {
            id: id::encode("Viewer", resolver.caller.token().map_or(user.id, |live| live.grant.id)),
            user: known.transpose()?,
            scopes: scopes_of(&resolver.caller),
        })
    }
}

fn scopes_of(caller: &Caller) -> Vec<String> {
    let Some(token) = caller.token() else {
        let administrates = caller.user.is_admin.then_some(scopes::SECURITY);
        return [scopes::READ, scopes::UPDATE].into_iter().chain(administrates).map(str::to_owned).collect();
    };
    token.scopes.iter().map(str::to_owned).collect()
}

async fn presented_token(context: &Context<'_>) -> Result<Option<ApiAccessToken>, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let own = query::own_token(ctx, caller).await?;
    own.map(|own| ApiAccessToken::from_row(&Row::from_record(&own))).transpose()
}
