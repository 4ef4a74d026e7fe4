//! Revocations are immediate and permanent; acknowledged writes are durable.

mod at_once;
mod crash;
mod parties;
mod races;
mod two_programs;
