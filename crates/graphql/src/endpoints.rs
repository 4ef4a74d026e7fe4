//! The declarations of the API. The GraphQL schema describes what can be requested.

use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Method, Tag, query};
use web::http::answers::LIMIT_REACHED;
use web::http::paths::GRAPHQL;

pub(super) const QUERY: Endpoint = Endpoint {
    description: "GraphQL over HTTP. A browser that opens the address without a query is answered with a page.",
    access: Access::OptionalToken,
    parameters: &query(&[
        Field::new("query", Kind::Text, "The document."),
        Field::new("operationName", Kind::Text, "The name of the operation to run."),
        Field::new("variables", Kind::Text, "The values of the variables, as JSON."),
    ]),
    answers: ANSWERS,
    ..Endpoint::new(Method::Get, GRAPHQL, Tag::GraphQl, "graphqlQuery", "Runs a query")
};

pub(super) const EXECUTE: Endpoint = Endpoint {
    description: "GraphQL over HTTP. The schema names the scopes that each field requires.",
    access: Access::OptionalToken,
    body: Some(Body::json(&[
        Field::new("query", Kind::Text, "The document."),
        Field::new("operationName", Kind::Text, "The name of the operation to run."),
        Field::new("variables", Kind::Object(&[]), "The values of the variables."),
        Field::new("extensions", Kind::Object(&[]), "Further information for the server."),
    ])),
    answers: ANSWERS,
    ..Endpoint::new(Method::Post, GRAPHQL, Tag::GraphQl, "graphql", "Runs a document")
};

pub(super) const SCHEMA: Endpoint = Endpoint {
    answers: &[Answer::new(200, "The schema in the schema definition language.", Body::text("text/plain"))],
    ..Endpoint::new(
        Method::Get,
        "/graphql/schema.graphql",
        Tag::GraphQl,
        "graphqlSchema",
        "Returns the schema",
    )
};

const DATA: Body = Body::json(&[
    Field::new("data", Kind::Any, "The result."),
    Field::new(
        "errors",
        Kind::Objects(&[Field::required("message", Kind::Text, "The reason, for developers.")]),
        "The errors, each with a code in `extensions`.",
    ),
]);

/// The body in the media type of the specification; older clients receive the same as `application/json`.
const RESPONSE: Body = Body { media: "application/graphql-response+json", ..DATA };

const ANSWERS: &[Answer] = &[
    Answer::new(200, "The result.", RESPONSE),
    Answer::new(200, "The result, for older clients.", DATA),
    Answer::new(400, "The document is malformed or does not match the schema.", RESPONSE),
    Answer::new(401, "A valid access token is required.", RESPONSE),
    Answer::new(405, "A mutation requires POST.", RESPONSE),
    Answer::new(400, "The same, for older clients.", DATA),
    Answer::new(401, "The same, for older clients.", DATA),
    Answer::new(405, "The same, for older clients.", DATA),
    Answer::new(406, "No available media type matches `Accept`.", DATA),
    Answer::new(413, "The body is longer than 256 KiB.", DATA),
    Answer::new(415, "The body is not JSON.", DATA),
    Answer::new(429, LIMIT_REACHED, RESPONSE),
    Answer::new(429, "The same, for older clients.", DATA),
];
