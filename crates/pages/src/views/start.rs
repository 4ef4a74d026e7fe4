use askama::Template;

use super::filters;
use super::shell::{Section, Shell};

/// What someone who is not signed in sees first.
#[derive(Template)]
#[template(path = "start.html")]
pub(crate) struct StartPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The address under which the server is reached, without a slash at its end.
    pub(crate) base_url: String,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::tests::samples::{Samples, Text, shown, visitor};
    use super::*;

    pub(crate) fn all(text: Text<'_>) -> Samples {
        let start = |demo| {
            let shell = Shell { demo, ..visitor(text) };
            shown(&StartPage { shell, base_url: text("https://grants.example.org") })
        };
        vec![("start", start(false)), ("start-demo", start(true))]
    }
}
