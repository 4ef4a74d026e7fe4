//! The program `grantor`: the server and its command line.

mod args;
mod back_channel;
mod breach_file;
mod command_line;
mod completions;
mod config;
mod demo;
mod demo_data;
mod forward_auth;
mod health;
mod instance;
mod leaks;
mod mail;
mod recover;
mod reference;
mod rotate_keys;
mod router;
mod serve;
mod supervisor;
mod terminal;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use command_line::{AdminCommand, Command, CommandLine, KeysCommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run(CommandLine::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => cli::report(&error),
    }
}

/// Runs the command.
fn run(CommandLine { url, command }: CommandLine) -> anyhow::Result<()> {
    match command {
        Command::Serve(args) => block_on(serve::run(&args)),
        Command::DemoData(args) => block_on(demo_data::run(&args)),
        Command::Keys(KeysCommand::Rotate(args)) => block_on(rotate_keys::run(&args)),
        Command::Admin(AdminCommand::Recover(args)) => block_on(recover::run(&args)),
        Command::Client(command) => cli::run(command, url),
        Command::Reference(args) => {
            let endpoints = router::endpoints(Arc::default());
            block_on(reference::command::run(&args, url, endpoints.declared()))
        }
        Command::Completions(args) => completions::run(&args),
    }
}

fn block_on(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}
