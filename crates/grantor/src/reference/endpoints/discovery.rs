//! What programs read before they ask for anything.

use reference::http::{Answer, Body, Endpoint, Field, Kind, Operation};
use web::http::paths::oauth as path;

const TAG: &str = "Discovery";

pub(super) const ALL: &[Endpoint] = &[
    Endpoint { path: path::OPENID_CONFIGURATION, tag: TAG, operations: &[METADATA] },
    Endpoint {
        path: path::AUTHORIZATION_SERVER,
        tag: TAG,
        operations: &[Operation { id: "authorizationServer", ..METADATA }],
    },
    Endpoint { path: path::JWKS, tag: TAG, operations: &[JWKS] },
    Endpoint {
        path: "/.well-known/oauth-protected-resource/api/domain/odata",
        tag: TAG,
        operations: &[RESOURCE],
    },
    Endpoint {
        path: "/.well-known/oauth-protected-resource/api/domain",
        tag: TAG,
        operations: &[Operation { id: "domainResource", ..RESOURCE }],
    },
    Endpoint {
        path: "/.well-known/oauth-protected-resource/graphql",
        tag: TAG,
        operations: &[Operation { id: "graphqlResource", ..RESOURCE }],
    },
    Endpoint { path: "/sys/auto-discovery", tag: TAG, operations: &[SITES] },
    Endpoint { path: "/tools/auto-discovery", tag: TAG, operations: &[TOOLS_SITES] },
    Endpoint { path: "/health/live", tag: "Health", operations: &[LIVE] },
    Endpoint { path: "/health/ready", tag: "Health", operations: &[READY] },
    Endpoint { path: web::http::paths::METRICS, tag: "Health", operations: &[METRICS] },
];

const METADATA: Operation = Operation {
    description: "RFC 8414; OpenID Connect Discovery 1.0.",
    answers: &[Answer::new(
        200,
        "The metadata.",
        Body::json(&[
            Field::required("issuer", Kind::Uri, "The issuer."),
            Field::required("authorization_endpoint", Kind::Uri, "Where people sign in."),
            Field::required("token_endpoint", Kind::Uri, "Where tokens are obtained."),
            Field::required("jwks_uri", Kind::Uri, "The keys."),
            Field::required("grant_types_supported", Kind::Texts, "How tokens are obtained."),
            Field::required("scopes_supported", Kind::Texts, "The permissions that the product knows."),
        ]),
    )],
    ..Operation::new("get", "openIdConfiguration", "Tells what the issuer offers")
};

const JWKS: Operation = Operation {
    description: "RFC 7517.",
    answers: &[Answer::new(
        200,
        "The keys.",
        Body::json(&[Field::required("keys", Kind::Objects(&[]), "The keys.")]),
    )],
    ..Operation::new("get", "jwks", "Gives the keys that check signatures")
};

const RESOURCE: Operation = Operation {
    description: "RFC 9728.",
    answers: &[Answer::new(
        200,
        "The metadata.",
        Body::json(&[
            Field::required("resource", Kind::Uri, "The interface."),
            Field::required("authorization_servers", Kind::Texts, "Where its tokens come from."),
        ]),
    )],
    ..Operation::new("get", "odataResource", "Tells what tokens an interface takes")
};

const SITES: Operation = Operation {
    answers: &[Answer::new(
        200,
        "The sites.",
        Body::json(&[
            Field::required("Host", Kind::Text, "The host, with the port if it is not the usual one."),
            Field::required("DbName", Kind::Text, "Always `grantor`."),
            Field::required("WebSites", Kind::Objects(&[]), "Each with its type, status and address."),
        ]),
    )],
    ..Operation::new("get", "autoDiscovery", "Tells where the sites of the server are")
};

/// The same under its later name in the documented system.
const TOOLS_SITES: Operation = Operation { id: "toolsAutoDiscovery", ..SITES };

const LIVE: Operation = Operation {
    answers: &[Answer::new(200, "It runs.", Body::text("text/plain"))],
    ..Operation::new("get", "live", "Tells whether the program runs")
};

const READY: Operation = Operation {
    answers: &[
        Answer::new(200, "It can work.", Body::text("text/plain")),
        Answer::new(
            503,
            "The registry does not answer, or a background task is not running.",
            Body::text("text/plain"),
        ),
    ],
    ..Operation::new("get", "ready", "Tells whether the program can work")
};

const METRICS: Operation = Operation {
    description: "For this computer alone; where the operator set `metrics_token`, for whoever presents that as a bearer.",
    answers: &[
        Answer::new(200, "The metrics, in the older format of Prometheus.", Body::text("text/plain")),
        Answer::new(
            200,
            "The same in `OpenMetrics`, for whoever accepts it.",
            Body::text("application/openmetrics-text"),
        ),
        Answer::new(401, "The operator's token is wanted.", Body::text("text/plain")),
        Answer::new(403, "Another computer asks, or somebody through a proxy.", Body::text("text/plain")),
    ],
    ..Operation::new("get", "metrics", "Tells what the program measures of itself")
};
