//! Questions about rows: filters and orders that are made of what the model allows, and pages of what they give.

mod arguments;
mod connection;
mod enums;
mod filter;
mod gather;
mod inputs;
mod loader;
mod members;
pub(super) mod names;
mod operators;
mod order;
mod paging;
mod reader;
mod wrong;

pub(super) use arguments::{ConnectionArguments, connections};
pub(super) use connection::{Connection, children, list};
pub(super) use enums::EnumOf;
pub(super) use filter::{Filter, name as filter_name};
pub(super) use loader::{Loaders, RowKey};
pub(super) use order::Order;
pub(super) use paging::{MAX_PAGE, Paging, USUAL_PAGE};
pub(super) use reader::read as read_filter;
pub(super) use wrong::Wrong;

use authority::Fault;
use model::{Entity, Reference};

/// A reference of the model, by its name.
pub(super) fn reference(entity: &'static Entity, name: &str) -> Result<&'static Reference, Fault> {
    entity.reference(name).ok_or_else(|| Fault::Internal(format!("there is no reference '{name}'")))
}
