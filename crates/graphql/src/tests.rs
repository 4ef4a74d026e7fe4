//! The schema at work on the demonstration world.

mod change_inputs;
mod codes;
mod connections;
mod filter_shapes;
mod filters;
mod fuzz;
mod inputs;
mod limits;
mod nodes;
mod oracle;
mod others;
mod reference;
mod shape;
mod tokens;
mod transport;
mod world;
