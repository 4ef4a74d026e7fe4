use askama::Template;

use super::filters;
use super::shell::{Section, Shell};

/// What a browser shows that follows the link to the GraphQL endpoint.
#[derive(Template)]
#[template(path = "graphql.html")]
pub(crate) struct GraphqlPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The address under which the server is reached, without a slash at its end.
    pub(crate) base_url: String,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, administrator, shown, visitor};
    use super::*;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let graphql = |shell| shown(&GraphqlPage { shell, base_url: text("https://grants.example.org") });
        let signed_in = administrator(text, Section::Other);
        vec![("graphql", graphql(visitor(text))), ("graphql-signed-in", graphql(signed_in))]
    }
}
