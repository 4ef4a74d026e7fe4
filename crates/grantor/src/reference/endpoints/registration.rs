//! Where applications register themselves.

use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Operation, Parameter};
use web::http::paths::oauth as path;

use super::{OAUTH_ERROR, TOO_LONG, TOO_MANY};

const TAG: &str = "Registration";

pub(super) const ALL: &[Endpoint] = &[
    Endpoint { path: path::REGISTER, tag: TAG, operations: &[REGISTER] },
    Endpoint { path: path::REGISTRATION, tag: TAG, operations: &[SHOW, REPLACE, REMOVE] },
];

const METADATA: Body = Body::json(&[
    Field::new("client_name", Kind::Text, "The name of the application."),
    Field::new("redirect_uris", Kind::Texts, "Where a sign-in may return to."),
    Field::new("post_logout_redirect_uris", Kind::Texts, "Where a sign-out may return to."),
    Field::new("grant_types", Kind::Texts, "How it obtains tokens."),
    Field::new("token_endpoint_auth_method", Kind::Text, "How it proves who it is."),
    Field::new("scope", Kind::Text, "What it may be granted, separated by spaces."),
    Field::new("jwks", Kind::Object(&[]), "Its keys (RFC 7517)."),
    Field::new("contacts", Kind::Texts, "Who is responsible for it."),
]);

const REGISTERED: Body = Body::json(&[
    Field::required("client_id", Kind::Text, "The identifier with which it presents itself."),
    Field::new("client_secret", Kind::Text, "Its secret, shown once."),
    Field::new("client_secret_expires_at", Kind::Integer, "0: the secret does not expire."),
    Field::new("registration_client_uri", Kind::Uri, "Where the registration is looked after."),
    Field::new("registration_access_token", Kind::Text, "The token for that."),
]);

const OFF: Answer = Answer::new(404, "Registration is off: `not_found`.", OAUTH_ERROR);
const REFUSED: Answer = Answer::new(
    400,
    "A member is not right (`invalid_client_metadata`, `invalid_redirect_uri`), or the request is malformed.",
    OAUTH_ERROR,
);
const NO_TOKEN: Answer = Answer::new(401, "The right token is needed: `invalid_token`.", OAUTH_ERROR);
const FORBIDDEN: Answer = Answer::new(
    403,
    "The token is not that of an administrator, lacks `sec`, or registered 100 applications.",
    OAUTH_ERROR,
);

const REGISTER: Operation = Operation {
    description: "RFC 7591. Off unless the configuration has `dynamic_registration`.",
    access: Access::TokenOrNothing,
    body: Some(METADATA),
    answers: &[
        Answer::new(201, "All that holds.", REGISTERED),
        REFUSED,
        NO_TOKEN,
        FORBIDDEN,
        OFF,
        TOO_LONG,
        TOO_MANY,
    ],
    ..Operation::new("post", "register", "Registers an application")
};

const ID: &[Parameter] = &[Field::required("client_id", Kind::Text, "The application.").in_path()];

const SHOW: Operation = Operation {
    description: "RFC 7592, section 2.1, with the token of the registration.",
    access: Access::Token,
    parameters: ID,
    answers: &[Answer::new(200, "All that holds.", REGISTERED), REFUSED, NO_TOKEN, FORBIDDEN, OFF],
    ..Operation::new("get", "registration", "Shows a registration")
};

const REPLACE: Operation = Operation {
    description: "RFC 7592, section 2.2, with the token of the registration.",
    access: Access::Token,
    parameters: ID,
    body: Some(METADATA),
    answers: &[Answer::new(200, "All that holds.", REGISTERED), REFUSED, NO_TOKEN, FORBIDDEN, OFF, TOO_LONG],
    ..Operation::new("put", "replaceRegistration", "Replaces a registration")
};

const REMOVE: Operation = Operation {
    description: "RFC 7592, section 2.3, with the token of the registration. The application is disabled with all that it was given.",
    access: Access::Token,
    parameters: ID,
    answers: &[Answer::empty(204, "It is ended."), REFUSED, NO_TOKEN, FORBIDDEN, OFF],
    ..Operation::new("delete", "removeRegistration", "Ends a registration")
};
