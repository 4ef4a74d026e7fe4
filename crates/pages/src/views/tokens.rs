use askama::Template;
use model::Timestamp;
use model::entities::GrantKind;

use super::{FormErrors, Scope, Section, Shell, filters};

/// The grants that act in the person's name.
#[derive(Template)]
#[template(path = "tokens.html")]
pub(crate) struct TokenListPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// What just happened, such as a revocation.
    pub(crate) notice: Option<String>,
    /// What was found lately where it does not belong.
    pub(crate) leaks: Vec<Leak>,
    /// What the person made for services with other tokens or at a page, where one of their tokens was found.
    pub(crate) made: Vec<MadeRow>,
    /// Whether grants that are no longer active are listed too.
    pub(crate) show_all: bool,
    /// The grants, the newest first.
    pub(crate) rows: Vec<TokenRow>,
    /// The path of the page with the newest ones, when this is a later page.
    pub(crate) newest: Option<&'static str>,
    /// The path of the page with older ones, when there are any.
    pub(crate) older: Option<String>,
}

/// A secret that somebody found, and that was revoked for it.
pub(crate) struct Leak {
    /// The description of the grant, or the name of the application.
    pub(crate) name: String,
    /// What the grant was; nothing: it was the secret of an application.
    pub(crate) kind: Option<GrantKind>,
    /// Where it was found; empty where nobody said.
    pub(crate) url: String,
    /// Who found it, as they say; empty where they did not.
    pub(crate) source: String,
    /// The address from which it was reported.
    pub(crate) finder: String,
    /// When it was reported.
    pub(crate) at: Timestamp,
    /// How many other grants were revoked with it.
    pub(crate) others: i64,
    /// Whether it was valid, and was revoked.
    pub(crate) is_revoked: bool,
    /// What was made with the token and is still valid.
    pub(crate) made: Vec<MadeRow>,
}

/// A token that the person made for a service, and that is still valid.
pub(crate) struct MadeRow {
    /// The public id.
    pub(crate) id: String,
    /// What it is for; empty when nobody said.
    pub(crate) description: String,
    /// What it is.
    pub(crate) kind: GrantKind,
    /// The application that holds it, by its client_id.
    pub(crate) application: String,
}

/// One grant of the list.
pub(crate) struct TokenRow {
    /// The public id.
    pub(crate) id: String,
    /// As whom it acts.
    pub(crate) owner: Option<model::Uuid>,
    /// The login of whoever made it, where the page asked for that.
    pub(crate) made_by: Option<String>,
    /// What it is for; empty when nobody said.
    pub(crate) description: String,
    /// What it is.
    pub(crate) kind: GrantKind,
    /// The name of the application that holds it, when it is known.
    pub(crate) application: Option<String>,
    /// The names of its scopes.
    pub(crate) scopes: Vec<String>,
    /// When it was made.
    pub(crate) created: Timestamp,
    /// When it ends; nothing: never.
    pub(crate) expires: Option<Timestamp>,
    /// When it was last used; nothing: never.
    pub(crate) last_used: Option<LastUse>,
    /// Whether it still opens anything.
    pub(crate) state: TokenState,
}

/// The last use of a grant.
pub(crate) struct LastUse {
    /// When.
    pub(crate) at: Timestamp,
    /// The IP address from which it came, when it is known.
    pub(crate) address: Option<String>,
}

/// Whether a grant still opens anything, and if not, why.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenState {
    /// It does.
    Active,
    /// It, or what it came from, was revoked.
    Revoked,
    /// Somebody found the secret where it does not belong.
    Leaked,
    /// Its time is over.
    Expired,
    /// It was for one use, and that was made.
    Used,
}

impl TokenRow {
    /// Whether something could be taken from it.
    fn can_be_narrowed(&self) -> bool {
        let carried = matches!(
            self.kind,
            GrantKind::PersonalAccessToken | GrantKind::ServiceAccessToken | GrantKind::ReferenceToken
        );
        carried && self.state == TokenState::Active && self.scopes.len() > 1
    }
}

impl TokenState {
    fn label(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Revoked => "revoked",
            Self::Leaked => "revoked: leaked",
            Self::Expired => "expired",
            Self::Used => "used",
        }
    }
}

/// Says what will be revoked, and asks; posts to `/tokens/{id}/revoke` with `confirm` = `yes`.
#[derive(Template)]
#[template(path = "revoke.html")]
pub(crate) struct RevokePage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The grant.
    pub(crate) token: TokenRow,
    /// How many grants came from it and will be revoked with it.
    pub(crate) descendants: u64,
    /// What was made with it and goes on.
    pub(crate) made: Vec<MadeRow>,
    /// The page that lists it.
    pub(crate) back: String,
}

/// Asks which administrator takes over a service token, then for a confirmation; posts to `/tokens/{id}/hand-over` with
/// `login`, and with `confirm` = `yes` the second time.
#[derive(Template)]
#[template(path = "hand_over.html")]
pub(crate) struct HandOverPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The token.
    pub(crate) token: TokenRow,
    /// The login as entered before; empty on the first page.
    pub(crate) login: String,
    /// The administrator who takes it over; none while the page asks for the login.
    pub(crate) to: Option<Recipient>,
    /// The errors of the form before.
    pub(crate) errors: FormErrors,
    /// The page that lists the token.
    pub(crate) back: String,
}

/// The administrator who takes over a token.
pub(crate) struct Recipient {
    /// The login.
    pub(crate) login: String,
    /// The name.
    pub(crate) name: String,
}

/// What people call a kind of grant.
pub(super) fn kind_label(kind: &GrantKind) -> &'static str {
    match kind {
        GrantKind::PersonalAccessToken => "personal token",
        GrantKind::ServiceAccessToken => "service token",
        GrantKind::ReferenceToken => "access token",
        GrantKind::RefreshToken => "refresh token",
        GrantKind::AuthorizationCode => "sign-in code",
        GrantKind::DeviceCode => "device code",
        GrantKind::BackchannelRequest => "request to sign in",
        GrantKind::UserConsent => "consent",
    }
}

/// Says what a token has used and what not, and asks whether it keeps only that; posts to `/tokens/{id}/narrow` with
/// `confirm` = `yes` and `scope` for each permission that it keeps.
#[derive(Template)]
#[template(path = "narrow.html")]
pub(crate) struct NarrowPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The grant.
    pub(crate) token: TokenRow,
    /// What it may do.
    pub(crate) choices: Vec<NarrowChoice>,
    /// Why the form before was refused.
    pub(crate) error: Option<String>,
}

/// One permission of a token.
pub(crate) struct NarrowChoice {
    /// The permission.
    pub(crate) scope: Scope,
    /// When it was last needed.
    pub(crate) used: Option<Timestamp>,
    /// Whether it is to stay.
    pub(crate) keeps: bool,
}
