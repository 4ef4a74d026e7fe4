//! The reference as it is written.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]
#![allow(unreachable_pub, missing_docs, reason = "a test has no importers")]

mod forms;
mod sample;

use reference::http::{Access, Answer, Body, Endpoint, Field, Kind, Method, Tag};
use reference::introspection::Document;
use reference::{
    Command, CommandOption, ConfigurationSection, Declared, Event, Metric, MetricKind, MetricLabel, Scope,
    Site, make,
};
use sample::HOSTILE;
use serde_json::json;

/// The reference of the model, and of declarations that try to be more than text.
fn everything() -> Site {
    let document: Document = serde_json::from_value(sample::introspection()).unwrap();
    let hostile = || HOSTILE.to_owned();
    make(&Declared {
        version: "0.0.0".to_owned(),
        base_url: "http://127.0.0.1:8080".to_owned(),
        entities: model::entities().collect(),
        csdl: json!({"Erp": {"CustomPropertyValue": {"$Kind": "ComplexType", "Value": {}}}}),
        schema: document.schema,
        sdl: String::new(),
        scopes: vec![Scope { name: "a|`b`".to_owned(), description: hostile() }],
        errors: sample::ERRORS,
        commands: vec![command("x"), command("x y")],
        configuration: json!({"properties": {"k": {"type": "string", "description": HOSTILE, "default": HOSTILE}}}),
        configuration_sections: vec![ConfigurationSection {
            title: HOSTILE.to_owned(),
            keys: vec!["k".to_owned()],
        }],
        endpoints: vec![ENDPOINT],
        events: vec![EVENT],
        metrics: vec![METRIC],
    })
}

fn command(name: &str) -> Command {
    let option = CommandOption {
        name: "--o <|>".to_owned(),
        description: HOSTILE.to_owned(),
        default: Some(HOSTILE.to_owned()),
        environment: Some("E".to_owned()),
        values: vec!["`".to_owned(), "|".to_owned()],
    };
    Command {
        name: name.to_owned(),
        about: HOSTILE.to_owned(),
        usage: "x <y> ```".to_owned(),
        after: format!("Examples:\n  x\n    y\n\n{HOSTILE}"),
        options: vec![option],
    }
}

const FIELDS: &[Field] =
    &[Field::required("f", Kind::OneOf(&["`", "|"]), HOSTILE), Field::new("g", Kind::Uri, HOSTILE)];

const ENDPOINT: Endpoint = Endpoint {
    description: HOSTILE,
    access: Access::Token,
    parameters: &[FIELDS[0].in_query(), FIELDS[1].in_path()],
    body: Some(Body::json(FIELDS)),
    answers: &[Answer::new(200, HOSTILE, Body::json(FIELDS)), Answer::empty(400, HOSTILE)],
    ..Endpoint::new(Method::Post, "/a/{*b}", Tag::Tokens, "doA", HOSTILE)
};

const EVENT: Event = Event {
    id: "e",
    title: HOSTILE,
    summary: HOSTILE,
    description: HOSTILE,
    body: Body::json(FIELDS),
    claims: FIELDS,
};

const METRIC: Metric = Metric {
    name: "a_seconds",
    kind: MetricKind::Histogram,
    unit: "seconds",
    help: HOSTILE,
    labels: &[MetricLabel { name: "l", description: HOSTILE, values: || vec![HOSTILE.to_owned()] }; 2],
};
