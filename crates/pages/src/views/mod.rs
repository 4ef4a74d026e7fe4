//! The pages as typed views: one struct a page, rendered by [`askama::Template::render`].
//!
//! A view holds values that are ready to be shown; it asks nothing and decides nothing. Every text is escaped by the
//! templates. Views that carry a secret or the value against forged forms have no `Debug`, so neither reaches a log.

mod authorize;
mod catalogue;
mod device;
mod error;
#[allow(unreachable_pub, reason = "askama::filter_fn makes a method that is public")]
mod filters;
mod form_errors;
mod graphql;
mod mail;
mod my_sign_in;
mod new_token;
mod providers;
mod requests;
mod scope;
mod service;
mod set_up;
mod shell;
mod sign_in;
mod start;
#[cfg(test)]
mod tests;
mod tokens;
mod users;

pub(crate) use authorize::{
    AccountPage, ConsentPage, FormPostPage, LeavePage, ReturnPage, SignOutPage, SignedOutPage,
};
pub(crate) use catalogue::{
    CataloguePage, ResourceForm, ResourceLine, ResourcePage, ScopeForm, ScopeLine, ScopePage,
};
pub(crate) use device::{
    DeviceApplication, DeviceApprovalPage, DeviceCodePage, DeviceOutcome, DeviceResultPage, Registration,
};
pub(crate) use error::ErrorPage;
#[cfg(test)]
pub(crate) use error::WayOn;
pub(crate) use form_errors::FormErrors;
pub(crate) use graphql::GraphqlPage;
pub(crate) use mail::{ConfirmAddressPage, EmailPage, ForgotPage, ResetPage};
pub(crate) use my_sign_in::{
    AuthenticatorPage, Email, MySignInPage, NewPasskey, PasskeyLine, PasswordPage, QrCode, RecoveryCodesPage,
    SessionLine,
};
pub(crate) use new_token::{ApplicationChoice, NewTokenForm, NewTokenPage, ScopeChoice, TokenCreatedPage};
pub(crate) use providers::{LinkedAccount, ProviderLink};
pub(crate) use requests::{RequestCard, RequestsPage};
pub(crate) use scope::Scope;
pub(crate) use service::Service;
pub(crate) use set_up::{SetUpPage, SetUpUsedPage};
pub(crate) use shell::{Section, Shell, SignedIn};
pub(crate) use sign_in::{PasskeyChallenge, SecondFactorPage, SignInPage};
pub(crate) use start::StartPage;
pub(crate) use tokens::{
    HandOverPage, LastUse, Leak, MadeRow, NarrowChoice, NarrowPage, Recipient, RevokePage, TokenListPage,
    TokenRow, TokenState,
};
pub(crate) use users::{ResetFactorPage, UserFacts, UserPage, UsersPage};

/// The version of the program, as the footer shows it.
const VERSION: &str = env!("CARGO_PKG_VERSION");
