//! The schema at work on the demonstration world.

mod codes;
mod nodes;
mod others;
mod reference;
mod tokens;
mod transport;
mod world;
