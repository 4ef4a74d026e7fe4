//! Batches as JSON.

use serde_json::{Map, Value};

use super::{Answer, BatchError, BatchRequest, BatchResponse, Entry, checked, unreadable};
use crate::json::Json;

/// Reads a batch. Consecutive requests with the same `atomicityGroup` form a change set.
///
/// ```
/// use odata::batch::{Entry, read_json};
///
/// let body = serde_json::json!({ "requests": [{ "id": "1", "method": "get", "url": "Systems_Security_Users" }] });
/// let entries = read_json(body.as_object().expect("an object")).expect("a batch");
/// assert!(matches!(&entries[..], [Entry::Single(request)] if request.method == "GET"));
/// ```
///
/// # Errors
/// [`BatchError`] for a missing or unknown member, or a value of another type.
pub fn read_json(batch: &Map<String, Value>) -> Result<Vec<Entry>, BatchError> {
    if let Some(name) = batch.keys().find(|name| *name != "requests") {
        return unreadable(format!("a batch has no member '{name}'"));
    }
    let Some(Value::Array(items)) = batch.get("requests") else {
        return unreadable("'requests' is an array");
    };
    let mut entries: Vec<Entry> = Vec::new();
    for item in items {
        let Value::Object(members) = item else { return unreadable("a request is an object") };
        let (request, group) = request(members)?;
        match (group, entries.last_mut()) {
            (None, _) => entries.push(Entry::Single(request)),
            (Some(group), Some(Entry::ChangeSet { name: Some(name), requests })) if *name == group => {
                requests.push(request);
            }
            (Some(group), _) => {
                entries.push(Entry::ChangeSet { name: Some(group), requests: vec![request] });
            }
        }
    }
    checked(entries)
}

fn request(members: &Map<String, Value>) -> Result<(BatchRequest, Option<String>), BatchError> {
    let mut request = BatchRequest::default();
    let (mut group, mut body) = (None, None);
    for (name, value) in members {
        match (name.as_str(), value) {
            ("id", Value::String(text)) => request.id = Some(text.clone()),
            ("method", Value::String(text)) => request.method = text.to_ascii_uppercase(),
            ("url", Value::String(text)) => request.url.clone_from(text),
            ("atomicityGroup", Value::String(text)) => group = Some(text.clone()),
            ("headers", Value::Object(headers)) => request.headers = self::headers(headers)?,
            ("dependsOn", Value::Array(names)) => request.depends_on = self::names(names)?,
            ("body", value) => body = Some(value),
            ("if", _) => return unreadable("'if' is not supported"),
            ("id" | "method" | "url" | "atomicityGroup" | "headers" | "dependsOn", _) => {
                return unreadable(format!("'{name}' of a request has the wrong type"));
            }
            _ => return unreadable(format!("a request has no member '{name}'")),
        }
    }
    if request.id.as_deref().unwrap_or_default().is_empty() {
        return unreadable("a request has a member 'id'");
    }
    if request.method.is_empty() || request.url.is_empty() {
        return unreadable("a request has the members 'method' and 'url'");
    }
    match body {
        None => {}
        Some(body @ (Value::Object(_) | Value::Array(_))) => {
            request.body = body.to_string().into_bytes();
            let has_type = request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            if !has_type {
                request.headers.push(("content-type".to_owned(), "application/json".to_owned()));
            }
        }
        Some(_) => return unreadable("'body' is a JSON object"),
    }
    Ok((request, group))
}

fn headers(headers: &Map<String, Value>) -> Result<Vec<(String, String)>, BatchError> {
    let header = |(name, value): (&String, &Value)| match value {
        Value::String(value) => Ok((name.clone(), value.clone())),
        _ => unreadable(format!("the header '{name}' is a text")),
    };
    headers.iter().map(header).collect()
}

fn names(names: &[Value]) -> Result<Vec<String>, BatchError> {
    let name = |value: &Value| match value {
        Value::String(name) => Ok(name.clone()),
        _ => unreadable("'dependsOn' is an array of texts"),
    };
    names.iter().map(name).collect()
}

/// Writes the responses.
pub fn write_json(answers: &[Answer]) -> Vec<u8> {
    let mut json = Json::default();
    json.open(b'{');
    json.key("responses");
    json.open_value(b'[');
    for answer in answers {
        match answer {
            Answer::Single(response) => write(&mut json, response),
            Answer::ChangeSet(responses) => {
                responses.iter().for_each(|response| write(&mut json, response));
            }
        }
    }
    json.close(b']');
    json.close(b'}');
    json.finish()
}

fn write(json: &mut Json, response: &BatchResponse) {
    json.open(b'{');
    if let Some(id) = &response.id {
        json.key("id");
        json.text(id);
    }
    json.key("status");
    json.bare(response.status);
    json.key("headers");
    json.open_value(b'{');
    for (name, value) in &response.headers {
        json.separate();
        json.text(name);
        json.raw(b":");
        json.text(value);
    }
    json.close(b'}');
    if !response.body.is_empty() {
        json.key("body");
        match std::str::from_utf8(&response.body) {
            Ok(_) if is_json(response) => json.raw(&response.body),
            Ok(text) => json.text(text),
            Err(_) => json.null(),
        }
    }
    json.close(b'}');
}

fn is_json(response: &BatchResponse) -> bool {
    let content_type = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    content_type.is_some_and(|(_, value)| value.starts_with("application/json"))
}
