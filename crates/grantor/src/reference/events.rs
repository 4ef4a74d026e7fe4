//! The messages that the program sends without a subscription.

use reference::Event;
use reference::http::{Body, Field, Kind};

pub(super) const ALL: &[Event] = &[LOGOUT];

/// A test compares the claims with those of a token that a client received.
const LOGOUT: Event = Event {
    id: "backchannelLogout",
    title: "Back-channel logout",
    summary: "Sent to a client with a `backchannel_logout_uri` at the end of a session in which the user signed in to it.",
    description: "OpenID Connect Back-Channel Logout 1.0. A POST to the registered address; 200 and 204 acknowledge it. A failed \
                  delivery is retried, each time with a new token.",
    body: Body::form(&[Field::required(
        "logout_token",
        Kind::Text,
        "The logout token: signed, with `typ` `logout+jwt`.",
    )]),
    claims: &[
        Field::required("iss", Kind::Uri, "The issuer."),
        Field::required("aud", Kind::Text, "The `client_id` of the client."),
        Field::required("sub", Kind::Text, "The identifier of the user for this client."),
        Field::required("sid", Kind::Text, "The session, as in the ID token."),
        Field::required("iat", Kind::Integer, "The time of issue, in seconds since 1970."),
        Field::required("exp", Kind::Integer, "The time of expiry, two minutes later."),
        Field::required("jti", Kind::Text, "The identifier of the token."),
        Field::required(
            "events",
            Kind::Object(&[]),
            "Has the member `http://schemas.openid.net/event/backchannel-logout`.",
        ),
    ],
};
