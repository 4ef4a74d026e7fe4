//! The reference itself.

use reference::http::{Answer, Body, Endpoint, Field, Kind, Operation};

const TAG: &str = "Descriptions";

pub(super) const ALL: &[Endpoint] = &[
    Endpoint { path: "/openapi.json", tag: TAG, operations: &[OPENAPI] },
    Endpoint { path: "/asyncapi.json", tag: TAG, operations: &[ASYNCAPI] },
    Endpoint { path: "/config.schema.json", tag: TAG, operations: &[CONFIGURATION] },
    Endpoint { path: "/reference/", tag: TAG, operations: &[REFERENCE] },
    Endpoint { path: "/reference/{path}", tag: TAG, operations: &[PAGE] },
];

const UNCHANGED: Answer = Answer::empty(304, "The caller has the current one (`If-None-Match`).");

const OPENAPI: Operation = Operation {
    answers: &[
        Answer::new(
            200,
            "OpenAPI 3.1.",
            Body::json(&[Field::required("openapi", Kind::Text, "The version of OpenAPI.")]),
        ),
        UNCHANGED,
    ],
    ..Operation::new("get", "openApi", "Describes the endpoints")
};

const ASYNCAPI: Operation = Operation {
    answers: &[
        Answer::new(
            200,
            "AsyncAPI 3.0.",
            Body::json(&[Field::required("asyncapi", Kind::Text, "The version of AsyncAPI.")]),
        ),
        UNCHANGED,
    ],
    ..Operation::new("get", "asyncApi", "Describes what the program sends by itself")
};

const CONFIGURATION: Operation = Operation {
    answers: &[
        Answer::new(
            200,
            "JSON Schema 2020-12.",
            Body::json(&[Field::required("$schema", Kind::Text, "The version of JSON Schema.")]),
        ),
        UNCHANGED,
    ],
    ..Operation::new("get", "configurationSchema", "Describes the configuration")
};

const REFERENCE: Operation = Operation {
    answers: &[Answer::new(200, "The first page.", Body::text("text/html")), UNCHANGED],
    ..Operation::new("get", "reference", "Shows the reference")
};

const PAGE: Operation = Operation {
    parameters: &[Field::required("path", Kind::Text, "The path of the page.").in_path()],
    answers: &[
        Answer::new(200, "The page.", Body::text("text/html")),
        UNCHANGED,
        Answer::new(404, "There is no such page.", Body::text("text/plain")),
    ],
    ..Operation::new("get", "referencePage", "Shows a page of the reference")
};
