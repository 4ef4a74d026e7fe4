//! What people see in a browser. Every page works without JavaScript and keeps to a content security policy that
//! allows neither inline styles nor inline scripts.

mod account;
mod catalogue;
mod device;
mod forgot;
mod forms;
pub mod graphql;
mod hand_over;
mod leave;
mod mail_links;
mod narrow;
mod new_token;
pub mod oauth;
mod provider;
mod refusals;
mod requests;
mod set_up;
mod sign_in;
mod signed_out;
mod start;
mod static_files;
mod tokens;
mod users;
mod views;
mod visitor;
mod way;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;
use web::App;

/// The pages, and for every other path one that says that there is none.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .merge(oauth::forms())
        .route("/", get(start::show))
        .route("/signin", get(sign_in::show).post(sign_in::submit))
        .route("/signin/code", get(sign_in::show_code).post(sign_in::submit_code))
        .route("/signin/provider/{name}", get(provider::start))
        .route("/signin/provider/{name}/callback", get(provider::callback))
        .route("/account/providers/unlink", post(account::providers::remove))
        .route("/signin/forgot", get(forgot::show).post(forgot::submit))
        .route("/mail/confirm/{secret}", get(mail_links::show_confirm).post(mail_links::confirm))
        .route("/mail/reset/{secret}", get(mail_links::show_reset).post(mail_links::reset))
        .route("/signin/passkey", post(sign_in::submit_passkey))
        .route("/account/passkeys", post(account::passkeys::add))
        .route("/account/passkeys/remove", post(account::passkeys::remove))
        .route("/account", get(account::show))
        .route("/account/email", get(account::email::show).post(account::email::submit))
        .route("/account/email/send", post(account::email::send))
        .route("/account/password", get(account::password::show).post(account::password::submit))
        .route(
            "/account/authenticator",
            get(account::authenticator::show).post(account::authenticator::begin),
        )
        .route("/account/authenticator/confirm", post(account::authenticator::confirm))
        .route("/account/authenticator/remove", post(account::authenticator::remove))
        .route("/account/recovery-codes", post(account::authenticator::renew_codes))
        .route("/account/sessions/end", post(account::sessions::end))
        .route("/signout", post(sign_in::sign_out))
        .route("/setup/{secret}", get(set_up::show).post(set_up::submit))
        .route("/device", get(device::show).post(device::look_up))
        .route("/device/decide", post(device::decide))
        .route("/requests", get(requests::show))
        .route("/requests/decide", post(requests::decide))
        .route("/catalogue", get(catalogue::show))
        .route(
            "/catalogue/scope",
            get(catalogue::show_entry::<catalogue::ScopeForm>)
                .post(catalogue::submit_entry::<catalogue::ScopeForm>),
        )
        .route(
            "/catalogue/resource",
            get(catalogue::show_entry::<catalogue::ResourceForm>)
                .post(catalogue::submit_entry::<catalogue::ResourceForm>),
        )
        .route("/users", get(users::show).post(users::find))
        .route("/users/one", get(users::show_one).post(users::act))
        .route("/tokens", get(tokens::list).post(new_token::submit))
        .route("/tokens/new", get(new_token::show))
        .route("/tokens/{id}/hand-over", post(hand_over::hand_over_token))
        .route("/tokens/{id}/narrow", post(narrow::narrow_token))
        .route("/tokens/{id}/revoke", post(tokens::revoke))
        // Nothing else is compressed here: a page may hold a secret beside what its visitor sent.
        .route("/static/{file}", get(static_files::serve).layer(CompressionLayer::new()))
        .fallback(start::not_found)
        .method_not_allowed_fallback(start::wrong_method)
}
