use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::users::{CreateUser, create_user};
use model::entities::UserType;

use crate::context::ResolverContext;
use crate::row::{FromRow as _, Row};
use crate::types::User;
use crate::user_error::{UserError, refusable};

/// Which user is added
#[derive(InputObject)]
#[graphql(name = "UserCreateMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The login of the user
    login: String,
    /// The user's name
    name: String,
    /// The e-mail address
    email: Option<String>,
    /// The password; without one the user cannot sign in
    password: Option<String>,
    /// Whether the user administers the system; no, if left out
    is_admin: Option<bool>,
}

/// The user who was added
#[derive(Default, SimpleObject)]
#[graphql(name = "UserCreateMutationPayload")]
pub(super) struct Payload {
    /// The user
    user: Option<User>,
    /// Why no user was added
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let arguments = CreateUser {
        login: input.login,
        name: input.name,
        email: input.email,
        password: input.password.map(Into::into),
        is_admin: input.is_admin.unwrap_or_default(),
        user_type: UserType::InternalUser,
    };
    let user = create_user(ctx, caller, arguments).await?;
    Ok(Payload { user: Some(User::from_row(&Row::from_record(&user))?), ..Payload::default() })
}
