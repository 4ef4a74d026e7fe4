use async_graphql::{Context, InputObject, MaybeUndefined, SimpleObject};
use authority::Fault;
use authority::users::change::UpdateUser;
use authority::users::update;

use super::given::given;
use crate::context::ResolverContext;
use crate::row::{FromRow as _, Row};
use crate::types::User;
use crate::user_error::{UserError, refusable};

/// What is changed of a user; what is left out stays
#[derive(InputObject)]
#[graphql(name = "UserUpdateMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The login of the user
    login: String,
    /// The user's name
    name: MaybeUndefined<String>,
    /// The e-mail address, which is then not confirmed; empty for none
    email: MaybeUndefined<String>,
    /// Whether the user administers the system
    is_admin: MaybeUndefined<bool>,
}

/// The user as it is now
#[derive(Default, SimpleObject)]
#[graphql(name = "UserUpdateMutationPayload")]
pub(super) struct Payload {
    /// The user
    user: Option<User>,
    /// Why nothing was changed
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let asked = UpdateUser {
        name: given("name", input.name)?,
        email: given("email", input.email)?.map(Some),
        is_admin: given("isAdmin", input.is_admin)?,
        ..UpdateUser::default()
    };
    let user = update(ctx, caller, &input.login, asked).await?;
    Ok(Payload { user: Some(User::from_row(&Row::from_record(&user))?), ..Payload::default() })
}
