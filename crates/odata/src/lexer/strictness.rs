//! Tolerance of the parser.

/// Tolerance of the parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// The ABNF only.
    Exact,
    /// Additionally unambiguous deviations: spaces around the text and around its separators, empty options,
    /// and `not(…)`.
    Tolerant,
}
