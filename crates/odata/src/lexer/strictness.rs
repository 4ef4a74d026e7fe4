//! Tolerance of the parser.

/// Tolerance of the parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// The ABNF only.
    Exact,
    /// Additionally unambiguous deviations: spaces around the text and around its separators, empty options,
    /// `not(…)`, an empty `$select` or `$select=$key`, and dates with a zone (`2026-08-01Z`). A slash at the end of a path is
    /// not allowed.
    Tolerant,
}
