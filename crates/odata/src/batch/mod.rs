//! Batches (OData 4.01 part 1, section 11.7; OData JSON 4.01, section 19): several requests in the body of one.

mod json;
mod multipart;

pub use json::{read_json, write_json};
pub use multipart::{read_multipart, write_multipart};

/// The maximum number of requests in a batch.
pub const MAX_REQUESTS: usize = 200;

/// A request in a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchRequest {
    /// The identifier by which other requests and the response name it.
    pub id: Option<String>,
    /// The method.
    pub method: String,
    /// The URL: absolute, an absolute path, relative to the service, or beginning with `$<id>`.
    pub url: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The identifiers of requests and change sets that must have succeeded.
    pub depends_on: Vec<String>,
}

/// An entry of a batch. Entries are processed in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// One request.
    Single(BatchRequest),
    /// Requests that take effect together or not at all.
    ChangeSet {
        /// The name of the change set, if other requests can name it.
        name: Option<String>,
        /// The requests.
        requests: Vec<BatchRequest>,
    },
}

impl Entry {
    /// Returns the requests.
    pub fn requests(&self) -> &[BatchRequest] {
        match self {
            Self::Single(request) => std::slice::from_ref(request),
            Self::ChangeSet { requests, .. } => requests,
        }
    }
}

/// The response to a request of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchResponse {
    /// The identifier of the request.
    pub id: Option<String>,
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// The responses to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To one request, or to a change set that failed: the response to the request that caused it.
    Single(BatchResponse),
    /// To the requests of a change set.
    ChangeSet(Vec<BatchResponse>),
}

/// Why a batch cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the batch cannot be read: {0}")]
pub struct BatchError(pub String);

fn unreadable<T>(message: impl Into<String>) -> Result<T, BatchError> {
    Err(BatchError(message.into()))
}

/// Checks the number of requests and that identifiers are unique.
fn checked(entries: Vec<Entry>) -> Result<Vec<Entry>, BatchError> {
    let requests: Vec<_> = entries.iter().flat_map(Entry::requests).collect();
    if requests.len() > MAX_REQUESTS {
        return unreadable(format!("it has more than {MAX_REQUESTS} requests"));
    }
    let mut ids: Vec<&str> = requests.iter().filter_map(|request| request.id.as_deref()).collect();
    ids.extend(entries.iter().filter_map(|entry| match entry {
        Entry::ChangeSet { name, .. } => name.as_deref(),
        Entry::Single(_) => None,
    }));
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => unreadable(format!("two requests or change sets have the identifier '{}'", pair[0])),
        None => Ok(entries),
    }
}

#[cfg(test)]
mod tests;
