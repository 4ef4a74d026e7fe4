//! The parameter `claims` (OpenID Connect Core, section 5.5).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::CLAIMS;
use crate::{Invalid, json};

/// The longest `claims` parameter, in bytes.
const MAX_CLAIMS: usize = 4096;

/// What the parameter asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimsRequest {
    /// The claims that the UserInfo endpoint is to tell.
    pub userinfo: BTreeSet<String>,
    /// The requested claims of the ID token.
    pub id_token: BTreeSet<String>,
    /// The subjects of which one has to sign in; any user, if `None`.
    pub subjects: Option<BTreeSet<String>>,
    /// The levels of authentication of which one has to be reached.
    pub essential_acr: Vec<String>,
    /// The levels of authentication of which one is wanted (section 5.5.1.1).
    pub voluntary_acr: Vec<String>,
}

impl ClaimsRequest {
    /// Reads the parameter. Members and claims that are not known are ignored, as section 5.5 demands.
    ///
    /// # Errors
    /// [`Invalid::Request`] where it is too long, is no JSON, or has another form than section 5.5 gives it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() > MAX_CLAIMS {
            return Err(bad(&format!("it has at most {MAX_CLAIMS} bytes")));
        }
        let members = json::object(text.as_bytes()).map_err(|error| bad(&error.to_string()))?;
        let userinfo = wishes(&members, "userinfo")?;
        let id_token = wishes(&members, "id_token")?;
        let (essential_acr, voluntary_acr) = levels(&id_token)?;
        Ok(Self {
            subjects: narrowed(subjects(&userinfo)?, subjects(&id_token)?)?,
            userinfo: known(&userinfo),
            id_token: known(&id_token),
            essential_acr,
            voluntary_acr,
        })
    }

    /// The names of all claims that are asked for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.userinfo.union(&self.id_token).map(String::as_str)
    }
}

/// Returns the subjects that two demands both allow.
///
/// # Errors
/// [`Invalid::Request`] where the demands exclude each other.
pub fn narrowed(
    one: Option<BTreeSet<String>>,
    other: Option<BTreeSet<String>>,
) -> Result<Option<BTreeSet<String>>, Invalid> {
    let both = match (one, other) {
        (Some(one), Some(other)) => one.intersection(&other).cloned().collect(),
        (one, other) => return Ok(one.or(other)),
    };
    if BTreeSet::is_empty(&both) {
        return Err(Invalid::Request("the request demands two different people".to_owned()));
    }
    Ok(Some(both))
}

fn bad(why: &str) -> Invalid {
    Invalid::Request(format!("the parameter 'claims' is not right: {why}"))
}

/// How one claim is asked for (section 5.5.1).
#[derive(Default)]
struct Wish {
    essential: bool,
    /// The values of which one is asked for; of any kind, and none where any will do.
    values: Vec<Value>,
}

fn wishes(members: &Map<String, Value>, place: &str) -> Result<BTreeMap<String, Wish>, Invalid> {
    match members.get(place) {
        None => Ok(BTreeMap::new()),
        Some(Value::Object(claims)) => {
            claims.iter().map(|(name, asked)| Ok((name.clone(), Wish::read(name, asked)?))).collect()
        }
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            Err(bad(&format!("'{place}' is an object")))
        }
    }
}

impl Wish {
    fn read(name: &str, asked: &Value) -> Result<Self, Invalid> {
        let name: String = name.chars().filter(char::is_ascii_graphic).take(40).collect();
        let asked = match asked {
            Value::Null => return Ok(Self::default()),
            Value::Object(asked) => asked,
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                return Err(bad(&format!("'{name}' is null or an object")));
            }
        };
        let essential = match asked.get("essential") {
            None => false,
            Some(Value::Bool(essential)) => *essential,
            Some(_) => return Err(bad(&format!("'essential' of '{name}' is true or false"))),
        };
        let values = match (asked.get("value"), asked.get("values")) {
            (None, None) => Vec::new(),
            (Some(value), None) => vec![value.clone()],
            (None, Some(Value::Array(values))) if !values.is_empty() => values.clone(),
            (None, Some(_)) => return Err(bad(&format!("'values' of '{name}' is a list with values"))),
            (Some(_), Some(_)) => return Err(bad(&format!("'{name}' has 'value' or 'values', not both"))),
        };
        Ok(Self { essential, values })
    }

    /// The values of a claim that is a text.
    fn texts(&self, name: &str) -> Result<Vec<String>, Invalid> {
        let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let texts: Option<Vec<String>> = self.values.iter().map(text).collect();
        texts.ok_or_else(|| bad(&format!("the value of '{name}' is a text")))
    }
}

fn known(wishes: &BTreeMap<String, Wish>) -> BTreeSet<String> {
    let names = CLAIMS.iter().map(|claim| claim.name).filter(|name| wishes.contains_key(*name));
    names.map(str::to_owned).collect()
}

/// Returns the subjects that the claim `sub` allows.
fn subjects(wishes: &BTreeMap<String, Wish>) -> Result<Option<BTreeSet<String>>, Invalid> {
    let texts = wishes.get("sub").map(|sub| sub.texts("sub")).transpose()?.unwrap_or_default();
    Ok((!texts.is_empty()).then(|| texts.into_iter().collect()))
}

/// The levels that the claim `acr` asks for: those that are essential, and those that are not.
fn levels(id_token: &BTreeMap<String, Wish>) -> Result<(Vec<String>, Vec<String>), Invalid> {
    let Some(acr) = id_token.get("acr") else { return Ok((Vec::new(), Vec::new())) };
    let levels = acr.texts("acr")?;
    Ok(if acr.essential { (levels, Vec::new()) } else { (Vec::new(), levels) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::kinds;

    #[test]
    fn reads_what_is_asked_for_one_by_one() {
        let text = r#"{"userinfo":{"email":{"essential":true},"picture":null},"verified_claims":[1],
            "id_token":{"name":null,"acr":{"essential":true,"values":["a","b"]},"sub":{"value":"x"}}}"#;
        let request = ClaimsRequest::parse(text).unwrap();
        assert_eq!(request.userinfo, BTreeSet::from(["email".to_owned()]));
        assert_eq!(request.id_token, BTreeSet::from(["name".to_owned()]));
        assert_eq!(request.essential_acr, ["a", "b"]);
        assert_eq!(request.subjects, Some(BTreeSet::from(["x".to_owned()])));
        assert_eq!(request.names().collect::<Vec<_>>(), ["email", "name"]);
        assert_eq!(ClaimsRequest::parse("{}").unwrap(), ClaimsRequest::default());
        let voluntary = ClaimsRequest::parse(r#"{"id_token":{"acr":{"value":"a"}}}"#).unwrap();
        assert_eq!((voluntary.voluntary_acr, voluntary.essential_acr), (vec!["a".to_owned()], vec![]));
        let both = r#"{"userinfo":{"sub":{"values":["x","y"]}},"id_token":{"sub":{"values":["y","z"]}}}"#;
        assert_eq!(ClaimsRequest::parse(both).unwrap().subjects, Some(BTreeSet::from(["y".to_owned()])));
    }

    /// Every kind of JSON at every position: what has another form than section 5.5 gives it is refused, and never read as
    /// if nothing had been asked for.
    #[test]
    fn every_kind_at_every_position_is_read_or_refused() {
        type Shape = fn(&Value) -> bool;
        type Place = fn(&Value) -> Value;
        let any: Shape = |_| true;
        let positions: [(&str, Place, Shape); 12] = [
            ("whole", Value::clone, |kind| kind.is_object()),
            ("unknown member", |kind| json!({"other": kind}), any),
            (
                "userinfo",
                |kind| json!({"userinfo": kind}),
                |kind| {
                    // Unknown claims are ignored, but their values must be null or an object.
                    let is_claim = |claim: &Value| claim.is_null() || claim.is_object();
                    kind.as_object().is_some_and(|claims| claims.values().all(is_claim))
                },
            ),
            (
                "a claim",
                |kind| json!({"userinfo": {"email": kind}}),
                |kind| kind.is_null() || kind.is_object(),
            ),
            (
                "unknown claim",
                |kind| json!({"id_token": {"x": kind}}),
                |kind| kind.is_null() || kind.is_object(),
            ),
            ("essential", |kind| json!({"userinfo": {"email": {"essential": kind}}}), Value::is_boolean),
            ("value", |kind| json!({"userinfo": {"email_verified": {"value": kind}}}), any),
            (
                "values",
                |kind| json!({"userinfo": {"updated_at": {"values": kind}}}),
                |kind| kind.as_array().is_some_and(|values| !values.is_empty()),
            ),
            ("sub", |kind| json!({"userinfo": {"sub": {"value": kind}}}), |kind| *kind == json!("x")),
            (
                "sub values",
                |kind| json!({"id_token": {"sub": {"values": kind}}}),
                |kind| *kind == json!(["x"]),
            ),
            ("acr", |kind| json!({"id_token": {"acr": {"value": kind}}}), |kind| *kind == json!("x")),
            (
                "acr values",
                |kind| json!({"id_token": {"acr": {"values": [kind]}}}),
                |kind| *kind == json!("x"),
            ),
        ];
        for (position, put, is_right) in positions {
            for kind in &kinds() {
                let text = put(kind).to_string();
                let read = ClaimsRequest::parse(&text);
                assert_eq!(read.is_ok(), is_right(kind), "{position}: {text}");
                assert!(matches!(read, Ok(_) | Err(Invalid::Request(_))), "{text}");
            }
        }
        let long = format!("{{\"x\":\"{}\"}}", "y".repeat(MAX_CLAIMS));
        let both = r#"{"userinfo":{"email":{"value":1,"values":[1]}}}"#;
        let two = r#"{"userinfo":{"sub":{"value":"x"}},"id_token":{"sub":{"value":"y"}}}"#;
        let twice = r#"{"userinfo":{"name":null},"userinfo":{"email":null}}"#;
        for text in ["", "[]", "{", "{}{}", "null", &long, both, two, twice] {
            assert!(matches!(ClaimsRequest::parse(text), Err(Invalid::Request(_))), "{text}");
        }
    }
}
