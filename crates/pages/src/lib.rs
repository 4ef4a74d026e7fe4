//! The pages for browsers. Every page works without JavaScript, and under a content security policy without inline styles
//! and scripts.

mod account;
mod catalogue;
mod device;
mod external_redirect;
mod forgot;
mod form_rejection;
mod forms;
pub mod graphql;
mod hand_over;
mod mail_links;
mod narrow;
mod new_token;
pub mod oauth;
mod provider;
mod redirects;
mod requests;
mod revoke;
mod second_factor;
mod sentences;
mod set_up;
mod sign_in;
mod signed_out;
mod start;
mod static_files;
mod token_forms;
mod tokens;
mod users;
mod visitor;

/// The views of the pages: a struct per page, rendered by [`askama::Template::render`], and its samples for the tests.
///
/// A view holds values that are ready to be shown. Templates escape every text. A view that holds a secret or an anti-forgery
/// value has no `Debug`.
mod views {
    pub(crate) mod authorize;
    pub(crate) mod catalogue;
    pub(crate) mod device;
    pub(crate) mod error;
    #[allow(unreachable_pub, reason = "askama::filter_fn makes a method that is public")]
    mod filters;
    pub(crate) mod form_errors;
    pub(crate) mod graphql;
    pub(crate) mod hand_over;
    pub(crate) mod mail;
    pub(crate) mod my_sign_in;
    pub(crate) mod narrow;
    pub(crate) mod new_token;
    pub(crate) mod providers;
    pub(crate) mod requests;
    pub(crate) mod revoke;
    pub(crate) mod scope;
    pub(crate) mod service;
    pub(crate) mod set_up;
    pub(crate) mod shell;
    pub(crate) mod sign_in;
    pub(crate) mod start;
    #[cfg(test)]
    pub(crate) mod tests;
    pub(crate) mod tokens;
    pub(crate) mod users;
}

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;
use web::App;

use crate::catalogue::{ResourceForm, ScopeForm};

/// Registers the pages: for each view its routes, and its samples for the tests of all pages.
macro_rules! pages {
    ($( $view:ident { $( $path:literal => $handlers:expr, )* } )+) => {
        /// Returns the pages. Every other path has a page that reports it as unknown.
        pub fn router() -> Router<Arc<App>> {
            let router = oauth::forms() $( $( .route($path, $handlers) )* )+;
            // Nothing else is compressed: a page may contain a secret beside input of its visitor.
            router
                .route("/static/{file}", get(static_files::serve).layer(CompressionLayer::new()))
                .fallback(start::not_found)
                .method_not_allowed_fallback(start::wrong_method)
        }

        /// Returns every page by its name, in each of its states.
        #[cfg(test)]
        fn samples(text: views::tests::samples::Text<'_>) -> views::tests::samples::Samples {
            [$( views::$view::samples::all(text) ),+].concat()
        }
    };
}

pages! {
    start { "/" => get(start::show), }
    set_up { "/setup/{secret}" => get(set_up::show).post(set_up::submit), }
    sign_in {
        "/signin" => get(sign_in::show).post(sign_in::submit),
        "/signin/code" => get(second_factor::show_code).post(second_factor::submit_code),
        "/signin/passkey" => post(sign_in::submit_passkey),
        "/signin/provider/{name}" => get(provider::start),
        "/signin/provider/{name}/callback" => get(provider::callback),
        "/signout" => post(sign_in::sign_out),
    }
    mail {
        "/signin/forgot" => get(forgot::show).post(forgot::submit),
        "/mail/confirm/{secret}" => get(mail_links::show_confirm).post(mail_links::confirm),
        "/mail/reset/{secret}" => get(mail_links::show_reset).post(mail_links::reset),
        "/account/email" => get(account::email::show).post(account::email::submit),
        "/account/email/send" => post(account::email::send),
    }
    my_sign_in {
        "/account" => get(account::show),
        "/account/authenticator" => get(account::authenticator::show).post(account::authenticator::begin),
        "/account/authenticator/confirm" => post(account::authenticator::confirm),
        "/account/authenticator/remove" => post(account::authenticator::remove),
        "/account/passkeys" => post(account::passkeys::add),
        "/account/passkeys/remove" => post(account::passkeys::remove),
        "/account/password" => get(account::password::show).post(account::password::submit),
        "/account/providers/unlink" => post(account::providers::remove),
        "/account/recovery-codes" => post(account::authenticator::renew_codes),
        "/account/sessions/end" => post(account::sessions::end),
    }
    device {
        "/device" => get(device::show).post(device::look_up),
        "/device/decide" => post(device::decide),
    }
    requests {
        "/requests" => get(requests::show),
        "/requests/decide" => post(requests::decide),
    }
    tokens { "/tokens" => get(tokens::list).post(new_token::submit), }
    new_token { "/tokens/new" => get(new_token::show), }
    revoke { "/tokens/{id}/revoke" => post(revoke::revoke), }
    narrow { "/tokens/{id}/narrow" => post(narrow::narrow_token), }
    hand_over { "/tokens/{id}/hand-over" => post(hand_over::hand_over_token), }
    users {
        "/users" => get(users::show).post(users::find),
        "/users/one" => get(users::show_one).post(users::act),
    }
    catalogue {
        "/catalogue" => get(catalogue::show),
        "/catalogue/scope" =>
            get(catalogue::show_entry::<ScopeForm>).post(catalogue::submit_entry::<ScopeForm>),
        "/catalogue/resource" =>
            get(catalogue::show_entry::<ResourceForm>).post(catalogue::submit_entry::<ResourceForm>),
    }
    // These have the paths of other surfaces: `oauth::endpoints`, `graphql::show`. Every page can lead to an error.
    authorize {}
    graphql {}
    error {}
}
