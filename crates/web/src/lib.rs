//! What all surfaces over HTTP share: their state, the reading of requests, the writing of answers, connections, rate limits and metrics.

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
