use async_graphql::{Context, InputObject, SimpleObject};
use authority::Fault;
use authority::users::{CreateUser, invite};
use model::entities::UserType;
use web::http::paths;

use crate::context::ResolverContext;
use crate::date_time::DateTime;
use crate::row::{FromRow as _, Row};
use crate::types::User;
use crate::user_error::{UserError, refusable};

/// The user who is invited
#[derive(InputObject)]
#[graphql(name = "UserInviteMutationInput")]
pub(super) struct Input {
    /// A value that the payload repeats
    pub(super) client_mutation_id: Option<String>,
    /// The login of the user
    login: String,
    /// The user's name
    name: String,
    /// The e-mail address
    email: Option<String>,
    /// Whether the user administers the system; no, if left out
    is_admin: Option<bool>,
}

/// The user with the link
#[derive(Default, SimpleObject)]
#[graphql(name = "UserInviteMutationPayload")]
pub(super) struct Payload {
    /// The user
    user: Option<User>,
    /// The address of the page on which the user sets the password; it is shown only now, works once, and replaces an earlier one
    url: Option<String>,
    /// The time when the link expires
    expires_at: Option<DateTime>,
    /// Why there is no link
    user_errors: Vec<UserError>,
    /// The value of the input
    client_mutation_id: Option<String>,
}

refusable!(Payload);

pub(super) async fn run(context: &Context<'_>, input: Input) -> Result<Payload, Fault> {
    let ResolverContext { ctx, caller, .. } = ResolverContext::from_context(context)?;
    let asked = CreateUser {
        login: input.login,
        name: input.name,
        email: input.email,
        password: None,
        is_admin: input.is_admin.unwrap_or_default(),
        user_type: UserType::InternalUser,
    };
    let (user, link) = invite(ctx, caller, asked).await?;
    Ok(Payload {
        user: Some(User::from_row(&Row::from_record(&user))?),
        url: Some(format!("{}{}{}", ctx.settings().public_url, paths::mail::RESET, link.expose())),
        expires_at: Some(DateTime(link.expires_at())),
        ..Payload::default()
    })
}
