//! The schema at work on the demonstration world.

mod codes;
mod connections;
mod filters;
mod fuzz;
mod limits;
mod nodes;
mod others;
mod reference;
mod tokens;
mod transport;
mod world;
