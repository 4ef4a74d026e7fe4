//! The demonstration: users, clients and tokens, and further grants in any number.

mod applications;
mod demo_rng;
mod grants;
mod people;

use authority::{AccessSecret, Ctx, Fault, Secret, seed};

pub use grants::add_grants;

/// The credentials of the demonstration.
pub struct World {
    /// An administrator.
    pub admin: Person,
    /// A user.
    pub user: Person,
    /// A client that acts for itself.
    pub service: Application,
    /// A client on a web server.
    pub web: Application,
    /// A client on the computers of users.
    pub native: Application,
}

/// A user who can sign in.
pub struct Person {
    /// The login.
    pub login: String,
    /// The password.
    pub password: Secret,
    /// A personal access token.
    pub pat: AccessSecret,
}

/// The credentials of a client.
pub struct Application {
    /// The client_id.
    pub client_id: String,
    /// The client_secret of a confidential client.
    pub secret: Option<token::client_secret::PlainSecret>,
    /// The redirect URI.
    pub redirect_uri: &'static str,
}

const WORLD_FACT: &str = "demo_world";
const GRANTS: u64 = 400;

/// Creates the demonstration. Returns `None` if it exists already.
pub async fn make_world(ctx: &Ctx) -> Result<Option<World>, Fault> {
    if seed::has_fact(ctx, WORLD_FACT).await? {
        return Ok(None);
    }
    let people = people::prepare(ctx).await?;
    let applications = applications::prepare(ctx, &people)?;
    seed::insert(ctx, people.rows(), applications.rows.clone(), WORLD_FACT).await?;
    let admin = people.enter(ctx, people::ADMIN, "read update sec").await?;
    let user = people.enter(ctx, people::USER, "read update").await?;
    add_grants(ctx, GRANTS, |_| ()).await?;
    let applications::Keys { service, web, native } = applications.keys;
    Ok(Some(World { admin, user, service, web, native }))
}
