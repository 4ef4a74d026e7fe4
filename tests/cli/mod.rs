//! The command line, as a person or a script runs it.

mod login;
mod offline;
mod problems;
mod registry;
mod scan;
mod tokens;
