//! The registry on both engines: every test runs on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

#[macro_use]
mod engine;

mod attempts;
mod changes;
mod commits;
mod crash;
mod drift;
mod evaluate;
mod filters;
mod groups;
mod internal;
mod leaving;
mod moments;
mod opening;
mod oracle;
mod pages;
mod paging;
mod plans;
mod power_loss;
mod proofs;
mod purge;
mod question;
mod random;
mod records;
mod revocation;
mod sample;
mod visibility;
mod world;
