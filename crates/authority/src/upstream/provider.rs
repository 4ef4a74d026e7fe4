use model::entities::UserType;

use crate::{Ctx, Fault, Settings};

/// An OpenID provider at which people may sign in, as the operator set it.
#[derive(Clone, Debug)]
pub struct Provider {
    /// The name in addresses.
    pub name: String,
    /// The name for people.
    pub label: String,
    /// Its issuer identifier.
    pub issuer: String,
    /// The name under which it knows us.
    pub client_id: String,
    /// What is asked for.
    pub scopes: String,
    /// What users become who are not known here; without it, they are turned away.
    pub creates: Option<UserType>,
    /// Whether an e-mail address that it says is verified counts as confirmed here, and finds the user who has confirmed it.
    pub trusts_email: bool,
    /// Whether new users get the user name that it says as their login. Without it nobody chooses a login there.
    pub trusts_username: bool,
    /// Whether a second factor that was shown there need not be shown here.
    pub trusts_second_factor: bool,
}

impl Provider {
    /// Finds the provider with a name.
    ///
    /// # Errors
    /// [`Fault::NotFound`] where there is none.
    pub fn find<'a>(ctx: &'a Ctx, name: &str) -> Result<&'a Self, Fault> {
        let found = ctx.settings().providers.iter().find(|provider| provider.name == name);
        found.ok_or_else(|| Fault::NotFound("there is no such provider".to_owned()))
    }

    /// Where it sends people back to: an address of its own for each provider, so that none answers for another
    /// (RFC 9700, section 4.4.2.2).
    pub fn redirect_uri(&self, settings: &Settings) -> String {
        format!("{}/signin/provider/{}/callback", settings.public_url, self.name)
    }
}
