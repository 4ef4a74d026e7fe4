//! The declarations of the service's functions and of object transactions.

use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Method, Parameter, Tag};
use web::http::answers::{API_ERROR, FORBIDDEN, MALFORMED, RATE_LIMITED, UNAUTHENTICATED};

const TRANSACTION: Parameter =
    Field::required("TransactionId", Kind::Text, "The transaction, as `BeginTransaction` returned it.")
        .in_header();
const RESULT: &[Answer] =
    &[Answer::new(200, "The result.", Body::json(&[])), MALFORMED, UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED];
const CONFLICT: Answer =
    Answer::new(409, "A write cannot be applied; none of the transaction is.", API_ERROR);

pub(super) const BEGIN_TRANSACTION: Endpoint = Endpoint {
    description: "Requires the scope `update`. Requests with the header `TransactionId` belong to the transaction.",
    body: Some(Body::json(&[
        Field::new("model", Kind::Text, "`common` or `frontend`, which have the same rules."),
        Field::new("trackChanges", Kind::Boolean, "Whether `GetChanges` can be called."),
    ])),
    answers: &[
        Answer::new(200, "The identifier of the transaction.", Body::text("text/plain")),
        MALFORMED,
        UNAUTHENTICATED,
        FORBIDDEN,
        RATE_LIMITED,
    ],
    ..action("/api/domain/odata/BeginTransaction", "odataBeginTransaction", "Begins an object transaction")
};

pub(super) const END_TRANSACTION: Endpoint = Endpoint {
    parameters: &[TRANSACTION],
    body: Some(Body::json(&[Field::new(
        "commit",
        Kind::Boolean,
        "Whether the writes of the transaction take effect; true by default.",
    )])),
    answers: &[
        Answer::new(200, "The secrets of new rows.", Body::json(&[])),
        Answer::empty(204, "The transaction has ended."),
        MALFORMED,
        UNAUTHENTICATED,
        FORBIDDEN,
        CONFLICT,
        RATE_LIMITED,
    ],
    ..action("/api/domain/odata/EndTransaction", "odataEndTransaction", "Ends an object transaction")
};

pub(super) const GET_CHANGES: Endpoint = Endpoint {
    parameters: &[TRANSACTION],
    ..function(
        "/api/domain/odata/GetChanges",
        "odataGetChanges",
        "Returns what a transaction changed since its changes were last returned",
    )
};

pub(super) const WAIT_FOR_CHANGES: Endpoint = Endpoint {
    parameters: &[TRANSACTION],
    ..function(
        "/api/domain/odata/WaitForChanges",
        "odataWaitForChanges",
        "Waits for a change of a transaction, and returns what it changed",
    )
};

pub(super) const GET_VERSION: Endpoint =
    function("/api/domain/odata/GetVersion", "odataGetVersion", "Returns the version of the service");

pub(super) const GET_RENAMED: Endpoint = function(
    "/api/domain/odata/GetRenamedEntityTypes",
    "odataGetRenamedEntityTypes",
    "Lists the entity types that had another name in an earlier version",
);

pub(super) const RESET: Endpoint =
    function("/api/domain/odata/Reset", "odataReset", "Confirms that the service answers");

const fn action(path: &'static str, id: &'static str, summary: &'static str) -> Endpoint {
    Endpoint { access: Access::Token, ..Endpoint::new(Method::Post, path, Tag::OData, id, summary) }
}

const fn function(path: &'static str, id: &'static str, summary: &'static str) -> Endpoint {
    Endpoint {
        access: Access::Token,
        answers: RESULT,
        ..Endpoint::new(Method::Get, path, Tag::OData, id, summary)
    }
}
