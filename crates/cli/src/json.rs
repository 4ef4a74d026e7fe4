//! JSON whose objects keep the order in which the server wrote them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Returns a member of an object.
    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        self.members().iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// Returns the text of a member, if it is a string.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Self::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Returns the members of an object; other values have none.
    pub(crate) fn members(&self) -> &[(String, Json)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// Returns the members that are no annotations.
    pub(crate) fn data(&self) -> impl Iterator<Item = (&str, &Json)> {
        let members = self.members().iter().filter(|(name, _)| !name.contains('@'));
        members.map(|(name, value)| (name.as_str(), value))
    }

    /// Formats the value in one line: a nested object by its display text or id, several values separated by commas.
    pub(crate) fn summary(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Bool(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::Text(text) => text.clone(),
            Self::Array(items) => items.iter().map(Self::summary).collect::<Vec<_>>().join(", "),
            Self::Object(_) => {
                let names = ["DisplayText", "Name", "Id", "@odata.id"];
                let known = names.iter().find_map(|name| self.text(name)).map(str::to_owned);
                known.or_else(|| serde_json::to_string(self).ok()).unwrap_or_default()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(serde_json::Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element()? {
            array.push(item);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Json::Object(object))
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => value.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Array(items) => items.serialize(serializer),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Json {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_order_of_members_is_kept() {
        let text = r#"{"z":1,"a":[true,null,-2,1.5,"x"],"m":{"b":{},"a":18446744073709551615}}"#;
        assert_eq!(serde_json::to_string(&parse(text)).unwrap(), text);
    }

    #[test]
    fn nested_objects_are_shown_by_what_names_them() {
        let summary = |text: &str| parse(text).summary();
        assert_eq!(summary(r#"{"@odata.id":"S(1)"}"#), "S(1)");
        assert_eq!(summary(r#"{"@odata.id":"S(1)","Name":"n","DisplayText":"d"}"#), "d");
        assert_eq!(summary(r#"[{"Name":"n"},2,"x"]"#), "n, 2, x");
        assert_eq!(summary(r#"{"Scope":"read"}"#), r#"{"Scope":"read"}"#);
        assert_eq!(summary("null"), "");
    }

    #[test]
    fn annotations_are_not_data() {
        let value = parse(r#"{"@odata.id":"S(1)","A":1,"B@odata.count":2}"#);
        assert_eq!(value.data().map(|(name, _)| name).collect::<Vec<_>>(), ["A"]);
        assert_eq!(value.text("@odata.id"), Some("S(1)"));
        assert_eq!(value.text("A"), None);
    }
}
