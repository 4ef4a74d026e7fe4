use model::Timestamp;

/// A link to sign in at a provider.
pub(crate) struct ProviderLink {
    /// Its name for users.
    pub(crate) label: String,
    /// The path on this site that redirects to it.
    pub(crate) href: String,
}

/// An account at a provider with which the user signs in.
pub(crate) struct LinkedAccount {
    /// The identifier of the link.
    pub(crate) id: String,
    /// The provider.
    pub(crate) provider: String,
    /// What the provider calls the account.
    pub(crate) name: String,
    /// When it was linked.
    pub(crate) added: Timestamp,
    /// When it was last used to sign in.
    pub(crate) used: Option<Timestamp>,
}
