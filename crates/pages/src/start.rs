use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::views::error::ErrorPage;
use super::views::shell::Section;
use super::views::start::StartPage;
use super::visitor::Visitor;

/// Shows the start page; redirects a signed-in user to the tokens.
pub(super) async fn show(visitor: Visitor) -> Response {
    if visitor.caller.is_some() {
        return Redirect::to("/tokens").into_response();
    }
    let base_url = visitor.ctx.settings().public_url.clone();
    visitor.show(StatusCode::OK, &StartPage { shell: visitor.shell(Section::Other), base_url })
}

/// There is no such page.
pub(super) async fn not_found(visitor: Visitor) -> Response {
    visitor.show_error(&ErrorPage::not_found(visitor.shell(Section::Other)))
}

/// Shows the page for a wrong method.
pub(super) async fn wrong_method(visitor: Visitor) -> Response {
    visitor.show_error(&ErrorPage::wrong_method(visitor.shell(Section::Other)))
}
