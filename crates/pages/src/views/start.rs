use askama::Template;

use super::{Section, Shell, filters};

/// What someone who is not signed in sees first.
#[derive(Template)]
#[template(path = "start.html")]
pub(crate) struct StartPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The address under which the server is reached, without a slash at its end.
    pub(crate) base_url: String,
}
