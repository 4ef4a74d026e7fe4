//! The declarations of the program, as plain values.

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
    /// The messages that the program sends.
    pub events: Vec<Event>,
    /// The metrics.
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
    /// The text of its help below the options.
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
    /// The environment variable with its value.
    pub environment: Option<String>,
    /// The values that it can have, where they are listed.
    pub values: Vec<String>,
}

/// A message that the program sends to others.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// The identifier for generated clients.
    pub id: &'static str,
    /// The title.
    pub title: &'static str,
    /// When it is sent, in a sentence.
    pub summary: &'static str,
    /// Further information.
    pub description: &'static str,
    /// What is sent.
    pub body: Body,
    /// The claims of the signed token in it; none where it has no token.
    pub claims: &'static [Field],
}

/// A metric of the program.
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
    /// The labels of its series.
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
    /// Only labels, without a number.
    Info,
}

/// A label of a metric.
#[derive(Clone, Copy, Debug)]
pub struct MetricLabel {
    /// The name.
    pub name: &'static str,
    /// The meaning of its values.
    pub description: &'static str,
    /// The values that it can have.
    pub values: fn() -> Vec<String>,
}
