use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use reference::http::{Answer, Body, Endpoint, Field, Kind, Method, Tag};
use serde::Serialize;
use web::App;
use web::http::paths::{ACCOUNT, ADMINISTRATION, API, AUTO_DISCOVERY, GRAPHQL, ODATA, TOOLS_AUTO_DISCOVERY};

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
        AUTO_DISCOVERY,
        Tag::Discovery,
        "autoDiscovery",
        "Lists the sites of the server",
    )
};

/// The same under its later name in the documented system.
pub(super) const TOOLS: Endpoint = Endpoint {
    answers: ENDPOINT.answers,
    ..Endpoint::new(
        Method::Get,
        TOOLS_AUTO_DISCOVERY,
        Tag::Discovery,
        "toolsAutoDiscovery",
        "Lists the sites of the server, as `/sys/auto-discovery` does",
    )
};

/// The sites of this server.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sites {
    host: String,
    db_name: &'static str,
    web_sites: Vec<Site>,
}

/// One of them.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Site {
    #[serde(rename = "Type")]
    kind: &'static str,
    status: &'static str,
    status_description: Option<&'static str>,
    url: String,
    /// Whether the site belongs to the server itself.
    system: bool,
    additional_properties: Additional,
}

/// What is said of a site besides.
#[derive(Serialize)]
struct Additional {
    #[serde(rename = "ODataServiceRoot", skip_serializing_if = "Option::is_none")]
    odata_service_root: Option<String>,
}

/// Tells programs that know the address of the server alone where its sites are.
pub(super) async fn answer(State(app): State<Arc<App>>) -> Json<Sites> {
    let is_ready = app.authority.is_ready(clock::now()).await;
    let (status, status_description) =
        if is_ready { ("Working", None) } else { ("NotWorking", Some("the registry does not answer")) };
    let settings = app.authority.settings();
    let at = |path: &str| format!("{}{path}", settings.public_url);
    let site = |kind, url, odata_service_root| Site {
        kind,
        status,
        status_description,
        url,
        system: true,
        additional_properties: Additional { odata_service_root },
    };
    let host = settings.public_url.parse::<Uri>().ok().and_then(|url| Some(url.authority()?.to_string()));
    Json(Sites {
        host: host.unwrap_or_default(),
        db_name: "grantor",
        web_sites: vec![
            site("ID", settings.issuer(), None),
            // The library of the documented system appends `/domain/odata/` where the service root is missing.
            site("DomainAPI", at(API), Some(at(&format!("{ODATA}/")))),
            site("GraphQL", at(GRAPHQL), None),
            site("UserProfile", at(ACCOUNT), None),
            site("InstanceManager", at(ADMINISTRATION), None),
        ],
    })
}
