//! The command line, as used by people and scripts.

mod import;
mod login;
mod offline;
mod problems;
mod registry;
mod scan;
mod tokens;
