//! Types of the schema that are derived from the model: enumerations, filters and orders.

mod enums;
mod filter;
mod inputs;
mod members;
pub(super) mod names;
mod operators;
mod order;
mod reader;

pub(super) use enums::ModelEnum;
pub(super) use filter::{Filter, name as filter_name};
pub(super) use order::Order;
pub(super) use reader::read as read_filter;
