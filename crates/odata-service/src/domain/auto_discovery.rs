use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use reference::http::{Answer, Body, Endpoint, Field, Kind, Method, Tag};
use serde::Serialize;
use web::App;
use web::http::paths::{DOMAIN, GRAPHQL, ODATA};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    answers: &[Answer::new(
        200,
        "The sites.",
        Body::json(&[Field::required(
            "WebSites",
            Kind::Objects(&[]),
            "The sites, each with its type, status and address.",
        )]),
    )],
    ..Endpoint::new(
        Method::Get,
        "/sys/auto-discovery",
        Tag::Discovery,
        "autoDiscovery",
        "Lists the sites of the server",
    )
};

/// The sites of this server.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sites {
    web_sites: Vec<Site>,
}

/// One of them.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Site {
    #[serde(rename = "Type")]
    kind: &'static str,
    status: &'static str,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_properties: Option<Additional>,
}

/// What is said of the Domain API besides.
#[derive(Serialize)]
struct Additional {
    #[serde(rename = "ODataServiceRoot")]
    odata_service_root: String,
}

/// Tells programs that know the address of the server alone where its sites are.
pub(super) async fn answer(State(app): State<Arc<App>>) -> Json<Sites> {
    let status = if app.authority.is_ready(clock::now()).await { "Working" } else { "NotWorking" };
    let settings = app.authority.settings();
    let at = |path: &str| format!("{}{path}", settings.public_url);
    let site = |kind, url| Site { kind, status, url, additional_properties: None };
    let domain = Site {
        additional_properties: Some(Additional { odata_service_root: at(&format!("{}/", ODATA)) }),
        ..site("DomainAPI", at(DOMAIN))
    };
    Json(Sites { web_sites: vec![site("ID", settings.issuer()), domain, site("GraphQL", at(GRAPHQL))] })
}
