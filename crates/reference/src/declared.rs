//! What the program declares of itself, as plain values.

use model::Entity;
use serde_json::Value;

use crate::http::{Body, Endpoint, Field};
use crate::introspection::Schema;

/// Everything public, as it is declared.
pub struct Declared {
    /// The version of the program.
    pub version: String,
    /// The address of the server that examples are about, without a slash at its end.
    pub base_url: String,
    /// The entities of the registry.
    pub entities: Vec<&'static Entity>,
    /// The description of the OData service (CSDL JSON).
    pub csdl: Value,
    /// The GraphQL schema.
    pub schema: Schema,
    /// The same in the schema definition language.
    pub sdl: String,
    /// The permissions.
    pub scopes: Vec<Scope>,
    /// The guide to the errors, whose tables have each of them.
    pub errors: &'static str,
    /// The commands: the program itself first.
    pub commands: Vec<Command>,
    /// The configuration as JSON Schema.
    pub configuration: Value,
    /// The sections of the configuration, in the order of the page.
    pub configuration_sections: Vec<ConfigurationSection>,
    /// The endpoints over HTTP.
    pub endpoints: Vec<Endpoint>,
    /// What the program sends by itself.
    pub events: Vec<Event>,
    /// What the program measures of itself.
    pub metrics: Vec<Metric>,
}

/// A section of the configuration.
#[derive(Debug)]
pub struct ConfigurationSection {
    /// The heading.
    pub title: String,
    /// The keys of its settings.
    pub keys: Vec<String>,
}

/// A permission.
#[derive(Debug)]
pub struct Scope {
    /// The name.
    pub name: String,
    /// What it allows.
    pub description: String,
}

/// A command of the command line.
#[derive(Debug)]
pub struct Command {
    /// The whole name: `grantor token create`.
    pub name: String,
    /// What it does.
    pub about: String,
    /// How it is called.
    pub usage: String,
    /// What its help says below the options.
    pub after: String,
    /// Its options and arguments.
    pub options: Vec<CommandOption>,
}

/// An option or argument of a command.
#[derive(Debug)]
pub struct CommandOption {
    /// As it is written: `--scope <SCOPE>`.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The value where it is left out.
    pub default: Option<String>,
    /// The variable of the environment that stands for it.
    pub environment: Option<String>,
    /// The values that it can have, where they are listed.
    pub values: Vec<String>,
}

/// A message that the program sends to others.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// The name that programs give to it.
    pub id: &'static str,
    /// The name that people give to it.
    pub title: &'static str,
    /// When it is sent, in a sentence.
    pub summary: &'static str,
    /// What there is to know besides.
    pub description: &'static str,
    /// What is sent.
    pub body: Body,
    /// The claims of the signed token in it; none where it has no token.
    pub claims: &'static [Field],
}

/// A number that the program tells of itself.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// The name, without what the format adds for its kind.
    pub name: &'static str,
    /// What kind of number it is.
    pub kind: MetricKind,
    /// The unit, with which the name ends; empty where it counts things.
    pub unit: &'static str,
    /// What it is, in a sentence.
    pub help: &'static str,
    /// What its series are told apart by.
    pub labels: &'static [MetricLabel],
}

/// What kind of number a metric is (`OpenMetrics`, section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// One that only grows.
    Counter,
    /// One that goes up and down.
    Gauge,
    /// How many of what is measured lie in which range.
    Histogram,
    /// No number, but what its labels say.
    Info,
}

/// What the series of a metric are told apart by.
#[derive(Clone, Copy, Debug)]
pub struct MetricLabel {
    /// The name.
    pub name: &'static str,
    /// What it says.
    pub description: &'static str,
    /// The values that it can have.
    pub values: fn() -> Vec<String>,
}
