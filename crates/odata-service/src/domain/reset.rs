//! `Reset` below the root of the domain API: the function of the service under its other address.

use axum::Json;
use reference::http::{Answer, Body, Endpoint, Field, Kind, Method, Tag};
use serde_json::Value;

pub(super) const ENDPOINT: Endpoint = Endpoint {
    description: "The model changes only with the version, so nothing is reset.",
    answers: &[Answer::new(
        200,
        "The model is current.",
        Body::json(&[Field::required("success", Kind::Boolean, "Always true.")]),
    )],
    ..Endpoint::new(
        Method::Get,
        "/api/domain/reset",
        Tag::Model,
        "domainReset",
        "Returns that the model is current, as `Reset` of the OData service does",
    )
};

pub(super) async fn answer() -> Json<Value> {
    Json(crate::about::reset())
}
