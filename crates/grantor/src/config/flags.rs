//! Settings as flags of a command. Their types, defaults and texts are those of the settings.

use std::marker::PhantomData;

use clap::builder::ValueHint;
use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};
use figment2::providers::Serialized;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Config, defaults, schema};

/// The settings that a command has as flags.
pub(crate) trait FlagSet {
    /// The key of each setting, and the name of its value in the help text.
    const FLAGS: &'static [(&'static str, &'static str)];
}

/// The flags that were given, by the keys of their settings.
///
/// No `Debug`: a database URL can hold a password.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Flags<S> {
    given: Map<String, Value>,
    #[serde(skip)]
    set: PhantomData<S>,
}

impl<S: FlagSet> Args for Flags<S> {
    fn augment_args(command: Command) -> Command {
        let properties = schema::properties();
        let arguments = S::FLAGS.iter().map(|(key, value)| argument(key, value, &properties[*key]));
        command.args(arguments.collect::<Vec<_>>())
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<S: FlagSet> FromArgMatches for Flags<S> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let properties = schema::properties();
        let given = S::FLAGS.iter().filter_map(|(key, _)| Some(((*key).to_owned(), given(matches, key)?)));
        let given: Map<_, _> = given.collect();
        match Config::extract(&defaults(&properties).merge(Serialized::defaults(&given))) {
            Ok(_) => Ok(Self { given, set: PhantomData }),
            Err(error) => Err(clap::Error::raw(ErrorKind::ValueValidation, format!("{error}\n"))),
        }
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.given.extend(Self::from_arg_matches(matches)?.given);
        Ok(())
    }
}

/// Returns the flag of a setting.
fn argument(key: &'static str, value: &'static str, property: &Value) -> Arg {
    let text = property["description"].as_str().unwrap_or_default().replace('\n', " ");
    let text = text.trim_end_matches('.');
    let is_switch = property["type"] == "boolean";
    let default = property["default"].as_str().map(|default| format!(" [default: {default}]"));
    let argument = Arg::new(key)
        .long(key.replace('_', "-"))
        .value_name(value)
        .help(format!("{text}{}", default.unwrap_or_default()));
    if is_switch {
        let parsed = argument.value_parser(value_parser!(bool)).hide_possible_values(true);
        return parsed.num_args(0..=1).require_equals(true).default_missing_value("true");
    }
    if value == "DIR" { argument.value_hint(ValueHint::DirPath) } else { argument }
}

/// Returns the value of a flag, if it was given.
fn given(matches: &ArgMatches, key: &str) -> Option<Value> {
    if let Ok(Some(switch)) = matches.try_get_one::<bool>(key) {
        return Some(Value::Bool(*switch));
    }
    matches.try_get_one::<String>(key).ok().flatten().map(|text| Value::String(text.clone()))
}
