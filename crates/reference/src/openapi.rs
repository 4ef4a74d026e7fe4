//! The endpoints as `OpenAPI` 3.1.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::http::{Access, Answer, Body, Endpoint, Field, Kind, Parameter, Place};

/// Returns the description of the endpoints of a server.
pub fn document(endpoints: &[Endpoint], version: &str, base_url: &str) -> Value {
    let mut paths: BTreeMap<Cow<'_, str>, Map<String, Value>> = BTreeMap::new();
    for endpoint in endpoints {
        let item = paths.entry(endpoint.described_path()).or_default();
        item.insert(endpoint.method.key().to_owned(), operation(endpoint));
    }
    let tags: BTreeSet<_> = endpoints.iter().map(|endpoint| endpoint.tag).collect();
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": {
            "title": "Grantor",
            "summary": "Issues, tracks and revokes access tokens.",
            "version": version,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": base_url }],
        "tags": tags.iter().map(|tag| json!({ "name": tag.name() })).collect::<Vec<_>>(),
        "paths": paths,
        "components": { "securitySchemes": security_schemes(base_url) },
    })
}

/// The credentials of callers (RFC 6749, RFC 6750, RFC 9449).
fn security_schemes(base_url: &str) -> Value {
    json!({
        "token": { "type": "http", "scheme": "bearer", "description": "An access token (RFC 6750)." },
        "apiKey": { "type": "apiKey", "in": "header", "name": "X-Api-Key", "description": "An access token in its own header." },
        "application": { "type": "http", "scheme": "basic", "description": "The client ID and the secret of a client (RFC 6749, section 2.3.1). The metadata list the other authentication methods." },
        "openId": { "type": "openIdConnect", "openIdConnectUrl": format!("{base_url}/id/.well-known/openid-configuration") },
        "session": { "type": "apiKey", "in": "cookie", "name": "grantor", "description": "The session of a user who is signed in to the pages." },
    })
}

fn security(access: Access) -> Value {
    match access {
        Access::Public => json!([]),
        // A public client sends only its client_id, in the body.
        Access::Client => json!([{ "application": [] }, {}]),
        Access::Token => json!([{ "token": [] }, { "apiKey": [] }]),
        Access::OptionalToken => json!([{ "token": [] }, { "apiKey": [] }, {}]),
        Access::Session => json!([{ "session": [] }]),
    }
}

fn operation(endpoint: &Endpoint) -> Value {
    let mut written = json!({
        "operationId": endpoint.id,
        "summary": endpoint.summary,
        "tags": [endpoint.tag.name()],
        "security": security(endpoint.access),
        "responses": responses(endpoint.answers),
    });
    if !endpoint.description.is_empty() {
        written["description"] = endpoint.description.into();
    }
    if !endpoint.parameters.is_empty() {
        written["parameters"] = endpoint.parameters.iter().map(parameter).collect();
    }
    if let Some(body) = &endpoint.body {
        written["requestBody"] = json!({ "required": true, "content": content(body) });
    }
    written
}

fn parameter(parameter: &Parameter) -> Value {
    let place = match parameter.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
    };
    json!({
        "name": parameter.field.name,
        "in": place,
        "required": parameter.field.required,
        "description": parameter.field.description,
        "schema": schema(parameter.field.kind),
    })
}

fn responses(answers: &[Answer]) -> Value {
    let mut responses: BTreeMap<String, Value> = BTreeMap::new();
    for answer in answers {
        let known = responses.entry(answer.status.to_string());
        let response = known.or_insert_with(|| json!({ "description": answer.description }));
        if let Some(body) = &answer.body {
            response["content"][body.media] = content(body)[body.media].clone();
        }
    }
    json!(responses)
}

fn content(body: &Body) -> Value {
    json!({ body.media: { "schema": schema(body.kind) } })
}

/// A value as JSON Schema 2020-12.
pub(crate) fn schema(kind: Kind) -> Value {
    match kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::OneOf(values) => json!({ "type": "string", "enum": values }),
        Kind::Uri => json!({ "type": "string", "format": "uri" }),
        Kind::Uuid => json!({ "type": "string", "format": "uuid" }),
        Kind::Integer => json!({ "type": "integer" }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Objects(fields) => json!({ "type": "array", "items": object(fields) }),
        Kind::Object(fields) => object(fields),
        Kind::Any => json!({}),
    }
}

fn object(fields: &[Field]) -> Value {
    let property = |field: &Field| {
        let mut property = schema(field.kind);
        property["description"] = field.description.into();
        (field.name.to_owned(), property)
    };
    let properties: Map<String, Value> = fields.iter().map(property).collect();
    let required: Vec<_> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    let mut object = json!({ "type": "object" });
    if !properties.is_empty() {
        object["properties"] = properties.into();
    }
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}
