//! The transformations of `$apply`.

/// All transformations of the standard.
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

/// Index of the first transformation that returns an ordered subset of its input unchanged
/// (`preservingTrafo`).
pub(crate) const FIRST_PRESERVING: usize = 8;

/// The supported transformations.
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
