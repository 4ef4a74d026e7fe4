//! The declarations of the service. `$metadata` describes what can be requested; the guide describes the language.

use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Method, Parameter, Tag};
use web::http::answers::{FORBIDDEN, MALFORMED, NOT_FOUND, RATE_LIMITED, UNAUTHENTICATED};

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
        parameters: &[SET, Field::required("id", Kind::Uuid, "The identifier of the row.").in_path()],
        answers: &[
            Answer::new(200, "The row.", Body::json(&[])),
            MALFORMED,
            UNAUTHENTICATED,
            FORBIDDEN,
            NOT_FOUND,
            RATE_LIMITED,
        ],
        ..endpoint("/api/domain/odata/{set}({id})", "odataRow", "Returns a row")
    },
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
