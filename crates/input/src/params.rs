use std::collections::BTreeMap;

use crate::{Invalid, Secret};

/// The parameters of an OAuth request; each is there once (RFC 6749, section 3.2) but for those that may be repeated.
/// An empty one counts as left out. Any of them may be a secret: passwords of clients, codes, tokens, assertions.
#[derive(Clone, Default)]
pub struct Params(BTreeMap<String, Vec<Secret>>);

/// Those that may be there more than once (RFC 8707, section 2; RFC 8693, section 2.1).
const REPEATABLE: [&str; 2] = ["resource", "audience"];

impl Params {
    /// Takes parameters in the order in which they came.
    ///
    /// # Errors
    /// [`Invalid::Request`] where one is there twice.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, Invalid> {
        let mut params: BTreeMap<String, Vec<Secret>> = BTreeMap::new();
        for (name, value) in pairs {
            if params.contains_key(&name) && !REPEATABLE.contains(&name.as_str()) {
                let name: String = name.chars().filter(char::is_ascii_graphic).take(40).collect();
                return Err(Invalid::Request(format!("the parameter '{name}' is there more than once")));
            }
            params.entry(name).or_default().push(Secret::from(value));
        }
        Ok(Self(params))
    }

    /// A parameter, where it has a value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every value of a parameter that may be repeated.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(Secret::expose).filter(|value| !value.is_empty())
    }

    /// All of them, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.expose())))
    }

    /// A parameter that must have a value.
    ///
    /// # Errors
    /// [`Invalid::Request`] where it has none.
    pub fn required(&self, name: &str) -> Result<&str, Invalid> {
        self.get(name).ok_or_else(|| Invalid::Request(format!("the parameter '{name}' is missing")))
    }
}
