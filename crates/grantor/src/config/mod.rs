//! What an operator sets: defaults, then the configuration file, then the environment, then flags.
//!
//! Each subject has a file: its keys with what they mean and their defaults, what holds between them, and what is made
//! of them. The doc comments are the reference of the configuration.

mod apis;
mod lifetimes;
mod listen;
mod mail;
mod network;
mod program;
mod sign_in;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context as _, bail};
use authority::Settings;
use figment2::Figment;
use figment2::providers::{Env, Format as _, Serialized, Toml};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub(crate) use apis::Apis;
pub(crate) use lifetimes::Lifetimes;
pub(crate) use listen::Listen;
pub(crate) use mail::Mail;
pub(crate) use network::Network;
pub(crate) use program::{LogFormat, Program};
pub(crate) use sign_in::SignIn;

/// What is set before the key of a setting in the environment.
const PREFIX: &str = "GRANTOR_";

/// The configuration by subject. In a file, and in the environment, the keys of all subjects stand beside each other.
#[derive(Default)]
pub(crate) struct Config {
    /// What the program works on.
    pub(crate) program: Program,
    /// How it is reached.
    pub(crate) network: Network,
    /// How long what it gives is valid.
    pub(crate) lifetimes: Lifetimes,
    /// How people and applications prove who they are.
    pub(crate) sign_in: SignIn,
    /// The mail server.
    pub(crate) mail: Mail,
    /// How much the APIs answer.
    pub(crate) apis: Apis,
}

/// What can be set about one subject.
trait Subject: Default + DeserializeOwned + JsonSchema + Serialize {
    /// Checks what no type says and no schema.
    ///
    /// # Errors
    /// Names the key.
    fn check(&self) -> anyhow::Result<()>;

    /// Tells the authority.
    fn tell(&self, settings: &mut Settings);
}

/// Adds the keys of a subject to a schema, each with its default.
fn describe<S: Subject>(
    properties: &mut Map<String, Value>,
    definitions: &mut Map<String, Value>,
) -> anyhow::Result<()> {
    let mut schema = serde_json::to_value(schemars::schema_for!(S))?;
    let defaults = serde_json::to_value(S::default())?;
    let members = |value: Value| match value {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    for (key, mut property) in members(schema["properties"].take()) {
        property["default"] = defaults[&key].clone();
        properties.insert(key, property);
    }
    definitions.extend(members(schema["$defs"].take()));
    Ok(())
}

/// The configuration as JSON Schema (2020-12), with the defaults. No key is required, for every one has a default.
///
/// # Errors
/// If the program cannot describe itself, which would be a fault of its own.
pub(crate) fn schema() -> anyhow::Result<Value> {
    let (mut properties, mut definitions) = (Map::new(), Map::new());
    let describe_each = [
        describe::<Program>,
        describe::<Network>,
        describe::<Lifetimes>,
        describe::<SignIn>,
        describe::<Mail>,
        describe::<Apis>,
    ];
    for describe in describe_each {
        describe(&mut properties, &mut definitions)?;
    }
    Ok(serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Grantor",
        "description": "The configuration. In a file, the keys are written as here; in the environment with `GRANTOR_` before them.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "$defs": definitions,
    }))
}

/// Whether a setting is a text, which the environment has as it is: a password of digits is no number.
fn is_text(property: &Value) -> bool {
    let of = &property["type"];
    of == "string" || of.as_array().is_some_and(|types| types.iter().any(|one| one == "string"))
}

/// Refuses a key that there is none of.
fn know_all(figment: &Figment, properties: &Map<String, Value>) -> anyhow::Result<()> {
    let given: figment2::value::Dict = figment.extract()?;
    let Some(key) = given.keys().find(|key| !properties.contains_key(*key)) else { return Ok(()) };
    let source = figment.find_metadata(key).and_then(|found| found.source.as_ref());
    let source = source.map(|source| format!(" in {source}")).unwrap_or_default();
    let meant = model::nearest(key, properties.keys().map(String::as_str));
    let meant = meant.map(|name| format!("; did you mean '{name}'?")).unwrap_or_default();
    bail!("there is no setting '{key}'{source}{meant}")
}

/// Checks that no number is below what its schema allows.
fn check_numbers<S: Subject>(subject: &S, properties: &Map<String, Value>) -> anyhow::Result<()> {
    let Value::Object(values) = serde_json::to_value(subject)? else { return Ok(()) };
    for (key, value) in values {
        let least = properties.get(&key).and_then(|property| property["minimum"].as_i64());
        if let (Some(least), Some(value)) = (least, value.as_i64())
            && value < least
        {
            bail!("{key} is a whole number of at least {least}, not {value}");
        }
    }
    Ok(())
}

/// Reads what was set about a subject, and checks it.
fn read<S: Subject>(figment: &Figment, properties: &Map<String, Value>) -> anyhow::Result<S> {
    let subject: S = figment.extract()?;
    check_numbers(&subject, properties)?;
    subject.check()?;
    Ok(subject)
}

impl Config {
    /// Reads the configuration; `flags` are those of the command line.
    ///
    /// # Errors
    /// Names the key and the place it comes from.
    pub(crate) fn load(file: Option<&Path>, flags: &impl Serialize) -> anyhow::Result<Self> {
        let schema = schema()?;
        let properties = schema["properties"].as_object().context("the configuration has keys")?;
        let defaults: Map<_, _> =
            properties.iter().map(|(key, property)| (key.clone(), property["default"].clone())).collect();
        let mut figment = Figment::from(Serialized::defaults(defaults));
        if let Some(file) = file {
            figment = figment.merge(Toml::file(file).search(false).required(true));
        }
        let (texts, others): (Vec<&str>, Vec<&str>) =
            properties.keys().map(String::as_str).partition(|key| is_text(&properties[*key]));
        let as_it_is = Env::prefixed(PREFIX).parser(|text| text.to_owned().into());
        let figment = figment
            .merge(as_it_is.only(&texts))
            .merge(Env::prefixed(PREFIX).only(&others))
            .merge(Serialized::defaults(flags));
        know_all(&figment, properties)?;
        let config = Self {
            program: read(&figment, properties)?,
            network: read(&figment, properties)?,
            lifetimes: read(&figment, properties)?,
            sign_in: read(&figment, properties)?,
            mail: read(&figment, properties)?,
            apis: read(&figment, properties)?,
        };
        config.check()?;
        Ok(config)
    }

    /// Checks what holds between subjects.
    fn check(&self) -> anyhow::Result<()> {
        let listen = self.network.listen.address().ip();
        if self.program.demo && !listen.is_loopback() {
            bail!(
                "the demonstration world is for this computer alone: --demo needs a loopback address such as 127.0.0.1, not {listen}"
            );
        }
        self.network.check_reachable()
    }

    /// What the authority needs to know; `listening` is the address on which the program really listens.
    pub(crate) fn settings(&self, listening: SocketAddr) -> Settings {
        let mut settings = Settings::new(self.network.url(listening));
        self.program.tell(&mut settings);
        self.network.tell(&mut settings);
        self.lifetimes.tell(&mut settings);
        self.sign_in.tell(&mut settings);
        self.mail.tell(&mut settings);
        self.apis.tell(&mut settings);
        settings
    }
}
