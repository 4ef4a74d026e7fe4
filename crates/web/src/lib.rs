//! The common parts of all HTTP surfaces: state, requests, responses, connections, rate limits and metrics.

pub mod connections;
pub mod error_codes;
pub mod http;
mod layers;
pub mod metrics;
pub mod rate_limit;
mod state;
pub mod tasks;
pub mod upstream;

pub use layers::surround;
pub use state::App;
