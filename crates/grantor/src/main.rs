//! The program `grantor`: the server, and the command line that works with one.

mod app;
mod back_channel;
mod breach_file;
mod cli;
mod clock;
mod config;
mod connections;
mod demo;
mod domain;
mod gate;
mod graphql;
mod health;
mod house;
mod http;
mod leaks;
mod mail;
mod metrics;
mod oauth;
mod odata;
mod pages;
mod rate_limit;
mod reference;
mod serve;
mod supervisor;
mod upstream;

use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match cli::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => cli::report(&error),
    }
}
