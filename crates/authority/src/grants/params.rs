use std::collections::BTreeMap;

use crate::{Fault, Scopes};

/// The parameters of an OAuth request; each is there once (RFC 6749, section 3.2). An empty one counts as left out.
#[derive(Default)]
pub struct Params(BTreeMap<String, String>);

impl Params {
    /// Takes parameters in the order in which they came.
    ///
    /// # Errors
    /// [`Fault::InvalidRequest`] where one is there twice.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, Fault> {
        let mut params = BTreeMap::new();
        for (name, value) in pairs {
            if params.contains_key(&name) {
                let name: String = name.chars().filter(char::is_ascii_graphic).take(40).collect();
                return Err(Fault::InvalidRequest(format!("the parameter '{name}' is there more than once")));
            }
            params.insert(name, value);
        }
        Ok(Self(params))
    }

    /// A parameter, where it has a value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A parameter that must have a value.
    ///
    /// # Errors
    /// [`Fault::InvalidRequest`] where it has none.
    pub fn required(&self, name: &str) -> Result<&str, Fault> {
        self.get(name).ok_or_else(|| Fault::InvalidRequest(format!("the parameter '{name}' is missing")))
    }

    /// The permissions asked for.
    pub fn scopes(&self) -> Result<Scopes, Fault> {
        Scopes::parse(self.get("scope").unwrap_or_default())
    }
}
