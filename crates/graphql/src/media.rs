//! The media types of answers (GraphQL over HTTP, section "Media types").

use axum::http::HeaderMap;
use web::http::negotiation::{Accept, JSON};

/// The media type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/json`: for requests that do not name the other.
    Json,
    /// `application/graphql-response+json`: the status depends on whether the document was executed.
    GraphqlResponse,
}

impl MediaType {
    /// As a `Content-Type`.
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }

    /// The media type that a request accepts (RFC 9110, section 12.5.1); nothing where it accepts neither.
    fn accepted(accept: &Accept) -> Option<Self> {
        if accept.is_empty() {
            return Some(Self::Json);
        }
        let (new, old) = (accept.weight(RESPONSE), accept.weight(JSON));
        match (new > 0.0, old > 0.0) {
            (true, _) if accept.names(RESPONSE) && new >= old => Some(Self::GraphqlResponse),
            (_, true) => Some(Self::Json),
            (true, false) => Some(Self::GraphqlResponse),
            (false, false) => None,
        }
    }
}

/// How a request may be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Accepted {
    /// Once.
    Single(MediaType),
    /// As server-sent events.
    Events,
    /// Single, and a subscription as server-sent events.
    SingleOrEvents(MediaType),
}

impl Accepted {
    /// How a request may be answered; nothing where it accepts no media type that there is. Events are for requests that
    /// name them: alone, with the greater weight, or for what cannot be answered once.
    pub(super) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        // An unreadable header accepts no media type.
        let accept = Accept::from_headers(headers).ok()?;
        let once = MediaType::accepted(&accept);
        if !accept.names(EVENTS) {
            return once.map(Self::Single);
        }
        match once {
            Some(once) if accept.weight(EVENTS) <= accept.weight(RESPONSE).max(accept.weight(JSON)) => {
                Some(Self::SingleOrEvents(once))
            }
            _ => Some(Self::Events),
        }
    }

    /// The media type of refusals before an operation runs.
    pub(super) const fn media_type(self) -> MediaType {
        match self {
            Self::Single(media_type) | Self::SingleOrEvents(media_type) => media_type,
            Self::Events => MediaType::Json,
        }
    }
}

const RESPONSE: &str = "application/graphql-response+json";
const EVENTS: &str = "text/event-stream";

/// Whether a request names HTML among what it accepts, as browsers do.
pub(super) fn accepts_html(headers: &HeaderMap) -> bool {
    Accept::from_headers(headers).is_ok_and(|accept| accept.names("text/html"))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};

    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn the_new_media_type_is_for_those_who_name_it() {
        use MediaType::{GraphqlResponse, Json};
        for (accept, expected) in [
            ("", Some(Json)),
            ("*/*", Some(Json)),
            ("application/json", Some(Json)),
            ("application/graphql-response+json", Some(GraphqlResponse)),
            ("application/graphql-response+json, application/json;q=0.9", Some(GraphqlResponse)),
            ("Application/JSON, application/graphql-response+json;q=0.5", Some(Json)),
            ("application/*, application/json;q=0", Some(GraphqlResponse)),
            ("text/html, */*;q=0.8", Some(Json)),
            ("text/html", None),
            ("application/json;q=0", None),
        ] {
            let accepted = Accepted::from_headers(&headers(header::ACCEPT, accept));
            assert_eq!(accepted, expected.map(Accepted::Single), "{accept}");
        }
        let unreadable = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_bytes(b"\xff").unwrap())]);
        assert_eq!(Accepted::from_headers(&unreadable), None);
        assert!(accepts_html(&headers(header::ACCEPT, "text/html,application/xml;q=0.9,*/*;q=0.8")));
        assert!(!accepts_html(&headers(header::ACCEPT, "*/*")));
    }

    #[test]
    fn events_are_for_those_who_prefer_them_and_for_subscriptions() {
        use Accepted::{Events, Single, SingleOrEvents};
        use MediaType::{GraphqlResponse, Json};
        for (accept, expected) in [
            ("text/event-stream", Some(Events)),
            ("text/event-stream, */*;q=0.1", Some(Events)),
            ("application/json;q=0.5, text/event-stream", Some(Events)),
            ("application/json, text/event-stream;q=0", Some(Single(Json))),
            ("text/event-stream;q=0", None),
            ("application/json, text/event-stream", Some(SingleOrEvents(Json))),
            ("text/event-stream;q=0.9, application/json", Some(SingleOrEvents(Json))),
            (
                "application/graphql-response+json, application/json, text/event-stream, multipart/mixed",
                Some(SingleOrEvents(GraphqlResponse)),
            ),
            ("text/*", None),
        ] {
            assert_eq!(Accepted::from_headers(&headers(header::ACCEPT, accept)), expected, "{accept}");
        }
    }
}
