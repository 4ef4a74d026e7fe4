//! Tests of the running program, over HTTP and the command line. The folders mirror the surfaces. Every test
//! that uses the registry runs on SQLite and on PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests may fail loudly"
)]
#![allow(unreachable_pub, missing_docs, dead_code, reason = "a test is not imported")]

#[macro_use]
mod support;

mod attacks;
mod bad_input;
mod browser;
mod catalogue;
mod cli;
mod clients;
mod faults;
mod gate;
mod grants;
mod graphql;
mod guides;
mod keys;
mod last_use;
mod layout;
mod leaks;
mod life;
mod mail;
mod metrics;
mod names;
mod oauth;
mod odata;
mod pages;
mod protection;
mod purge;
mod rate_limits;
mod reference;
mod revocation;
mod set_up;
mod sign_in;
mod upstream;
mod users;
