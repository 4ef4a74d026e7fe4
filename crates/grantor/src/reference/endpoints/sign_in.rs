//! Where applications send browsers, and what belongs to that.

use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Operation};
use web::http::paths::oauth as path;

use super::{TOO_MANY, UNAVAILABLE};

const TAG: &str = "Sign-in";

pub(super) const ALL: &[Endpoint] = &[
    Endpoint { path: path::AUTHORIZE, tag: TAG, operations: &[AUTHORIZE, AUTHORIZE_POST] },
    Endpoint { path: path::PAR, tag: TAG, operations: &[PAR] },
    Endpoint { path: path::USER_INFO, tag: TAG, operations: &[USER_INFO, USER_INFO_POST] },
    Endpoint { path: path::END_SESSION, tag: TAG, operations: &[END_SESSION, END_SESSION_POST] },
];

const FIELDS: &[Field] = &[
    Field::new("client_id", Kind::Text, "The application."),
    Field::new("response_type", Kind::OneOf(&["code"]), "What is asked for."),
    Field::new("redirect_uri", Kind::Uri, "Where the answer goes; one that is registered."),
    Field::new("scope", Kind::Text, "What the application wants to be granted, separated by spaces."),
    Field::new("state", Kind::Text, "Comes back with the answer."),
    Field::new("nonce", Kind::Text, "Comes back in the ID token."),
    Field::new("code_challenge", Kind::Text, "The hash of the code verifier (RFC 7636)."),
    Field::new("code_challenge_method", Kind::OneOf(&["S256"]), "How it was made."),
    Field::new("response_mode", Kind::Text, "How the answer is sent; the metadata list what is offered."),
    Field::new(
        "prompt",
        Kind::Text,
        "What the person has to see: `none`, `login`, `consent`, `select_account`.",
    ),
    Field::new("max_age", Kind::Integer, "How many seconds ago the person may have signed in at most."),
    Field::new("login_hint", Kind::Text, "The login with which the person probably signs in."),
    Field::new("id_token_hint", Kind::Text, "An ID token of the person who has to be the one."),
    Field::new("acr_values", Kind::Text, "The levels of authentication of which one is wanted."),
    Field::new("claims", Kind::Text, "The claims that are wanted, as JSON."),
    Field::new("resource", Kind::Uri, "A service that tokens shall be for (RFC 8707); may be repeated."),
    Field::new("authorization_details", Kind::Text, "What is asked for in detail, as JSON (RFC 9396)."),
    Field::new("request", Kind::Text, "The request as a signed object (RFC 9101)."),
    Field::new("request_uri", Kind::Text, "The request that was pushed ahead (RFC 9126)."),
];

const SHOWN: Answer =
    Answer::new(200, "A page for the person, or the form that sends the answer on.", Body::text("text/html"));
const SENT_ON: Answer =
    Answer::empty(303, "On to the next page, or back to the application with the answer.");
const REFUSED: Answer = Answer::new(
    400,
    "A page that says why the application is not told, or not at once.",
    Body::text("text/html"),
);

const AUTHORIZE: Operation = Operation {
    description: "RFC 6749, section 3.1; OpenID Connect Core, section 3.1.2. For browsers: an application sends people here.",
    parameters: &query::<{ FIELDS.len() }>(FIELDS),
    answers: &[SHOWN, SENT_ON, REFUSED],
    ..Operation::new("get", "authorize", "Asks a person to sign in and agree")
};

const AUTHORIZE_POST: Operation = Operation {
    body: Some(Body::form(FIELDS)),
    parameters: &[],
    ..Operation { method: "post", id: "authorizeByForm", ..AUTHORIZE }
};

/// Fields as parameters of a query.
const fn query<const N: usize>(fields: &[Field]) -> [reference::http::Parameter; N] {
    let mut parameters = [fields[0].in_query(); N];
    let mut index = 0;
    while index < N {
        parameters[index] = fields[index].in_query();
        index += 1;
    }
    parameters
}

const PAR: Operation = Operation {
    description: "RFC 9126. The fields are those of the authorization request.",
    access: Access::Application,
    body: application_form![
        Field::new("response_type", Kind::OneOf(&["code"]), "What is asked for."),
        Field::new("redirect_uri", Kind::Uri, "Where the answer goes; one that is registered."),
        Field::new("scope", Kind::Text, "What the application wants to be granted."),
        Field::new("code_challenge", Kind::Text, "The hash of the code verifier (RFC 7636)."),
        Field::new("code_challenge_method", Kind::OneOf(&["S256"]), "How it was made."),
        Field::new("request", Kind::Text, "The request as a signed object (RFC 9101)."),
    ],
    answers: application_answers![
        Answer::new(
            201,
            "The request is kept.",
            Body::json(&[
                Field::required("request_uri", Kind::Text, "What the browser is sent with."),
                Field::required("expires_in", Kind::Integer, "The seconds within which the browser has to bring it."),
            ]),
        );
        TOO_MANY
    ],
    ..Operation::new(
        "post",
        "pushAuthorizationRequest",
        "Takes an authorization request ahead of the browser",
    )
};

const USER_INFO: Operation = Operation {
    description: "OpenID Connect Core, section 5.3. The token needs the scope `openid`. An application that registered so gets a signed answer.",
    access: Access::Token,
    answers: &[
        Answer::new(
            200,
            "The claims.",
            Body::json(&[Field::required("sub", Kind::Text, "The person, as the application knows them.")]),
        ),
        Answer::new(200, "The same, signed.", Body::text("application/jwt")),
        Answer::empty(400, "The request carries more than one token."),
        Answer::empty(401, "A valid token is needed; `WWW-Authenticate` says what is wanted."),
        Answer::empty(403, "The token lacks the scope `openid`; `WWW-Authenticate` says so."),
        UNAVAILABLE,
    ],
    ..Operation::new("get", "userInfo", "Tells who the person is")
};

const USER_INFO_POST: Operation = Operation { method: "post", id: "userInfoByPost", ..USER_INFO };

const END_FIELDS: &[Field] = &[
    Field::new("id_token_hint", Kind::Text, "An ID token of the person."),
    Field::new("client_id", Kind::Text, "The application."),
    Field::new("post_logout_redirect_uri", Kind::Uri, "Where to go afterwards; one that is registered."),
    Field::new("state", Kind::Text, "Comes back there."),
];

const END_SESSION: Operation = Operation {
    description: "OpenID Connect RP-Initiated Logout 1.0. For browsers: the person is asked, unless a hint says who is meant.",
    parameters: &query::<{ END_FIELDS.len() }>(END_FIELDS),
    answers: &[SHOWN, SENT_ON, REFUSED],
    ..Operation::new("get", "endSession", "Signs a person out")
};

const END_SESSION_POST: Operation = Operation {
    parameters: &[],
    body: Some(Body::form(END_FIELDS)),
    ..Operation { method: "post", id: "endSessionByForm", ..END_SESSION }
};
