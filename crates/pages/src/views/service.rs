/// A service for which an application asks for tokens (RFC 8707).
#[derive(Clone)]
pub(crate) struct Service {
    /// The name in the catalogue; empty where the catalogue does not have it.
    pub(crate) name: String,
    /// The address.
    pub(crate) address: String,
}
