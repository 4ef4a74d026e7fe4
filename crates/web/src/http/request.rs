use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use authority::{ClientAddress, Ctx};
use axum::BoxError;
use axum::body::{Body, HttpBody as _};
use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;

use super::paths::ODATA;
use super::protected::resource_of;
use super::shown::shown;
use crate::state::App;

/// The longest pause within a body.
const PAUSE: Duration = Duration::from_secs(10);
/// The longest time to send a body: less than that of a whole request, so that the response gives the reason.
const WHOLE: Duration = Duration::from_secs(20);

/// The longest time to send the body of an import, whose response begins with the first object.
const WHOLE_IMPORT: Duration = Duration::from_secs(60 * 60);

/// Returns the request with a timeout for its body.
pub async fn with_body_timeout(request: Request) -> Request {
    if request.body().is_end_stream() {
        return request;
    }
    let whole = if is_import(request.uri().path()) { WHOLE_IMPORT } else { WHOLE };
    let deadline = Instant::now() + whole;
    request.map(|body| {
        Body::from_stream(stream::unfold(body.into_data_stream(), move |mut body| async move {
            let timeout = deadline.min(Instant::now() + PAUSE);
            let next = match tokio::time::timeout_at(timeout, body.next()).await {
                Ok(next) => next?.map_err(BoxError::from),
                Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
            };
            Some((next, body))
        }))
    })
}

/// Returns whether a path is that of the action of the OData service that reads its body while it answers.
fn is_import(path: &str) -> bool {
    let name = path.strip_prefix(ODATA).map(|rest| rest.trim_start_matches('/')).unwrap_or_default();
    let name = name.strip_prefix("Erp.").unwrap_or(name);
    name.strip_suffix("()").unwrap_or(name) == "Import"
}

/// The context of a request: the time and the address of the client.
pub struct RequestCtx(pub Ctx);

impl FromRequestParts<Arc<App>> for RequestCtx {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|info| info.0.ip().to_canonical());
        let now = clock::now();
        let address =
            peer.map_or(ClientAddress::Unknown, |peer| app.proxies.client(peer, &parts.headers, now));
        let ctx = Ctx::new(Arc::clone(&app.authority), now, address);
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let ctx = ctx.serving(resource_of(parts.uri.path())).with_agent(agent);
        // A client can send any header; only the proxy that terminates TLS knows the certificate.
        let certificate_header = app.client_certificate_header.as_ref();
        let certificate_header =
            certificate_header.filter(|_| peer.is_some_and(|peer| app.proxies.are_trusted(peer)));
        let public_url = &app.authority.settings().public_url;
        let shown = shown(public_url, &parts.method, parts.uri.path(), &parts.headers, certificate_header);
        Ok(Self(match shown {
            Some(shown) => ctx.showing(shown),
            None => ctx,
        }))
    }
}
