use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use authority::registry::query;
use authority::{Caller, Fault, scopes};

use super::{ApiAccessToken, Row, Shown as _, User};
use crate::caller::Asking;
use crate::error::{Nullable, nullable};
use crate::id;

/// The sender of the request
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct Viewer {
    id: ID,
    /// The user; null for a token that an application obtained from a person without the scope `read`: the application
    /// learns the claims that the person agreed to, by UserInfo and the ID token
    user: Option<User>,
    /// The scopes of the presented token; for a session of the pages, all permissions of the user
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
    pub(crate) fn of(asking: &Asking) -> Result<Self, Fault> {
        let user = asking.caller.user.as_ref();
        let known = asking.caller.may_identify_user().then(|| User::from_row(&Row::of(user)));
        Ok(Self {
            id: id::encode("Viewer", asking.caller.token().map_or(user.id, |live| live.grant.id)),
            user: known.transpose()?,
            scopes: scopes_of(&asking.caller),
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
    let Asking { ctx, caller, .. } = Asking::of(context)?;
    let own = query::own_token(ctx, caller).await?;
    own.map(|own| ApiAccessToken::from_row(&Row::of(&own))).transpose()
}
