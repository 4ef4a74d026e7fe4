//! The core in one process, on both engines, with a clock that the tests move.
//!
//! SQLite always; PostgreSQL as well where `GRANTOR_TEST_POSTGRES` names a server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

mod administration;
mod arrival;
mod device;
mod engines;
mod mail;
mod principals;
mod purge;
mod races;
mod refresh;
mod revocations;
mod sessions;
mod states;
mod tokens;
mod world;
