//! The registry: the model, OData and GraphQL. Their own languages are described where they are spoken: in `$metadata`
//! and in the GraphQL schema.

use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Operation, Parameter};

use super::{API_ERROR, NEEDS_TOKEN, NOT_ALLOWED, NOT_THERE};

const ODATA: &str = "OData";
const MODEL: &str = "Model";
const GRAPHQL: &str = "GraphQL";

pub(super) const ALL: &[Endpoint] = &[
    Endpoint { path: "/api/domain/odata/", tag: ODATA, operations: &[SERVICE] },
    Endpoint { path: "/api/domain/odata/$metadata", tag: ODATA, operations: &[METADATA] },
    Endpoint { path: "/api/domain/odata/{set}", tag: ODATA, operations: &[ROWS, CREATE] },
    Endpoint {
        path: "/api/domain/odata/{set}({id})",
        tag: ODATA,
        operations: &[ROW, CHANGE, REPLACE, DELETE],
    },
    Endpoint { path: "/api/domain/odata/$batch", tag: ODATA, operations: &[BATCH] },
    Endpoint { path: "/api/domain/standardmodel", tag: MODEL, operations: &[STANDARD] },
    Endpoint { path: "/api/domain/standardmodel/{set}", tag: MODEL, operations: &[STANDARD_SET] },
    Endpoint { path: "/api/domain/currentmodel", tag: MODEL, operations: &[CURRENT] },
    Endpoint { path: "/api/domain/currentmodel/{set}", tag: MODEL, operations: &[CURRENT_SET] },
    Endpoint { path: "/graphql", tag: GRAPHQL, operations: &[QUERY, EXECUTE] },
    Endpoint { path: "/graphql/schema.graphql", tag: GRAPHQL, operations: &[SDL] },
];

const MALFORMED: Answer = Answer::new(400, "The request is refused; the code says why.", API_ERROR);
const LIMIT_REACHED: &str = "The rate limit is reached; `Retry-After` says when to go on.";
const LIMITED: Answer = Answer::new(429, LIMIT_REACHED, API_ERROR);
const SET: Parameter =
    Field::required("set", Kind::Text, "The name of an entity set: `Systems_Security_AccessTokens`.")
        .in_path();

const SERVICE: Operation = Operation {
    answers: &[
        Answer::new(
            200,
            "The entity sets.",
            Body::json(&[Field::required("value", Kind::Objects(&[]), "The entity sets.")]),
        ),
        MALFORMED,
        LIMITED,
    ],
    ..Operation::new("get", "odataService", "Lists the entity sets")
};

const METADATA: Operation = Operation {
    description: "OData CSDL 4.01, as XML or as JSON: every type, with what may be filtered and ordered.",
    answers: &[
        Answer::new(200, "The description.", Body::text("application/xml")),
        Answer::new(
            200,
            "The description.",
            Body::json(&[Field::required("$Version", Kind::Text, "The version of OData.")]),
        ),
        MALFORMED,
        LIMITED,
    ],
    ..Operation::new("get", "odataMetadata", "Describes the service")
};

const OPTIONS: &[Parameter] = &[
    SET,
    Field::new("$filter", Kind::Text, "Which rows: `Type eq 'refresh_token'`.").in_query(),
    Field::new("$orderby", Kind::Text, "In which order: `CreationTimestamp desc`.").in_query(),
    Field::new("$select", Kind::Text, "Which properties.").in_query(),
    Field::new("$expand", Kind::Text, "Which references and collections are written out.").in_query(),
    Field::new("$top", Kind::Integer, "How many rows a page has.").in_query(),
    Field::new("$skip", Kind::Integer, "How many rows are passed over.").in_query(),
    Field::new("$count", Kind::Boolean, "Whether the number of rows is told.").in_query(),
    Field::new("$search", Kind::Text, "Words to look for.").in_query(),
    Field::new("$apply", Kind::Text, "How rows are grouped and summed up.").in_query(),
];

const ROWS: Operation = Operation {
    description: "The scope `read`. The whole language of OData 4.01 is in the guide; `$metadata` says what may be asked.",
    access: Access::Token,
    parameters: OPTIONS,
    answers: &[
        Answer::new(
            200,
            "A page of rows.",
            Body::json(&[
                Field::required("value", Kind::Objects(&[]), "The rows."),
                Field::new("@odata.nextLink", Kind::Uri, "The next page, where there is one."),
            ]),
        ),
        MALFORMED,
        NEEDS_TOKEN,
        NOT_ALLOWED,
        NOT_THERE,
        LIMITED,
    ],
    ..Operation::new("get", "odataRows", "Asks for rows")
};

const ROW: Operation = Operation {
    description: "The scope `read`.",
    access: Access::Token,
    parameters: &[SET, Field::required("id", Kind::Uuid, "The identifier of the row.").in_path()],
    answers: &[
        Answer::new(200, "The row.", Body::json(&[])),
        MALFORMED,
        NEEDS_TOKEN,
        NOT_ALLOWED,
        NOT_THERE,
        LIMITED,
    ],
    ..Operation::new("get", "odataRow", "Asks for a row")
};

const ID: Parameter = Field::required("id", Kind::Uuid, "The identifier of the row.").in_path();
const VALUES: Option<Body> = Some(Body::json(&[]));
const NO_METHOD: Answer =
    Answer::new(405, "The set is not written in this way; `Allow` has its methods.", API_ERROR);
const CONFLICT: Answer =
    Answer::new(409, "A value is taken, or the row is not as the change needs it.", API_ERROR);
const STALE: Answer = Answer::new(412, "The row has another version than the request names.", API_ERROR);
const TOO_LONG: Answer = Answer::new(413, "The body is longer than 256 KiB.", API_ERROR);
const NO_JSON: Answer = Answer::new(415, "The body is no JSON.", API_ERROR);
const CONDITIONS: &[Parameter] =
    &[SET, ID, Field::new("If-Match", Kind::Text, "The entity tag that the row must have.").in_header()];

const CREATE: Operation = Operation {
    description: "The scope `update`. `$metadata` says what can be set. The secret of a new token or application is the \
                  annotation `@grantor.secret`.",
    access: Access::Token,
    parameters: &[SET],
    body: VALUES,
    answers: &[
        Answer::new(201, "The row.", Body::json(&[])),
        Answer::empty(204, "The row was created, and the client prefers no body."),
        MALFORMED,
        NEEDS_TOKEN,
        NOT_ALLOWED,
        NOT_THERE,
        NO_METHOD,
        CONFLICT,
        TOO_LONG,
        NO_JSON,
        LIMITED,
    ],
    ..Operation::new("post", "odataCreate", "Creates a row")
};

const CHANGED: &[Answer] = &[
    Answer::empty(204, "The row was changed."),
    Answer::new(200, "The row, if the client prefers it.", Body::json(&[])),
    MALFORMED,
    NEEDS_TOKEN,
    NOT_ALLOWED,
    NOT_THERE,
    NO_METHOD,
    CONFLICT,
    STALE,
    TOO_LONG,
    NO_JSON,
    LIMITED,
];

const CHANGE: Operation = Operation {
    description: "The scope `update`. Changes the values that are given.",
    access: Access::Token,
    parameters: CONDITIONS,
    body: VALUES,
    answers: CHANGED,
    ..Operation::new("patch", "odataChange", "Changes a row")
};

const REPLACE: Operation = Operation {
    description: "The scope `update`. The values that are not given return to their defaults.",
    access: Access::Token,
    parameters: CONDITIONS,
    body: VALUES,
    answers: CHANGED,
    ..Operation::new("put", "odataReplace", "Replaces the values of a row")
};

const DELETE: Operation = Operation {
    description: "The scope `update`. A grant is revoked, with those issued from it.",
    access: Access::Token,
    parameters: CONDITIONS,
    answers: &[
        Answer::empty(204, "The row was deleted."),
        MALFORMED,
        NEEDS_TOKEN,
        NOT_ALLOWED,
        NOT_THERE,
        NO_METHOD,
        CONFLICT,
        STALE,
        LIMITED,
    ],
    ..Operation::new("delete", "odataDelete", "Deletes a row")
};

const BATCH: Operation = Operation {
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
        NEEDS_TOKEN,
        TOO_LONG,
        NO_JSON,
        LIMITED,
    ],
    ..Operation::new("post", "odataBatch", "Sends several requests")
};

const DETAILS: Parameter =
    Field::new("details", Kind::Boolean, "Whether everything is told of each member.").in_query();
const MODEL_JSON: Answer =
    Answer::new(200, "The model.", Body { media: "application/json", kind: Kind::Objects(&[]) });
const SET_JSON: Answer = Answer::new(
    200,
    "The repository.",
    Body::json(&[Field::required("Name", Kind::Text, "The name of the set.")]),
);

const STANDARD: Operation = Operation {
    parameters: &[DETAILS],
    answers: &[MODEL_JSON, MALFORMED, LIMITED],
    ..Operation::new("get", "standardModel", "Gives the model as it is delivered")
};

const STANDARD_SET: Operation = Operation {
    parameters: &[SET],
    answers: &[SET_JSON, MALFORMED, NOT_THERE, LIMITED],
    ..Operation::new("get", "standardModelOf", "Gives one repository of it")
};

const CURRENT: Operation = Operation {
    description: "The scope `read`.",
    access: Access::Token,
    parameters: &[DETAILS],
    answers: &[MODEL_JSON, MALFORMED, NEEDS_TOKEN, NOT_ALLOWED, LIMITED],
    ..Operation::new("get", "currentModel", "Gives the model as it is here")
};

const CURRENT_SET: Operation = Operation {
    description: "The scope `read`.",
    access: Access::Token,
    parameters: &[SET],
    answers: &[SET_JSON, MALFORMED, NEEDS_TOKEN, NOT_ALLOWED, NOT_THERE, LIMITED],
    ..Operation::new("get", "currentModelOf", "Gives one repository of it, as it is here")
};

const DOCUMENT: &[Field] = &[
    Field::new("query", Kind::Text, "The document."),
    Field::new("operationName", Kind::Text, "Which of its operations is meant."),
    Field::new("variables", Kind::Object(&[]), "The values of its variables."),
    Field::new("extensions", Kind::Object(&[]), "What is said besides."),
];

const DATA: Body = Body::json(&[
    Field::new("data", Kind::Any, "What was asked for."),
    Field::new(
        "errors",
        Kind::Objects(&[Field::required("message", Kind::Text, "What is wrong, for people.")]),
        "What went wrong, each with a code in `extensions`.",
    ),
]);

const GRAPHQL_ANSWERS: &[Answer] = &[
    Answer::new(200, "The answer.", Body { media: "application/graphql-response+json", ..DATA }),
    Answer::new(200, "The answer, for older clients.", DATA),
    Answer::new(
        400,
        "The document is none, or does not fit the schema.",
        Body { media: "application/graphql-response+json", ..DATA },
    ),
    Answer::new(401, "A valid token is needed.", Body { media: "application/graphql-response+json", ..DATA }),
    Answer::new(405, "A mutation needs POST.", Body { media: "application/graphql-response+json", ..DATA }),
    Answer::new(400, "The same, for older clients.", DATA),
    Answer::new(401, "The same, for older clients.", DATA),
    Answer::new(405, "The same, for older clients.", DATA),
    Answer::new(406, "No form of the answer fits `Accept`.", DATA),
    Answer::new(413, "The body is longer than 256 KiB.", DATA),
    Answer::new(415, "The body is no JSON.", DATA),
    Answer::new(429, LIMIT_REACHED, Body { media: "application/graphql-response+json", ..DATA }),
    Answer::new(429, "The same, for older clients.", DATA),
];

const EXECUTE: Operation = Operation {
    description: "GraphQL over HTTP. What each field needs is in the schema.",
    access: Access::TokenOrNothing,
    body: Some(Body::json(DOCUMENT)),
    answers: GRAPHQL_ANSWERS,
    ..Operation::new("post", "graphql", "Runs a document")
};

const QUERY: Operation = Operation {
    description: "GraphQL over HTTP. A browser that asks for nothing sees a page.",
    access: Access::TokenOrNothing,
    parameters: &[
        Field::new("query", Kind::Text, "The document.").in_query(),
        Field::new("operationName", Kind::Text, "Which of its operations is meant.").in_query(),
        Field::new("variables", Kind::Text, "The values of its variables, as JSON.").in_query(),
    ],
    answers: GRAPHQL_ANSWERS,
    ..Operation::new("get", "graphqlQuery", "Runs a query")
};

const SDL: Operation = Operation {
    answers: &[Answer::new(200, "The schema in its definition language.", Body::text("text/plain"))],
    ..Operation::new("get", "graphqlSchema", "Gives the schema")
};
