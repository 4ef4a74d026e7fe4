/// The version of the program, as the footer shows it.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The values for the frame around every page: header, navigation, footer.
#[derive(Clone)]
pub(crate) struct Shell {
    /// The signed-in user, if any.
    pub(crate) user: Option<SignedIn>,
    /// The anti-forgery value that every form of the page sends back.
    pub(crate) csrf: String,
    /// The part of the navigation that the page belongs to.
    pub(crate) section: Section,
    /// Whether the server runs with demonstration data, which every page shows.
    pub(crate) demo: bool,
}

/// The signed-in user.
#[derive(Clone)]
pub(crate) struct SignedIn {
    /// The name to show.
    pub(crate) name: String,
    /// The login, which distinguishes two users of the same name.
    pub(crate) login: String,
    /// Whether links for administrators are shown.
    pub(crate) is_admin: bool,
}

/// The part of the navigation that a page belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// The user's own tokens.
    Tokens,
    /// The approval of a device.
    Device,
    /// The pending requests of applications.
    Requests,
    /// The user's credentials and sessions.
    SignIn,
    /// The users; for administrators.
    Users,
    /// The scopes and resource servers; for administrators.
    Catalogue,
    /// A page that the navigation does not name.
    Other,
}
