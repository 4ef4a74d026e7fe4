//! A small believable world to try things in, and further grants in any number.

mod applications;
mod demo_rng;
mod grants;
mod people;

use authority::{AccessSecret, Ctx, Fault, seed};
use zeroize::Zeroizing;

pub use grants::add_grants;

/// How to get into the world.
pub struct World {
    /// An administrator.
    pub admin: Person,
    /// A user.
    pub user: Person,
    /// An application that acts for itself.
    pub service: Application,
    /// An application on a web server.
    pub web: Application,
    /// An application on people's computers.
    pub native: Application,
}

/// Somebody who can sign in.
pub struct Person {
    /// The login.
    pub login: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// A personal access token.
    pub pat: AccessSecret,
}

/// An application that can be used.
pub struct Application {
    /// The client_id.
    pub client_id: String,
    /// The client_secret, where it can keep one.
    pub secret: Option<token::client_secret::PlainSecret>,
    /// Where a sign-in returns to.
    pub redirect_uri: &'static str,
}

const WORLD_FACT: &str = "demo_world";
const GRANTS: u64 = 400;

/// Makes the world; nothing where it was made before.
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
