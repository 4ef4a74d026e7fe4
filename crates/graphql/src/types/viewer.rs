use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use authority::registry::query;
use authority::{Caller, Fault, scopes};

use super::{ApiAccessToken, Row, Shown as _, User};
use crate::caller::Asking;
use crate::error::{Nullable, nullable};
use crate::id;

/// Who sends the request
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct Viewer {
    id: ID,
    /// The user
    user: User,
    /// What the token that was presented may be used for; for somebody who is signed in to the pages, all that they
    /// may do
    scopes: Vec<String>,
}

#[ComplexObject]
impl Viewer {
    /// The token that was presented
    async fn token(&self, context: &Context<'_>) -> Nullable<ApiAccessToken> {
        nullable(presented_token(context).await)
    }
}

impl Viewer {
    /// Who sends the request. A token describes itself and its user without any scope.
    pub(crate) fn of(asking: &Asking) -> Result<Self, Fault> {
        let user = asking.caller.user.as_ref();
        Ok(Self {
            id: id::encode("Viewer", user.id),
            user: User::from_row(&Row::of(user))?,
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
