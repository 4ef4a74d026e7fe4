//! The command line, as used by people and scripts.

mod login;
mod offline;
mod problems;
mod registry;
mod scan;
mod tokens;
