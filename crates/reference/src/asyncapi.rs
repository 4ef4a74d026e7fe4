//! The messages that the program sends, as `AsyncAPI` 3.0: notifications and GraphQL subscriptions.

use serde_json::{Map, Value, json};

use crate::Event;
use crate::http::Kind;
use crate::introspection::{Field, Schema, TypeKind};
use crate::openapi;

/// The description of what a server sends.
pub fn document(events: &[Event], schema: &Schema, version: &str, base_url: &str) -> Value {
    let (mut channels, mut operations) = (Map::new(), Map::new());
    for event in events {
        channels.insert(event.id.to_owned(), channel(event));
        operations.insert(format!("send-{}", event.id), operation(event.id, event.summary));
    }
    for field in subscriptions(schema) {
        channels.insert(field.name.clone(), subscription(schema, field));
        let about = field.description.clone().unwrap_or_default();
        operations.insert(format!("send-{}", field.name), operation(&field.name, &about));
    }
    let host = base_url.split_once("://").map_or(base_url, |(_, host)| host);
    let secure = if base_url.starts_with("https") { "s" } else { "" };
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Grantor",
            "version": version,
            "description": "The messages that Grantor sends when something happens.",
            "license": { "name": "Apache-2.0" },
        },
        "defaultContentType": "application/json",
        "servers": {
            "graphql": { "host": host, "pathname": "/graphql", "protocol": format!("ws{secure}"), "description": "GraphQL subscriptions." },
        },
        "channels": channels,
        "operations": operations,
    })
}

/// The fields of the subscription type.
pub(crate) fn subscriptions(schema: &Schema) -> impl Iterator<Item = &Field> {
    let named = schema.subscription_type.as_ref();
    let root = schema.types.iter().find(move |one| named.is_some_and(|named| named.name == one.name));
    root.into_iter().flat_map(|root| root.fields.iter().flatten())
}

fn channel(event: &Event) -> Value {
    let mut message = json!({
        "name": event.id,
        "title": event.title,
        "summary": event.summary,
        "contentType": event.body.media,
        "payload": openapi::schema(event.body.kind),
    });
    if !event.claims.is_empty() {
        message["x-claims"] = openapi::schema(Kind::Object(event.claims));
    }
    json!({
        // Where the messages go is what each recipient registered.
        "address": null,
        "title": event.title,
        "description": event.description,
        "messages": { event.id: message },
    })
}

/// Returns the schema of a field: its members that are not objects, since the subscriber selects the others.
fn payload(schema: &Schema, type_name: &str) -> Value {
    let find = |name: &str| schema.types.iter().find(|one| one.name == name);
    let member = |field: &Field| {
        let one = find(field.type_ref.type_name())?;
        let mut written = match (&one.enum_values, one.name.as_str()) {
            (Some(values), _) => {
                json!({ "enum": values.iter().map(|value| &value.name).collect::<Vec<_>>() })
            }
            (None, "DateTime") => json!({ "type": "string", "format": "date-time" }),
            (None, "ID" | "String") => json!({ "type": "string" }),
            (None, "Boolean") => json!({ "type": "boolean" }),
            (None, "Int") => json!({ "type": "integer" }),
            (None, _) if one.kind == TypeKind::Scalar => json!({}),
            (None, _) => json!({ "type": "object" }),
        };
        if field.type_ref.kind != TypeKind::NonNull {
            // Null is one of the values, whatever the type of the others.
            written = json!({ "anyOf": [written, { "type": "null" }] });
        }
        written["description"] = field.description.clone().unwrap_or_default().into();
        Some((field.name.clone(), written))
    };
    let members: Map<String, Value> =
        find(type_name).into_iter().flat_map(|one| one.fields.iter().flatten()).filter_map(member).collect();
    json!({ "type": "object", "properties": members })
}

fn subscription(schema: &Schema, field: &Field) -> Value {
    let about = field.description.clone().unwrap_or_default();
    json!({
        "address": "/graphql",
        "title": field.name,
        "description": about,
        "servers": [{ "$ref": "#/servers/graphql" }],
        "messages": { &field.name: {
            "name": field.name,
            "summary": format!("The message `next` of the protocol graphql-transport-ws, or the event `next` of GraphQL over SSE, with a `{}`.", field.type_ref.written()),
            "payload": { "type": "object", "properties": { "data": { "type": "object", "properties": { &field.name: payload(schema, field.type_ref.type_name()) } } } },
        } },
    })
}

fn operation(channel: &str, summary: &str) -> Value {
    json!({ "action": "send", "channel": { "$ref": format!("#/channels/{channel}") }, "summary": summary })
}
