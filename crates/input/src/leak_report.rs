//! Reports of leaked secrets.

use serde_json::{Map, Value};

use crate::{Invalid, Secret, json};

/// How many secrets one report has at the most.
const MAX_SECRETS: usize = 100;

/// Something that was found.
pub struct Found {
    /// The secret.
    pub secret: Secret,
    /// Where it was found.
    pub url: Option<String>,
    /// Who found it.
    pub source: Option<String>,
}

impl Found {
    /// Reads a report: a list, as GitHub's secret scanning sends it, or an object with the member `secrets`, as we write it.
    /// Members that are not known are ignored: GitHub sends the type of the secret.
    ///
    /// # Errors
    /// [`Invalid::Request`] where it has another form; the words have no part of the report, which may be a secret.
    pub fn list(report: &[u8]) -> Result<Vec<Self>, Invalid> {
        let unread = |error| Invalid::Request(format!("the report cannot be read: {error}"));
        let items = match json::value(report).map_err(unread)? {
            Value::Array(items) => items,
            Value::Object(mut report) => match report.remove("secrets") {
                Some(Value::Array(items)) => items,
                _ => return Err(shape()),
            },
            _ => return Err(shape()),
        };
        if items.len() > MAX_SECRETS {
            return Err(Invalid::Request(format!("a report has at most {MAX_SECRETS} secrets")));
        }
        items.into_iter().map(Self::read).collect()
    }

    fn read(item: Value) -> Result<Self, Invalid> {
        let Value::Object(mut item) = item else { return Err(shape()) };
        let secret = match (item.remove("secret"), item.remove("token")) {
            (Some(Value::String(secret)), None) | (None, Some(Value::String(secret))) => secret,
            _ => return Err(shape()),
        };
        Ok(Self { secret: secret.into(), url: text(&mut item, "url")?, source: text(&mut item, "source")? })
    }
}

/// A text, where there is one; null is none.
fn text(item: &mut Map<String, Value>, name: &str) -> Result<Option<String>, Invalid> {
    match item.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => Err(shape()),
    }
}

fn shape() -> Invalid {
    let message = "the body is a JSON array of objects with the member secret, and perhaps url and source";
    Invalid::Request(message.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::kinds;

    /// Every kind of JSON at every position: a report is read whole, or nothing of it is.
    #[test]
    fn every_kind_at_every_position_is_read_or_refused() {
        type Place = fn(&Value) -> Value;
        type Shape = fn(&Value) -> bool;
        let is_line: Shape = |kind| kind.is_null() || kind.is_string();
        let positions: [(Place, Shape); 8] = [
            (Value::clone, |kind| *kind == json!([])),
            (|kind| json!({ "secrets": kind }), |kind| *kind == json!([])),
            (|kind| json!([{"secret": "a"}, kind]), |_| false),
            (|kind| json!([{ "secret": kind }]), Value::is_string),
            (|kind| json!({"secrets": [{ "token": kind }]}), Value::is_string),
            (|kind| json!([{"secret": "a", "url": kind}]), is_line),
            (|kind| json!([{"secret": "a", "source": kind}]), is_line),
            (|kind| json!([{"secret": "a", "type": kind}]), |_| true),
        ];
        for (put, is_right) in positions {
            for kind in kinds() {
                let text = put(&kind).to_string();
                match Found::list(text.as_bytes()) {
                    Ok(_) => assert!(is_right(&kind), "{text}"),
                    Err(Invalid::Request(_)) => assert!(!is_right(&kind), "{text}"),
                    Err(other) => panic!("{text}: {other:?}"),
                }
            }
        }
        let list = r#"[["grt_pat_x", null, null]]"#;
        let both = r#"[{"secret": "a", "token": "b"}]"#;
        let twice = r#"[{"secret": "a", "secret": "b"}]"#;
        let many = json!(vec![json!({"secret": "a"}); MAX_SECRETS + 1]).to_string();
        for text in ["", "{", list, both, twice, &many] {
            assert!(Found::list(text.as_bytes()).is_err(), "{text}");
        }
        let found = Found::list(br#"{"secrets": [{"token": "a", "url": "b", "source": null}]}"#).unwrap();
        assert_eq!((found[0].secret.expose(), found[0].url.as_deref()), ("a", Some("b")));
        assert_eq!(found[0].source, None);
    }
}
