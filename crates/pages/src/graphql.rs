//! The page that a browser shows at the address of the GraphQL API.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::views::graphql::GraphqlPage;
use super::views::shell::Section;
use super::visitor::Visitor;

/// Shows the page.
pub async fn show(visitor: Visitor) -> Response {
    let base_url = visitor.ctx.settings().public_url.clone();
    let page = GraphqlPage { shell: visitor.shell(Section::Other), base_url };
    let mut response = visitor.show(StatusCode::OK, &page);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    response
}
