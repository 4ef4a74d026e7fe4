//! What was taken back stays taken back, at once and for good; what was acknowledged is there.

mod at_once;
mod crash;
mod parties;
mod races;
mod two_programs;
