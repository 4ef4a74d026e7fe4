//! Requests to providers: with limits, and without following them anywhere.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use serde_json::{Map, Value};

/// The longest time that one request may take.
const PATIENCE: Duration = Duration::from_secs(8);
/// The longest answer, in bytes.
const LONGEST: usize = 256 * 1024;

/// The reason why a request to a provider failed. For the log.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// It does not answer, or not in time.
    #[error("no answer: {0}")]
    NoAnswer(#[from] reqwest::Error),
    /// It answers with another status than 200.
    #[error("status {0}")]
    Status(u16),
    /// Its answer is too long.
    #[error("an answer of more than {LONGEST} bytes")]
    TooLong,
    /// The response does not follow the specification.
    #[error("{0}")]
    Malformed(&'static str),
    /// It answers, but all of it takes too long.
    #[error("the sign-in took too long")]
    TooSlow,
    /// Several requests waited for the same answer.
    #[error(transparent)]
    Shared(std::sync::Arc<Trouble>),
    /// It did not answer a moment ago.
    #[error("no answer a moment ago")]
    StillAway,
    /// The identity is refused.
    #[error(transparent)]
    Mistrust(#[from] authority::upstream::Mistrust),
}

/// Returns a client that follows no redirects: the request goes to the address that was checked.
pub(super) fn client() -> reqwest::Result<Client> {
    Client::builder()
        .redirect(Policy::none())
        .connect_timeout(PATIENCE / 2)
        .timeout(PATIENCE)
        .user_agent(concat!("grantor/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Sends a request and reads the JSON object that answers it.
pub(super) async fn json(request: RequestBuilder) -> Result<Map<String, Value>, Trouble> {
    let mut response = request.header("accept", "application/json").send().await.map_err(nameless)?;
    if response.status().as_u16() != 200 {
        return Err(Trouble::Status(response.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(nameless)? {
        if body.len() + chunk.len() > LONGEST {
            return Err(Trouble::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).map_err(|_| Trouble::Malformed("an answer that is no JSON object"))
}

/// An error without the address, which goes to the log.
fn nameless(error: reqwest::Error) -> Trouble {
    Trouble::NoAnswer(error.without_url())
}
