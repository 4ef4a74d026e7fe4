//! Support of the tests: a server that answers from a script.

pub(super) mod stub;
