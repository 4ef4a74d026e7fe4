//! What applications call: tokens, introspection, revocation, the device flow.

use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Operation};
use web::http::paths::oauth as path;

use super::{BAD_CLIENT, BAD_REQUEST, OAUTH_ERROR, TOO_LONG, TOO_MANY, TOO_SLOW};

const TAG: &str = "Tokens";

pub(super) const ALL: &[Endpoint] = &[
    Endpoint { path: path::TOKEN, tag: TAG, operations: &[TOKEN] },
    Endpoint { path: path::DEVICE_AUTHORIZATION, tag: TAG, operations: &[DEVICE] },
    Endpoint { path: path::BACKCHANNEL_AUTHENTICATION, tag: TAG, operations: &[BACKCHANNEL] },
    Endpoint { path: path::INTROSPECT, tag: TAG, operations: &[INTROSPECT] },
    Endpoint { path: path::REVOCATION, tag: TAG, operations: &[REVOKE] },
];

const TOKEN: Operation = Operation {
    description: "RFC 6749, section 3.2. Which fields a request needs is a matter of its grant type. Tokens can be \
                  bound to a key by a DPoP proof (RFC 9449) or to a certificate (RFC 8705).",
    access: Access::Application,
    parameters: &[Field::new(
        "DPoP",
        Kind::Text,
        "The proof of the key that the tokens are bound to (RFC 9449).",
    )
    .in_header()],
    body: application_form![
        Field::required(
            "grant_type",
            Kind::Text,
            "How the token is obtained; the metadata list what is offered.",
        ),
        Field::new(
            "scope",
            Kind::Text,
            "What the token may be used for, separated by spaces; all that the application has, where it is left out.",
        ),
        Field::new("resource", Kind::Uri, "A service that the token is for (RFC 8707); may be repeated."),
        Field::new("audience", Kind::Text, "The same for an exchange of tokens (RFC 8693); may be repeated."),
        Field::new("code", Kind::Text, "The code of `authorization_code`."),
        Field::new("redirect_uri", Kind::Uri, "Where the code was sent to."),
        Field::new("code_verifier", Kind::Text, "The secret behind the code's challenge (RFC 7636)."),
        Field::new("refresh_token", Kind::Text, "The token of `refresh_token`."),
        Field::new(
            "device_code",
            Kind::Text,
            "The code of `urn:ietf:params:oauth:grant-type:device_code` (RFC 8628).",
        ),
        Field::new(
            "assertion",
            Kind::Text,
            "The assertion of `urn:ietf:params:oauth:grant-type:jwt-bearer` (RFC 7523).",
        ),
        Field::new("subject_token", Kind::Text, "The token that is exchanged (RFC 8693)."),
        Field::new("subject_token_type", Kind::Text, "What it is."),
        Field::new("actor_token", Kind::Text, "The token of the one who acts."),
        Field::new("actor_token_type", Kind::Text, "What it is."),
        Field::new("requested_token_type", Kind::Text, "What it is exchanged for."),
    ],
    answers: application_answers![
        Answer::new(
            200,
            "The token.",
            Body::json(&[
                Field::required("access_token", Kind::Text, "The access token; it is not shown again."),
                Field::required(
                    "token_type",
                    Kind::OneOf(&["Bearer", "DPoP", "N_A"]),
                    "How it is presented.",
                ),
                Field::new(
                    "expires_in",
                    Kind::Integer,
                    "The seconds for which it is valid; without this it does not expire.",
                ),
                Field::required("scope", Kind::Text, "What it may be used for."),
                Field::new("refresh_token", Kind::Text, "What obtains the next one."),
                Field::new("id_token", Kind::Text, "Who signed in (OpenID Connect Core, section 2)."),
                Field::new("issued_token_type", Kind::Text, "What an exchange gave."),
                Field::new(
                    "authorization_details",
                    Kind::Objects(&[]),
                    "What was agreed on in detail (RFC 9396).",
                ),
            ]),
        );
        TOO_MANY
    ],
    ..Operation::new("post", "token", "Obtains a token")
};

const DEVICE: Operation = Operation {
    description: "RFC 8628, section 3.1. A person approves the code on the page `/device`.",
    access: Access::Application,
    body: application_form![
        Field::new("scope", Kind::Text, "What the token shall be used for."),
        Field::new("description", Kind::Text, "What the person is told that it is for."),
        Field::new("nonce", Kind::Text, "Comes back in the ID token."),
        Field::new("resource", Kind::Uri, "A service that tokens shall be for (RFC 8707); may be repeated."),
        Field::new("authorization_details", Kind::Text, "What is asked for in detail, as JSON (RFC 9396)."),
    ],
    answers: application_answers![
        Answer::new(
            200,
            "The codes.",
            Body::json(&[
                Field::required("device_code", Kind::Text, "What the device exchanges for a token."),
                Field::required("user_code", Kind::Text, "What the person types."),
                Field::required("verification_uri", Kind::Uri, "Where."),
                Field::required("verification_uri_complete", Kind::Uri, "The same with the code in it."),
                Field::required("expires_in", Kind::Integer, "The seconds for which the codes are valid."),
                Field::required("interval", Kind::Integer, "The seconds between two questions."),
            ]),
        );
        TOO_MANY
    ],
    ..Operation::new("post", "deviceAuthorization", "Begins the login of a device")
};

const BACKCHANNEL: Operation = Operation {
    description: "OpenID Connect Client-Initiated Backchannel Authentication 1.0, section 7. The person decides on the page `/requests`.",
    access: Access::Application,
    body: application_form![
        Field::required("scope", Kind::Text, "What the token shall be used for, with `openid`."),
        Field::new("login_hint", Kind::Text, "The login of the person who is asked."),
        Field::new("id_token_hint", Kind::Text, "Instead: an ID token that the application got earlier."),
        Field::new("binding_message", Kind::Text, "What the person sees on both devices."),
        Field::new("requested_expiry", Kind::Integer, "The seconds in which the person may decide."),
        Field::new(
            "acr_values",
            Kind::Text,
            "The levels of sign-in that the application would like to have.",
        ),
        Field::new("request", Kind::Text, "All of it as a signed request."),
    ],
    answers: application_answers![
        Answer::new(
            200,
            "What the application asks with.",
            Body::json(&[
                Field::required("auth_req_id", Kind::Text, "What the application exchanges for tokens."),
                Field::required("expires_in", Kind::Integer, "The seconds for which it is valid."),
                Field::required("interval", Kind::Integer, "The seconds between two questions."),
            ]),
        );
        TOO_MANY
    ],
    ..Operation::new("post", "backchannelAuthentication", "Asks a person on a device of their own")
};

const INTROSPECT: Operation = Operation {
    description: "RFC 7662. With `Accept: application/token-introspection+jwt` the answer is signed (RFC 9701).",
    access: Access::Application,
    body: application_form![Field::required("token", Kind::Text, "The token.")],
    answers: application_answers![
        Answer::new(
            200,
            "What the token is; of one that is not valid, or none of the application's business, only that it is not active.",
            Body::json(&[
                Field::required("active", Kind::Boolean, "Whether it is valid."),
                Field::new("scope", Kind::Text, "What it may be used for."),
                Field::new("client_id", Kind::Text, "The application that holds it."),
                Field::new("username", Kind::Text, "The login of the user as whom it acts."),
                Field::new("token_type", Kind::Text, "How it is presented."),
                Field::new("exp", Kind::Integer, "When it expires, in seconds since 1970."),
                Field::new("iat", Kind::Integer, "When it was made."),
                Field::new("nbf", Kind::Integer, "From when on it is valid."),
                Field::new("sub", Kind::Text, "The user as whom it acts."),
                Field::new("iss", Kind::Uri, "Who issued it."),
                Field::new("jti", Kind::Text, "The id of its row in the registry."),
                Field::new("cnf", Kind::Object(&[]), "The key that it is bound to (RFC 7800)."),
            ]),
        ),
        Answer::new(200, "The same, signed.", Body::text("application/token-introspection+jwt")),;
    ],
    ..Operation::new("post", "introspect", "Tells what a token is")
};

const REVOKE: Operation = Operation {
    description: "RFC 7009. With a refresh token ends all that came from the same sign-in. A token that there is not is no error.",
    access: Access::Application,
    body: application_form![Field::required("token", Kind::Text, "The token.")],
    answers: &[
        Answer::empty(200, "The token is not valid any more."),
        BAD_REQUEST,
        BAD_CLIENT,
        TOO_SLOW,
        TOO_LONG,
        Answer::new(503, "It was not revoked; try again.", OAUTH_ERROR),
    ],
    ..Operation::new("post", "revoke", "Revokes a token")
};
