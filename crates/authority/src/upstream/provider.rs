use model::entities::UserType;

/// The settings of an OpenID provider at which users can sign in.
#[derive(Clone, Debug)]
pub struct Provider {
    /// The name in URLs.
    pub name: String,
    /// The display name.
    pub label: String,
    /// Its issuer identifier.
    pub issuer: String,
    /// Our client_id there.
    pub client_id: String,
    /// The requested scopes.
    pub scopes: String,
    /// The type of new users. Without it, unknown users are refused.
    pub creates: Option<UserType>,
    /// Whether its verified e-mail addresses count as confirmed, and match users with the same confirmed address.
    pub trusts_email: bool,
    /// Whether its user name becomes the login of a new user. Without it, users cannot choose a login there.
    pub trusts_username: bool,
    /// Whether its second factor replaces ours.
    pub trusts_second_factor: bool,
}
