//! The declarations of the service. `$metadata` describes what can be requested; the guide describes the language.

use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Method, Parameter, Tag};
use web::http::answers::{API_ERROR, FORBIDDEN, MALFORMED, NOT_FOUND, RATE_LIMITED, UNAUTHENTICATED};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        answers: &[
            Answer::new(
                200,
                "The entity sets.",
                Body::json(&[Field::required("value", Kind::Objects(&[]), "The entity sets.")]),
            ),
            MALFORMED,
            RATE_LIMITED,
        ],
        ..endpoint("/api/domain/odata/", "odataService", "Lists the entity sets")
    },
    Endpoint {
        description: "OData CSDL 4.01, as XML or as JSON: every type, and what can be filtered and ordered by.",
        answers: &[
            Answer::new(200, "The description.", Body::text("application/xml")),
            Answer::new(
                200,
                "The description.",
                Body::json(&[Field::required("$Version", Kind::Text, "The version of OData.")]),
            ),
            MALFORMED,
            RATE_LIMITED,
        ],
        ..endpoint("/api/domain/odata/$metadata", "odataMetadata", "Describes the service")
    },
    Endpoint {
        description: "Requires the scope `read`. The guide describes the query language of OData 4.01; `$metadata` describes what can be queried.",
        access: Access::Token,
        parameters: OPTIONS,
        answers: &[
            Answer::new(
                200,
                "A page of rows.",
                Body::json(&[
                    Field::required("value", Kind::Objects(&[]), "The rows."),
                    Field::new(
                        "@odata.nextLink",
                        Kind::Uri,
                        "The address of the next page, if there is one.",
                    ),
                ]),
            ),
            MALFORMED,
            UNAUTHENTICATED,
            FORBIDDEN,
            NOT_FOUND,
            RATE_LIMITED,
        ],
        ..endpoint("/api/domain/odata/{set}", "odataRows", "Queries rows")
    },
    Endpoint {
        description: "Requires the scope `read`.",
        access: Access::Token,
        parameters: &[SET, ID],
        answers: &[
            Answer::new(200, "The row.", Body::json(&[])),
            MALFORMED,
            UNAUTHENTICATED,
            FORBIDDEN,
            NOT_FOUND,
            RATE_LIMITED,
        ],
        ..endpoint(ROW_PATH, "odataRow", "Returns a row")
    },
    Endpoint {
        description: "Requires the scope `update`. `$metadata` describes what can be set. The secret of a new token or \
                      application is the annotation `@grantor.secret`.",
        access: Access::Token,
        parameters: &[SET],
        body: VALUES,
        answers: &[
            Answer::new(201, "The row.", Body::json(&[])),
            Answer::empty(204, "The row was created, and the client prefers no body."),
            MALFORMED,
            UNAUTHENTICATED,
            FORBIDDEN,
            NOT_FOUND,
            NO_METHOD,
            CONFLICT,
            TOO_LONG,
            NO_JSON,
            RATE_LIMITED,
        ],
        ..writing(Method::Post, "/api/domain/odata/{set}", "odataCreate", "Creates a row")
    },
    Endpoint {
        description: "Requires the scope `update`. Changes the values that are given.",
        access: Access::Token,
        parameters: CONDITIONS,
        body: VALUES,
        answers: CHANGED,
        ..writing(Method::Patch, ROW_PATH, "odataChange", "Changes a row")
    },
    Endpoint {
        description: "Requires the scope `update`. Values that are not given return to their defaults.",
        access: Access::Token,
        parameters: CONDITIONS,
        body: VALUES,
        answers: CHANGED,
        ..writing(Method::Put, ROW_PATH, "odataReplace", "Replaces the values of a row")
    },
    Endpoint {
        description: "Requires the scope `update`. A grant is revoked, with those issued from it.",
        access: Access::Token,
        parameters: CONDITIONS,
        answers: &[
            Answer::empty(204, "The row was deleted."),
            MALFORMED,
            UNAUTHENTICATED,
            FORBIDDEN,
            NOT_FOUND,
            NO_METHOD,
            CONFLICT,
            STALE,
            RATE_LIMITED,
        ],
        ..writing(Method::Delete, ROW_PATH, "odataDelete", "Deletes a row")
    },
    Endpoint {
        description: "Several requests in one, as JSON or as `multipart/mixed`. Change sets take effect as a whole.",
        access: Access::Token,
        body: Some(Body::json(&[Field::required(
            "requests",
            Kind::Objects(&[]),
            "The requests, in their order.",
        )])),
        answers: &[
            Answer::new(
                200,
                "The responses.",
                Body::json(&[Field::required("responses", Kind::Objects(&[]), "The responses.")]),
            ),
            MALFORMED,
            UNAUTHENTICATED,
            TOO_LONG,
            NO_JSON,
            RATE_LIMITED,
        ],
        ..writing(Method::Post, "/api/domain/odata/$batch", "odataBatch", "Sends several requests")
    },
    IMPORT,
];

const IMPORT: Endpoint = Endpoint {
    description: "Requires the scope `update`. Creates, changes and deletes rows of any entity, of any number. The response is \
                  sent while the objects are received. A body of the type `application/x-ndjson` has the objects only; the \
                  other parameters are query options then, and the response has a line for each object and a last one.",
    access: Access::Token,
    body: Some(Body::json(&[
        Field::new("transaction", Kind::Text, "`per-object` (the default) or `all-objects`."),
        Field::new("model", Kind::Text, "`common` or `frontend`, which have the same rules."),
        Field::new(
            "loggingLevel",
            Kind::Integer,
            "What the audit event of the import has: 0, 1 or 2 (the default).",
        ),
        Field::required("objects", Kind::Objects(&[]), "The objects, after the other parameters."),
    ])),
    answers: &[
        Answer::new(
            200,
            "The results.",
            Body::json(&[
                Field::required("objects", Kind::Objects(&[]), "The result of each object."),
                Field::required(
                    "@erpnet.result",
                    Kind::Text,
                    "`success` if all objects succeeded, else `fail`.",
                ),
            ]),
        ),
        MALFORMED,
        UNAUTHENTICATED,
        FORBIDDEN,
        NO_JSON,
        RATE_LIMITED,
    ],
    ..writing(Method::Post, "/api/domain/odata/Import", "odataImport", "Imports objects")
};

const ROW_PATH: &str = "/api/domain/odata/{set}({id})";

const fn writing(method: Method, path: &'static str, id: &'static str, summary: &'static str) -> Endpoint {
    Endpoint::new(method, path, Tag::OData, id, summary)
}

pub(super) const ID: Parameter = Field::required("id", Kind::Uuid, "The identifier of the row.").in_path();
const VALUES: Option<Body> = Some(Body::json(&[]));
const NO_METHOD: Answer =
    Answer::new(405, "The set does not support the method; `Allow` has those that it supports.", API_ERROR);
pub(super) const CONFLICT: Answer =
    Answer::new(409, "A value is in use, or the state of the row does not permit the change.", API_ERROR);
pub(super) const STALE: Answer =
    Answer::new(412, "The row has another version than the request names.", API_ERROR);
const TOO_LONG: Answer = Answer::new(413, "The body is longer than 256 KiB.", API_ERROR);
pub(super) const NO_JSON: Answer = Answer::new(415, "The body is not JSON.", API_ERROR);
const CONDITIONS: &[Parameter] =
    &[SET, ID, Field::new("If-Match", Kind::Text, "The entity tag that the row must have.").in_header()];
const CHANGED: &[Answer] = &[
    Answer::empty(204, "The row was changed."),
    Answer::new(200, "The row, if the client prefers it.", Body::json(&[])),
    MALFORMED,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    NO_METHOD,
    CONFLICT,
    STALE,
    TOO_LONG,
    NO_JSON,
    RATE_LIMITED,
];

const fn endpoint(path: &'static str, id: &'static str, summary: &'static str) -> Endpoint {
    Endpoint::new(Method::Get, path, Tag::OData, id, summary)
}

/// The name of an entity set in a path.
pub(super) const SET: Parameter =
    Field::required("set", Kind::Text, "The name of an entity set: `Systems_Security_AccessTokens`.")
        .in_path();

const OPTIONS: &[Parameter] = &[
    SET,
    Field::new("$filter", Kind::Text, "The condition of the rows: `Type eq 'refresh_token'`.").in_query(),
    Field::new("$orderby", Kind::Text, "The order: `CreationTimestamp desc`.").in_query(),
    Field::new("$select", Kind::Text, "The properties.").in_query(),
    Field::new("$expand", Kind::Text, "The references and collections to include.").in_query(),
    Field::new("$top", Kind::Integer, "The number of rows of a page.").in_query(),
    Field::new("$skip", Kind::Integer, "The number of rows to skip.").in_query(),
    Field::new("$count", Kind::Boolean, "Whether the response has the total number of rows.").in_query(),
    Field::new("$search", Kind::Text, "The words to search for.").in_query(),
    Field::new("$apply", Kind::Text, "The grouping and aggregation of rows.").in_query(),
];
