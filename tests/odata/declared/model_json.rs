//! The model as JSON: the members of the documented system in their order, then ours; and each method as it says.

use std::fmt;

use reqwest::Method;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Value, json};

use super::super::writing::address;

/// JSON whose objects keep the order of their members.
enum Tree {
    Object(Vec<(String, Self)>),
    List(Vec<Self>),
    Other,
}

impl Tree {
    fn names(&self) -> Vec<&str> {
        let Self::Object(members) = self else { panic!("an object is expected") };
        members.iter().map(|(name, _)| name.as_str()).collect()
    }

    fn member(&self, wanted: &str) -> &Self {
        let Self::Object(members) = self else { panic!("an object is expected") };
        let found = members.iter().find(|(name, _)| name == wanted);
        found.map(|(_, tree)| tree).unwrap_or_else(|| panic!("{wanted} is missing"))
    }

    fn items(&self) -> &[Self] {
        let Self::List(items) = self else { panic!("a list is expected") };
        items
    }

    /// Checks that an object begins with these members, in their order.
    fn begins(&self, wanted: &str) {
        let wanted: Vec<_> = wanted.split_whitespace().collect();
        assert_eq!(self.names().into_iter().take(wanted.len()).collect::<Vec<_>>(), wanted);
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Tree, E> {
        Ok(Tree::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Tree, E> {
        Ok(Tree::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Tree, E> {
        Ok(Tree::Other)
    }

    fn visit_str<E>(self, _: &str) -> Result<Tree, E> {
        Ok(Tree::Other)
    }
}

const REPOSITORY: &str = "Name TableName RepositoryName LocalizedName LocalizedDescription IsAggregateRoot AggregateParent \
    AggregateRoot ObjectType Category UIVisibility Attributes References ChildCollections Methods";
const ATTRIBUTE: &str = "Name ColumnName Type LocalizedName LocalizedDescription IsCustomProperty \
    IsCalculatedDataAttribute SupportsAllowedValues LimitToAllowedValues CategoryId CategoryLocalizedName IsBlob SupportsSet \
    ReadOnly IsPersistent BaseInfo enumValues";
const REFERENCE: &str = "Name ColumnName Type LocalizedName LocalizedDescription ReferencedEntitySet ReferencedType CategoryId \
    CategoryLocalizedName ReadOnly IsOwnership IsFilterable IsAggregateParent BaseInfo";
const COLLECTION: &str =
    "Name LocalizedName LocalizedDescription ReadOnly DefaultVisibleIndex ChildObjectType ChildEntitySet";
const METHOD: &str = "Name Namespace EntitySetPath ReturnType IsAction Parameters";
const BASE_INFO: &str = "RepositoryName Nullable Orderable Indexed MaxLength SupportedFilters IsFilterableReference \
    AllowTrackChanges DefaultValueType DateTimeUtc BaseTableName BaseColumnName Description UIVisibility Options Subtype";

on_both_engines! {
    fn members_have_the_documented_order(server: &mut Server) {
        let admin = &server.world().admin.pat;
        for (path, token) in [("standardmodel", None), ("currentmodel", Some(admin.as_str()))] {
            for entity in model::entities() {
                let path = format!("/api/domain/{path}/{}", entity.set_name());
                let text = server.get(&path, token).send().unwrap().text().unwrap();
                let repository: Tree = serde_json::from_str(&text).unwrap();
                repository.begins(REPOSITORY);
                for (all, wanted) in [
                    ("Attributes", ATTRIBUTE),
                    ("References", REFERENCE),
                    ("ChildCollections", COLLECTION),
                    ("Methods", METHOD),
                ] {
                    repository.member(all).items().iter().for_each(|one| one.begins(wanted));
                }
                let (attributes, references) = (repository.member("Attributes"), repository.member("References"));
                for one in attributes.items().iter().chain(references.items()) {
                    one.member("BaseInfo").begins(BASE_INFO);
                }
            }
        }
        let users: Value =
            server.get("/api/domain/standardmodel/Systems_Security_Users", None).send().unwrap().json().unwrap();
        let of = |name: &str| users["Attributes"].as_array().unwrap().iter().find(|one| one["Name"] == name).unwrap();
        assert_eq!(of("Login")["BaseInfo"]["Subtype"], "String_UserLogin");
        assert_eq!((&of("EmailConfirmed")["SupportsSet"], &of("EmailConfirmed")["ReadOnly"]), (&json!(false), &json!(true)));
        assert_eq!((&of("Email")["SupportsSet"], &of("Email")["ReadOnly"]), (&json!(true), &json!(false)));
    }

    /// A method that says when it is not served is refused so, and every other one is known.
    fn methods_are_served_as_the_model_says(server: &mut Server) {
        let admin = &server.world().admin.pat;
        for entity in model::entities() {
            let set = entity.set_name();
            let Some(row) = server.rows(&format!("{set}?$top=1&$select=Id"), admin).first().cloned() else { continue };
            let model: Value =
                server.get(&format!("/api/domain/currentmodel/{set}"), Some(admin)).send().unwrap().json().unwrap();
            for method in model["Methods"].as_array().unwrap() {
                let path = format!("{}/{}", address(&set, row["Id"].as_str().unwrap()), method["Name"].as_str().unwrap());
                let verb = if method["IsAction"] == true { Method::POST } else { Method::GET };
                // Refused for the parameter, if the method is served.
                let body = if verb == Method::POST { json!({ "NoSuchParameter": 1 }) } else { Value::Null };
                let answer = server.write(&verb, &path, &[], &body, admin);
                assert_eq!(answer.status, if method["NotYet"].is_null() { 400 } else { 501 }, "{path}: {}", answer.body);
            }
        }
    }
}
