//! The command line, from clap.

use clap::{Arg, ArgAction, CommandFactory as _};
use reference::{Command, CommandOption};

/// Returns the program and its commands, each after its parent.
pub(super) fn all() -> Vec<Command> {
    let mut root = crate::command_line::CommandLine::command().disable_help_subcommand(true);
    root.build();
    let mut found = Vec::new();
    add(&root, "", &mut found);
    found
}

fn add(command: &clap::Command, above: &str, found: &mut Vec<Command>) {
    let name = format!("{above} {}", command.get_name()).trim_start().to_owned();
    let said = |text: Option<&clap::builder::StyledStr>| text.map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let shown = command.get_arguments().filter(|arg| !arg.is_hide_set() && !is_of_clap(arg));
    // Global options are listed for the program only.
    let own = shown.filter(|arg| above.is_empty() || !arg.is_global_set());
    found.push(Command {
        name: name.clone(),
        about: said(command.get_long_about().or_else(|| command.get_about())),
        usage: usage.trim_start_matches("Usage:").trim().to_owned(),
        after: said(command.get_after_long_help().or_else(|| command.get_after_help())),
        options: own.map(option).collect(),
    });
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        add(below, &name, found);
    }
}

/// `--help` and `--version`, which every program has.
fn is_of_clap(arg: &Arg) -> bool {
    matches!(
        arg.get_action(),
        ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
    )
}

fn option(arg: &Arg) -> CommandOption {
    let default = arg.get_default_values().first().map(|value| value.to_string_lossy().into_owned());
    let takes_value = arg.get_action().takes_values();
    let values = arg.get_possible_values().into_iter().filter(|value| takes_value && !value.is_hide_set());
    CommandOption {
        // The option is written as in the help text, without styles.
        name: arg.to_string(),
        description: arg
            .get_long_help()
            .or_else(|| arg.get_help())
            .map(ToString::to_string)
            .unwrap_or_default(),
        default: default.filter(|_| takes_value),
        environment: arg.get_env().map(|name| name.to_string_lossy().into_owned()),
        values: values.map(|value| value.get_name().to_owned()).collect(),
    }
}
