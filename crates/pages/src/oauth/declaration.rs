//! The responses that the endpoints for browsers have in common.

use reference::http::{Answer, Body};

pub(super) const PAGE: Answer =
    Answer::new(200, "A page for the user, or the form that sends the response.", Body::text("text/html"));
pub(super) const REDIRECT: Answer =
    Answer::empty(303, "Redirects to the next page, or to the client with the response.");
pub(super) const REFUSED: Answer = Answer::new(
    400,
    "A page that explains why the request is refused or why the user is not redirected.",
    Body::text("text/html"),
);
