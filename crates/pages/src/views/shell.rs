/// The version of the program, as the footer shows it.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the frame around every page needs: header, navigation, footer.
#[derive(Clone)]
pub(crate) struct Shell {
    /// Who is signed in, if anybody.
    pub(crate) user: Option<SignedIn>,
    /// The value that every form of the page sends back, so that no other site can send one in the user's name.
    pub(crate) csrf: String,
    /// The part of the navigation that the page belongs to.
    pub(crate) section: Section,
    /// Whether the server runs with demonstration data; every page then says so.
    pub(crate) demo: bool,
}

/// The person who is signed in.
#[derive(Clone)]
pub(crate) struct SignedIn {
    /// The name to show.
    pub(crate) name: String,
    /// The login, to tell two people of the same name apart.
    pub(crate) login: String,
    /// Whether links for administrators are shown.
    pub(crate) is_admin: bool,
}

/// The part of the navigation that a page belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// The person's own tokens.
    Tokens,
    /// The approval of a device.
    Device,
    /// What applications ask the person for.
    Requests,
    /// How the person signs in, and where they are signed in.
    SignIn,
    /// Other people; for administrators.
    Users,
    /// What can be granted; for administrators.
    Catalogue,
    /// A page that the navigation does not name.
    Other,
}
