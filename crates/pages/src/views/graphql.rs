use askama::Template;

use super::{Section, Shell, filters};

/// What a browser shows that follows the link to the GraphQL endpoint.
#[derive(Template)]
#[template(path = "graphql.html")]
pub(crate) struct GraphqlPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The address under which the server is reached, without a slash at its end.
    pub(crate) base_url: String,
}
