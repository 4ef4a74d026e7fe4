//! The transformations of `$apply`.

/// Every transformation of the standard.
pub(crate) const NAMES: [&str; 23] = [
    "aggregate",
    "compute",
    "concat",
    "groupby",
    "join",
    "outerjoin",
    "nest",
    "addnested",
    "filter",
    "identity",
    "orderby",
    "search",
    "skip",
    "top",
    "ancestors",
    "descendants",
    "traverse",
    "bottomcount",
    "bottompercent",
    "bottomsum",
    "topcount",
    "toppercent",
    "topsum",
];

/// Those that give a part of their input as it is, in an order (`preservingTrafo`).
pub(crate) const FIRST_PRESERVING: usize = 8;

/// The transformations that are offered, each somewhere in a sequence.
pub(crate) const OFFERED: [&str; 16] = [
    "aggregate",
    "bottomcount",
    "bottompercent",
    "bottomsum",
    "compute",
    "concat",
    "filter",
    "groupby",
    "identity",
    "orderby",
    "search",
    "skip",
    "top",
    "topcount",
    "toppercent",
    "topsum",
];
