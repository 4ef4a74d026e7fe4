//! The configuration: defaults, then the configuration file, then the environment, then flags.
//!
//! A setting is declared once, as a field of its section in the crate that uses it: key, type, default, range, and the
//! text of the reference and of `--help`. Sections that only the program uses are in this module.

mod flags;
mod listen;
mod mail;
mod network;
mod program;
mod schema;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::Path;

use anyhow::bail;
use authority::{ClientSettings, Lifetimes, PageSizes, Retention, Settings, SignInSettings};
use figment2::Figment;
use figment2::providers::{Env, Format as _, Serialized, Toml};
use graphql::{DocumentSettings, Limits};
use serde::Serialize;
use serde_json::{Map, Value};
use web::connections::ConnectionSettings;
use web::rate_limit::RateLimitSettings;
use web::upstream::{ProviderConfig, UpstreamSettings};

pub(crate) use flags::{FlagSet, Flags};
pub(crate) use listen::Listen;
pub(crate) use mail::Mail;
pub(crate) use network::Network;
pub(crate) use program::{LogFormat, Program};
pub(crate) use schema::{Section, schema, sections};

/// The prefix of a key in the environment.
const PREFIX: &str = "GRANTOR_";

/// Declares the sections of the configuration, in the order of the reference.
macro_rules! sections {
    ($($name:ident: $section:ty,)*) => {
        /// The configuration by section. The sources have the keys of all sections side by side.
        #[derive(Default)]
        pub(crate) struct Config {
            $(pub(crate) $name: $section,)*
        }

        impl Config {
            /// Reads each section.
            fn extract(figment: &Figment) -> anyhow::Result<Self> {
                Ok(Self { $($name: figment.extract()?,)* })
            }

            /// Describes each section.
            fn describe() -> Vec<Section> {
                vec![$(Section::new::<$section>()),*]
            }

            /// Returns the value of each setting.
            #[cfg(test)]
            fn values(&self) -> Map<String, Value> {
                let mut values = Map::new();
                for section in [$(serde_json::to_value(&self.$name).unwrap()),*] {
                    values.extend(section.as_object().unwrap().clone());
                }
                values
            }
        }
    };
}

sections! {
    program: Program,
    network: Network,
    connections: ConnectionSettings,
    sign_in: SignInSettings,
    upstream: UpstreamSettings,
    clients: ClientSettings,
    lifetimes: Lifetimes,
    retention: Retention,
    mail: Mail,
    odata: PageSizes,
    graphql: Limits,
    documents: DocumentSettings,
    rate_limits: RateLimitSettings,
}

impl Config {
    /// Reads the configuration; `flags` are those of the command line.
    ///
    /// # Errors
    /// Names the key and its source.
    pub(crate) fn load(file: Option<&Path>, flags: &impl Serialize) -> anyhow::Result<Self> {
        let properties = schema::properties();
        let mut figment = defaults(&properties);
        if let Some(file) = file {
            figment = figment.merge(Toml::file(file).search(false).required(true));
        }
        let (texts, others): (Vec<&str>, Vec<&str>) =
            properties.keys().map(String::as_str).partition(|key| schema::is_text(&properties[*key]));
        let verbatim = Env::prefixed(PREFIX).parser(|text| text.to_owned().into());
        let figment = figment
            .merge(verbatim.only(&texts))
            .merge(Env::prefixed(PREFIX).only(&others))
            .merge(Serialized::defaults(flags));
        reject_unknown_keys(&figment, &properties)?;
        let config = Self::extract(&figment)?;
        check_ranges(&figment.extract()?, &properties)?;
        config.check()?;
        Ok(config)
    }

    /// Checks what types and ranges do not express.
    fn check(&self) -> anyhow::Result<()> {
        let listen = self.network.listen.address().ip();
        if self.program.demo && !listen.is_loopback() {
            bail!(
                "--demo needs a loopback address such as 127.0.0.1, not {listen}: the demonstration data has known passwords"
            );
        }
        self.program.prefix()?;
        self.network.check()?;
        self.sign_in.check().map_err(anyhow::Error::msg)?;
        self.odata.check().map_err(anyhow::Error::msg)?;
        self.upstream.check()?;
        self.documents.check()
    }

    /// Returns the settings of the authority; `listening` is the address on which the server listens.
    pub(crate) fn settings(&self, listening: SocketAddr) -> Settings {
        Settings {
            lifetimes: self.lifetimes.clone(),
            sign_in: self.sign_in.clone(),
            clients: self.clients.clone(),
            retention: self.retention.clone(),
            odata: self.odata.clone(),
            client_certificates: self.network.client_certificates(),
            sends_mail: self.mail.smtp_url.is_some(),
            providers: self.upstream.providers.iter().map(ProviderConfig::provider).collect(),
            ..Settings::new(self.network.url(listening))
        }
    }
}

/// Returns the defaults of all settings.
fn defaults(properties: &Map<String, Value>) -> Figment {
    let default = |(key, property): (&String, &Value)| (key.clone(), property["default"].clone());
    Figment::from(Serialized::defaults(properties.iter().map(default).collect::<Map<_, _>>()))
}

/// Refuses a key that is no setting.
fn reject_unknown_keys(figment: &Figment, properties: &Map<String, Value>) -> anyhow::Result<()> {
    let given: figment2::value::Dict = figment.extract()?;
    let Some(key) = given.keys().find(|key| !properties.contains_key(*key)) else { return Ok(()) };
    let source = figment.find_metadata(key).and_then(|found| found.source.as_ref());
    let source = source.map(|source| format!(" in {source}")).unwrap_or_default();
    let meant = model::nearest(key, properties.keys().map(String::as_str));
    let meant = meant.map(|name| format!("; did you mean '{name}'?")).unwrap_or_default();
    bail!("there is no setting '{key}'{source}{meant}")
}

/// Refuses a number outside the range of its schema.
fn check_ranges(values: &Map<String, Value>, properties: &Map<String, Value>) -> anyhow::Result<()> {
    for (key, property) in properties {
        let Some(value) = values.get(key).and_then(Value::as_i64) else { continue };
        if let Some(least) = property["minimum"].as_i64().filter(|least| value < *least) {
            bail!("{key} is a whole number of at least {least}, not {value}");
        }
        if let Some(most) = property["maximum"].as_i64().filter(|most| value > *most) {
            bail!("{key} is a whole number of at most {most}, not {value}");
        }
    }
    Ok(())
}
