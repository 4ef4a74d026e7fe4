use model::entities::UserType;

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
