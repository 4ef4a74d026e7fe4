use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The claim `aud`: one audience as a string, several as a list (RFC 7519, section 4.1.3).
#[derive(Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Audience {
    /// One audience.
    One(String),
    /// Several, or a list of one.
    Many(Vec<String>),
}

impl Audience {
    /// Reads the claim of a token, where it has one.
    ///
    /// # Errors
    /// Where it is neither a text nor a list of texts.
    pub fn from_claims(claims: &Map<String, Value>) -> Result<Option<Self>, serde_json::Error> {
        claims.get("aud").map(Self::deserialize).transpose()
    }

    /// Whether one of them is meant.
    pub fn includes(&self, is_meant: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::One(one) => is_meant(one),
            Self::Many(all) => all.iter().any(|one| is_meant(one)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::kinds;

    #[test]
    fn an_audience_is_a_text_or_a_list_of_texts() {
        for kind in kinds() {
            let is_right =
                kind.is_string() || kind.as_array().is_some_and(|all| all.iter().all(Value::is_string));
            let claims = Map::from_iter([("aud".to_owned(), kind.clone())]);
            assert_eq!(Audience::from_claims(&claims).is_ok(), is_right, "{kind}");
            let beside = Map::from_iter([("aud".to_owned(), json!(["ours", kind.clone()]))]);
            assert_eq!(Audience::from_claims(&beside).is_ok(), kind.is_string(), "{kind}");
        }
        assert_eq!(Audience::from_claims(&Map::new()).unwrap(), None);
        let ours = |one: &str| one == "ours";
        assert!(Audience::Many(vec!["other".to_owned(), "ours".to_owned()]).includes(ours));
        assert!(
            !Audience::Many(Vec::new()).includes(ours) && !Audience::One("our".to_owned()).includes(ours)
        );
    }
}
