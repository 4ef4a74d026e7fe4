//! The messages that the program sends without a subscription.

use reference::Event;
use reference::http::{Body, Field, Kind};

pub(super) const ALL: &[Event] = &[LOGOUT];

/// A test compares the claims with those of a token that a client received.
const LOGOUT: Event = Event {
    id: "backchannelLogout",
    title: "Back-channel logout",
    summary: "Sent to an application with a `backchannel_logout_uri` when a session ends in which a user signed in to it.",
    description: "OpenID Connect Back-Channel Logout 1.0. A POST to the address that the application registered; 200 or 204 says that \
                  success. A failed request is repeated, each time with a new token.",
    body: Body::form(&[Field::required(
        "logout_token",
        Kind::Text,
        "The logout token: signed, with `typ` `logout+jwt`.",
    )]),
    claims: &[
        Field::required("iss", Kind::Uri, "The issuer."),
        Field::required("aud", Kind::Text, "The `client_id` of the application."),
        Field::required("sub", Kind::Text, "The user, as the application identifies them."),
        Field::required("sid", Kind::Text, "The session, as in the ID token."),
        Field::required("iat", Kind::Integer, "The time of issue, in seconds since 1970."),
        Field::required("exp", Kind::Integer, "The expiry: two minutes later."),
        Field::required("jti", Kind::Text, "The identifier of the token."),
        Field::required(
            "events",
            Kind::Object(&[]),
            "With the member `http://schemas.openid.net/event/backchannel-logout`.",
        ),
    ],
};
