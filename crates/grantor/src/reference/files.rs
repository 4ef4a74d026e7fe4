//! The files of the reference, created at the first request.

use std::collections::HashMap;

use axum::body::Bytes;
use reference::write::html;
use tokio::sync::OnceCell;
use web::http::etag::fnv_1a;

use super::declared;

/// The files of the reference by their paths, created at the first request.
#[derive(Default)]
pub(crate) struct Files(OnceCell<HashMap<String, Served>>);

/// A file and its entity tag.
pub(super) struct Served {
    pub(super) content: Bytes,
    pub(super) tag: String,
}

impl Files {
    /// Returns the file at `path`, if there is one; its examples are addressed to the server at `base_url`.
    ///
    /// # Errors
    /// As [`declared`].
    pub(super) async fn get(&self, base_url: &str, path: &str) -> anyhow::Result<Option<&Served>> {
        Ok(self.0.get_or_try_init(|| make(base_url)).await?.get(path))
    }
}

async fn make(base_url: &str) -> anyhow::Result<HashMap<String, Served>> {
    let site = reference::make(&declared(base_url).await?);
    let served = |file: reference::File| {
        let tag = format!("\"{:016x}\"", fnv_1a(file.content.as_bytes()));
        (file.path, Served { content: file.content.into(), tag })
    };
    Ok(html::files(&site).into_iter().map(served).collect())
}
