//! The claims of a signed request as parameters (RFC 9101, section 4).

use serde_json::{Map, Value};

use crate::{Invalid, Params};

/// Claims that are about the token, and no parameters.
const ABOUT_ITSELF: [&str; 7] = ["iss", "aud", "exp", "nbf", "iat", "jti", "sub"];
/// Those of them that are texts (RFC 7519, sections 4.1.2 and 4.1.7); the caller checks the others.
const TEXTS_ABOUT_ITSELF: [&str; 2] = ["jti", "sub"];

/// Which kinds of JSON a parameter can be.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    /// A whole number, or the same as a text.
    Number,
    /// A text, or a list of texts, each of which is a parameter (RFC 8707, section 2).
    Texts,
    Object,
    List,
    /// Any type: it is ignored, as unknown parameters are (RFC 6749, section 3.1).
    Unknown,
}

/// The parameters that are read here.
const KNOWN: [(&str, Kind); 28] = [
    ("acr_values", Kind::Text),
    ("authorization_details", Kind::List),
    ("binding_message", Kind::Text),
    ("claims", Kind::Object),
    ("claims_locales", Kind::Text),
    ("client_id", Kind::Text),
    ("client_notification_token", Kind::Text),
    ("code_challenge", Kind::Text),
    ("code_challenge_method", Kind::Text),
    ("display", Kind::Text),
    ("dpop_jkt", Kind::Text),
    ("id_token_hint", Kind::Text),
    ("login_hint", Kind::Text),
    ("login_hint_token", Kind::Text),
    ("max_age", Kind::Number),
    ("nonce", Kind::Text),
    ("prompt", Kind::Text),
    ("redirect_uri", Kind::Text),
    ("request", Kind::Text),
    ("request_uri", Kind::Text),
    ("requested_expiry", Kind::Number),
    ("resource", Kind::Texts),
    ("response_mode", Kind::Text),
    ("response_type", Kind::Text),
    ("scope", Kind::Text),
    ("state", Kind::Text),
    ("ui_locales", Kind::Text),
    ("user_code", Kind::Text),
];

/// Reads the claims that are parameters. An empty text is no value: only a form has parameters without a value
/// (RFC 6749, section 3.1).
///
/// # Errors
/// What `bad` makes of the words, where one is of another kind than its parameter.
pub fn parameters<E: From<Invalid>>(
    claims: &Map<String, Value>,
    bad: impl Fn(&str) -> E,
) -> Result<Params, E> {
    if let Some(name) =
        TEXTS_ABOUT_ITSELF.iter().find(|name| claims.get(**name).is_some_and(|id| !id.is_string()))
    {
        return Err(bad(&format!("'{name}' is {}", Kind::Text.words())));
    }
    let mut parameters = Vec::new();
    for (name, value) in claims.iter().filter(|(name, _)| !ABOUT_ITSELF.contains(&name.as_str())) {
        let known = KNOWN.iter().find(|(known, _)| known == name);
        let kind = known.map_or(Kind::Unknown, |(_, kind)| *kind);
        let texts = kind.read(value).ok_or_else(|| {
            let shown: String = name.chars().filter(char::is_ascii_graphic).take(40).collect();
            bad(&format!("'{shown}' is {}", kind.words()))
        })?;
        parameters.extend(texts.into_iter().map(|text| (name.clone(), text)));
    }
    Ok(Params::new(parameters)?)
}

impl Kind {
    /// The values of the parameter that a claim is; none where it is of another kind.
    fn read(self, value: &Value) -> Option<Vec<String>> {
        match (self, value) {
            (Self::Unknown, Value::String(text)) => Some(vec![text.clone()]),
            (_, Value::String(_)) => Some(vec![not_empty(value)?]),
            (Self::Texts, Value::Array(all)) if !all.is_empty() => all.iter().map(not_empty).collect(),
            (Self::Number, Value::Number(number)) => number.as_u64().map(|number| vec![number.to_string()]),
            (Self::Object, Value::Object(_)) | (Self::List, Value::Array(_)) | (Self::Unknown, _) => {
                Some(vec![value.to_string()])
            }
            (Self::Text | Self::Number | Self::Texts | Self::Object | Self::List, _) => None,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Text => "a text that is not empty",
            Self::Number => "a whole number",
            Self::Texts => "a text that is not empty, or a list of such texts",
            Self::Object => "an object",
            Self::List => "a list",
            Self::Unknown => "not known",
        }
    }
}

fn not_empty(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::kinds;

    fn read(claims: &Map<String, Value>) -> Result<Params, Invalid> {
        parameters(claims, |why| Invalid::Request(why.to_owned()))
    }

    /// Every kind of JSON at every parameter: what is of another kind is refused, and never read as if it were not there.
    #[test]
    fn every_kind_at_every_parameter_is_read_or_refused() {
        for (name, kind) in KNOWN {
            for value in kinds() {
                let is_right = (value.is_string() && value != "")
                    || match kind {
                        Kind::Text | Kind::Unknown => false,
                        Kind::Number => value.is_u64(),
                        Kind::Texts => value == json!(["x"]),
                        Kind::Object => value.is_object(),
                        Kind::List => value.is_array(),
                    };
                let claims = Map::from_iter([(name.to_owned(), value.clone())]);
                match read(&claims) {
                    Ok(params) => {
                        assert!(is_right && params.get(name).is_some(), "{name}: {value}");
                    }
                    Err(Invalid::Request(_)) => assert!(!is_right, "{name}: {value}"),
                    Err(other) => panic!("{name}: {value}: {other:?}"),
                }
            }
        }
    }

    #[test]
    fn identifiers_are_texts() {
        for name in TEXTS_ABOUT_ITSELF {
            for kind in kinds() {
                let claims = Map::from_iter([(name.to_owned(), kind.clone())]);
                assert_eq!(read(&claims).is_ok(), kind.is_string(), "{name}: {kind}");
            }
        }
    }

    #[test]
    fn each_resource_is_a_text() {
        for kind in kinds() {
            let claims = json!({"resource": ["https://api.example", kind]});
            let read = read(claims.as_object().unwrap());
            assert_eq!(read.is_ok(), kind == "x", "{kind}");
        }
        let claims =
            json!({"resource": ["https://a.example", "https://b.example"], "other": {"x": 1}, "exp": null});
        let params = read(claims.as_object().unwrap()).unwrap();
        assert_eq!(params.all("resource").count(), 2);
        assert_eq!((params.get("other"), params.get("exp")), (Some("{\"x\":1}"), None));
    }
}
