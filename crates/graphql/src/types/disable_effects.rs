use async_graphql::SimpleObject;
use authority::Fault;
use authority::users::DisableEffects;
use model::entities;

use super::{ApiAccessToken, GrantKind, User};
use crate::model_types::ModelEnum;
use crate::row::{FromRow as _, Row};

/// What ends when a user is disabled, and what does not
#[derive(SimpleObject)]
pub(crate) struct UserDisableEffects {
    /// The user
    user: User,
    /// The number of sessions that end
    session_count: i32,
    /// The grants that end, by kind
    grants: Vec<EndingGrants>,
    /// Service access tokens that the user created. They stay valid: hand them over, or revoke them
    to_hand_over: Vec<ApiAccessToken>,
}

/// The number of grants of a kind
#[derive(SimpleObject)]
pub(crate) struct EndingGrants {
    /// The kind
    kind: GrantKind,
    /// Their number
    count: i32,
}

impl TryFrom<DisableEffects> for UserDisableEffects {
    type Error = Fault;

    fn try_from(effects: DisableEffects) -> Result<Self, Fault> {
        let grants = effects.grants.into_iter().map(|(kind, count)| ending(kind, count)).collect();
        let token = |made: authority::tokens::Made| ApiAccessToken::from_row(&Row::from_record(&made.grant));
        Ok(Self {
            user: User::from_row(&Row::from_record(&effects.user))?,
            session_count: i32::try_from(effects.sessions).unwrap_or(i32::MAX),
            grants,
            to_hand_over: effects.to_hand_over.into_iter().map(token).collect::<Result<_, _>>()?,
        })
    }
}

fn ending(kind: entities::GrantKind, count: u64) -> EndingGrants {
    EndingGrants { kind: ModelEnum(kind), count: i32::try_from(count).unwrap_or(i32::MAX) }
}
