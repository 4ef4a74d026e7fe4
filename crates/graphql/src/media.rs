//! The media types of answers (GraphQL over HTTP, section "Media types").

use axum::http::{HeaderMap, header};

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
    fn accepted(ranges: &[(String, f32)]) -> Option<Self> {
        if ranges.is_empty() {
            return Some(Self::Json);
        }
        let (new, is_named) = quality(ranges, RESPONSE);
        let (old, _) = quality(ranges, JSON);
        match (new > 0.0, old > 0.0) {
            (true, _) if is_named && new >= old => Some(Self::GraphqlResponse),
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
        let ranges = ranges(headers)?;
        let once = MediaType::accepted(&ranges);
        let (events, is_named) = quality(&ranges, EVENTS);
        if !is_named || events <= 0.0 {
            return once.map(Self::Single);
        }
        let weight = |media_type| quality(&ranges, media_type).0;
        match once {
            Some(once) if events <= weight(RESPONSE).max(weight(JSON)) => Some(Self::SingleOrEvents(once)),
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

const JSON: &str = "application/json";
const RESPONSE: &str = "application/graphql-response+json";
const EVENTS: &str = "text/event-stream";

/// Whether a request names HTML among what it accepts, as browsers do.
pub(super) fn accepts_html(headers: &HeaderMap) -> bool {
    ranges(headers).is_some_and(|ranges| {
        let (quality, is_named) = quality(&ranges, "text/html");
        is_named && quality > 0.0
    })
}

/// Returns whether the content type is JSON in UTF-8.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    let charset =
        parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    is_json && charset.is_none_or(|(_, value)| value.trim_matches('"').eq_ignore_ascii_case("utf-8"))
}

/// Returns the ranges that a request accepts, each with its quality; nothing if the header is not text.
fn ranges(headers: &HeaderMap) -> Option<Vec<(String, f32)>> {
    let lines = headers.get_all(header::ACCEPT).iter().map(|line| line.to_str().ok());
    let lines = lines.collect::<Option<Vec<_>>>()?;
    let ranges = lines.into_iter().flat_map(|line| line.split(',')).map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        (essence, weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0)))
    });
    Some(ranges.filter(|(essence, _)| !essence.is_empty()).collect())
}

/// The quality of a media type by the range that fits it best, and whether that one names it.
fn quality(ranges: &[(String, f32)], media_type: &str) -> (f32, bool) {
    let kind = media_type.split('/').next().unwrap_or_default();
    let find = |wanted: &str| ranges.iter().find(|(range, _)| range == wanted).map(|(_, quality)| *quality);
    if let Some(quality) = find(media_type) {
        return (quality, true);
    }
    (find(&format!("{kind}/*")).or_else(|| find("*/*")).unwrap_or(0.0), false)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

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

    #[test]
    fn a_body_is_json_in_utf_8() {
        for (content_type, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=\"UTF-8\"", true),
            ("application/json; charset=utf-16", false),
            ("application/graphql", false),
            ("text/plain", false),
            ("", false),
        ] {
            assert_eq!(is_json(&headers(header::CONTENT_TYPE, content_type)), expected, "{content_type}");
        }
    }
}
