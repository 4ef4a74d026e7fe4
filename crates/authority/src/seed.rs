//! Rows that are made without a caller, for a demonstration world: the inner parts of the verbs that make them otherwise.

use model::entities::{AccessToken, AccessTokenScope, GrantKind, TrustedApplication, User, UserType};
use model::{Record, Timestamp, Uuid, Value};
use token::TokenKind;
use token::client_secret::PlainSecret;

use crate::clients::CreateApplication;
use crate::registry::names::{insert_application, insert_user};
use crate::sign_in::passwords;
use crate::sign_in::proof::Proof;
use crate::sign_in::session::{BrowserContext, PASSWORD, open_session};
use crate::sign_out::end_session::end_session;
use crate::tokens::issue::NewGrant;
use crate::tokens::{CreateToken, create_token};
use crate::{AccessSecret, Caller, Ctx, Fault, Scopes, Secret, clients, text, users};

/// The rows of a grant.
pub type GrantRows = (AccessToken, Vec<AccessTokenScope>);

/// A sign-in without a browser.
const NO_BROWSER: BrowserContext<'_> = BrowserContext { before: None, browser: "", cookie: "", known: None };

/// Length of a generated password, in characters.
const PASSWORD_LENGTH: usize = 16;

/// A grant that is made without a request.
pub struct SeedGrant<'a> {
    /// Kind of the grant.
    pub kind: GrantKind,
    /// Kind of its secret.
    pub secret: TokenKind,
    /// The client.
    pub client: &'a TrustedApplication,
    /// The user.
    pub user: &'a User,
    /// The scopes.
    pub scopes: Scopes,
    /// Purpose of the token.
    pub description: Option<String>,
    /// Expiry; never, if absent.
    pub expires: Option<Timestamp>,
    /// The grant from which it came.
    pub parent: Option<Uuid>,
}

/// Returns whether the registry has a fact.
pub async fn has_fact(ctx: &Ctx, fact: &'static str) -> Result<bool, Fault> {
    Ok(ctx.store().read(move |read| read.find_fact(fact)).await?.is_some())
}

/// Returns the first rows of an entity, at most `limit`.
pub async fn list<R: Record + Send + 'static>(ctx: &Ctx, limit: u64) -> Result<Vec<R>, Fault> {
    Ok(ctx.store().read(move |read| read.list_after(None, limit)).await?)
}

/// Inserts users and clients, and a fact that says that they were made.
pub async fn insert(
    ctx: &Ctx,
    users: Vec<User>,
    clients: Vec<TrustedApplication>,
    fact: &'static str,
) -> Result<(), Fault> {
    ctx.transaction(move |_, tx| {
        users.iter().try_for_each(|user| insert_user(tx, user))?;
        clients.iter().try_for_each(|client| insert_application(tx, client))?;
        tx.add_fact(fact, "made")?;
        Ok(())
    })
    .await
}

/// Returns the row of a user without a password.
pub fn user(ctx: &Ctx, login: &str, name: &str, user_type: UserType) -> Result<User, Fault> {
    users::create::blank(ctx, text::Login::parse(login)?, name.to_owned(), user_type)
}

/// Returns the user with a generated password, and the password.
pub async fn with_password(ctx: &Ctx, user: User) -> Result<(User, Secret), Fault> {
    let password = Secret::from(token::random::base62(ctx.random(), PASSWORD_LENGTH)?.as_str());
    let hashed = passwords::hash(ctx, &password).await?;
    Ok((User { password: Some(hashed), ..user }, password))
}

/// Returns the row of a client, and its secret if it can keep one.
pub fn client(
    ctx: &Ctx,
    asked: CreateApplication,
    system_user: Option<Uuid>,
) -> Result<(TrustedApplication, Option<PlainSecret>), Fault> {
    clients::create::prepare(ctx, asked, system_user)
}

/// Creates a token for a user, in a session that ends at once.
///
/// # Errors
/// [`Fault::Internal`] if there is no user with the login.
pub async fn token_of(ctx: &Ctx, login: &str, asked: CreateToken) -> Result<AccessSecret, Fault> {
    let key = Value::Text(login.to_owned());
    let user: Option<User> = ctx.store().read(move |read| read.find_by(User::Login, &key)).await?;
    let user = user.ok_or_else(|| Fault::Internal(format!("{login} was not made")))?;
    let session = open_session(ctx, NO_BROWSER, Proof::new(ctx, &user, PASSWORD)).await?.session;
    let caller = Caller::from_session(session, user)?;
    let secret = create_token(ctx, &caller, asked).await?.secret;
    end_session(ctx, &caller).await?;
    Ok(secret)
}

/// Returns the rows of a grant whose secret is known to no one.
pub fn grant(ctx: &Ctx, seed: SeedGrant<'_>) -> Result<GrantRows, Fault> {
    let new = NewGrant {
        user: Some(seed.user),
        description: seed.description,
        expires: seed.expires,
        parent: seed.parent,
        ..NewGrant::new(seed.kind, seed.client, seed.scopes)
    };
    Ok(new.with_opaque_secret(ctx, seed.secret)?.rows())
}

/// Inserts grants in one transaction.
pub async fn insert_grants(ctx: &Ctx, rows: Vec<GrantRows>) -> Result<(), Fault> {
    ctx.transaction(move |_, tx| {
        rows.iter().try_for_each(|(grant, scopes)| Ok(tx.insert_grant(grant, scopes)?))
    })
    .await
}
