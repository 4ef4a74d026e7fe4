//! A request of a batch: its URL, method and headers.

use authority::Fault;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use odata::RowKey;
use odata::batch::BatchRequest;
use odata::negotiate::{Version, version};
use odata::payload::odata_id;

use super::super::answer::Refusal;
use super::super::headers::header_text;
use super::super::read::Reading;
use super::BATCH;

/// A request of a batch with its URL in parts.
pub(super) struct Inner {
    pub(super) id: Option<String>,
    pub(super) method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Reading<'_> {
    /// Splits the URL of a request, and reads its method and headers.
    pub(super) fn inner(&self, request: BatchRequest, named: &[(String, RowKey)]) -> Result<Inner, Refusal> {
        let bad = |message: String| Refusal::from(Fault::InvalidRequest(message));
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| bad(format!("'{}' is no method", request.method)))?;
        let mut headers = HeaderMap::with_capacity(request.headers.len());
        for (name, value) in &request.headers {
            let name = HeaderName::from_bytes(name.as_bytes());
            let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) else {
                return Err(bad("a header of a request in the batch cannot be read".to_owned()));
            };
            headers.append(name, value);
        }
        let url = self.relative(&request.url, named)?.replace(' ', "%20");
        let (path, query) = url.split_once('?').unwrap_or((&url, ""));
        if path == BATCH {
            return Err(bad("a batch contains no batches".to_owned()));
        }
        let (path, query) = (path.to_owned(), query.to_owned());
        Ok(Inner { id: request.id, method, path, query, headers, body: request.body })
    }

    /// Returns the URL of a request relative to the service root.
    fn relative(&self, url: &str, named: &[(String, RowKey)]) -> Result<String, Refusal> {
        let root_path = self.root.splitn(4, '/').nth(3).unwrap_or_default();
        if let Some(rest) = url.strip_prefix(self.root.as_str()) {
            return Ok(rest.to_owned());
        }
        if let Some(rest) = url.strip_prefix('/') {
            let outside = || Fault::InvalidRequest(format!("the URL '{url}' is not below the service"));
            return Ok(rest.strip_prefix(root_path).ok_or_else(outside)?.to_owned());
        }
        let Some(reference) = url.strip_prefix('$') else { return Ok(url.to_owned()) };
        let end = reference.find(['/', '?']).unwrap_or(reference.len());
        let (name, rest) = reference.split_at(end);
        let row = named.iter().find(|(own, _)| own == name).map(|(_, row)| row);
        Ok(row.map_or_else(
            || url.to_owned(),
            |row| format!("{}{rest}", odata_id(&row.entity.set_name(), row.id)),
        ))
    }

    /// The same service for a request of the batch.
    pub(super) fn within<'i>(&'i self, inner: &'i Inner) -> Result<Reading<'i>, Refusal> {
        let said = |name| header_text(&inner.headers, name);
        let own = said("maxversion").or_else(|| said("version"));
        let version: Version = match own {
            Some(_) => version(said("maxversion"), said("version"))?,
            None => self.version,
        };
        Ok(Reading {
            root: self.root.clone(),
            raw_path: &inner.path,
            raw_query: &inner.query,
            headers: &inner.headers,
            version,
            ctx: self.ctx,
            meter: self.meter,
            transaction: self.transaction,
        })
    }
}
