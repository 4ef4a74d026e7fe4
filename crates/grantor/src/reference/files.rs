//! The files of the reference, generated at the first request.

use std::collections::HashMap;

use axum::body::Bytes;
use reference::http::Endpoint;
use reference::write::html;
use tokio::sync::OnceCell;
use web::http::etag::fnv_1a;

use super::declared;

/// The files of the reference by their paths, generated at the first request.
pub(super) struct Files {
    endpoints: Vec<Endpoint>,
    made: OnceCell<HashMap<String, Served>>,
}

/// A file and its entity tag.
pub(super) struct Served {
    pub(super) content: Bytes,
    pub(super) tag: String,
}

impl Files {
    /// Returns the files of the reference with these endpoints.
    pub(super) fn new(endpoints: Vec<Endpoint>) -> Self {
        Self { endpoints, made: OnceCell::new() }
    }

    /// Returns the file at `path`, if there is one; its examples are addressed to the server at `base_url`.
    ///
    /// # Errors
    /// As [`declared`].
    pub(super) async fn get(&self, base_url: &str, path: &str) -> anyhow::Result<Option<&Served>> {
        Ok(self.made.get_or_try_init(|| make(base_url, &self.endpoints)).await?.get(path))
    }
}

async fn make(base_url: &str, endpoints: &[Endpoint]) -> anyhow::Result<HashMap<String, Served>> {
    let site = reference::make(&declared(base_url, endpoints).await?);
    let served = |file: reference::File| {
        let tag = format!("\"{:016x}\"", fnv_1a(file.content.as_bytes()));
        (file.path, Served { content: file.content.into(), tag })
    };
    Ok(html::files(&site).into_iter().map(served).collect())
}
