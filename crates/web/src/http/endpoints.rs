//! The endpoints of a surface. Each is declared beside its handler; the router and the reference are made from the
//! declarations.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{MethodFilter, Route, any, get, on};
use reference::http::{Endpoint, Method};
use tower::{Layer, Service};

use crate::state::App;

/// The endpoints of a surface: their router and their declarations.
///
/// A route is only added together with its declaration, so there is no undeclared route.
#[derive(Default)]
pub struct Endpoints {
    declared: Vec<Endpoint>,
    router: Router<Arc<App>>,
}

impl Endpoints {
    /// Adds an endpoint with its handler.
    #[must_use]
    pub fn add<H, T>(mut self, endpoint: &Endpoint, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let route = match endpoint.method {
            Method::Get => on(MethodFilter::GET, handler),
            Method::Post => on(MethodFilter::POST, handler),
            Method::Put => on(MethodFilter::PUT, handler),
            Method::Patch => on(MethodFilter::PATCH, handler),
            Method::Delete => on(MethodFilter::DELETE, handler),
            Method::Any => any(handler),
        };
        self.router = self.router.route(endpoint.path, route);
        self.declared.push(*endpoint);
        self
    }

    /// Adds `root` and everything below it, with every method: the handler parses paths and methods itself. Each endpoint
    /// is below the root.
    #[must_use]
    pub fn add_tree<H, T>(mut self, root: &str, endpoints: &[Endpoint], handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        debug_assert!(endpoints.iter().all(|endpoint| endpoint.path.starts_with(root)), "below {root}");
        self.router = self
            .router
            .route(root, any(handler.clone()))
            .route(&format!("{root}/"), any(handler.clone()))
            .route(&format!("{root}/{{*path}}"), any(handler));
        self.declared.extend_from_slice(endpoints);
        self
    }

    /// Redirects another path to an endpoint.
    #[must_use]
    pub fn add_alias(mut self, path: &str, endpoint: &Endpoint) -> Self {
        let target = endpoint.path;
        self.router = self.router.route(path, get(async move || Redirect::permanent(target)));
        self
    }

    /// Adds the endpoints of another surface.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.declared.extend(other.declared);
        self
    }

    /// Puts middleware around the endpoints added so far.
    #[must_use]
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        Self { router: self.router.layer(layer), ..self }
    }

    /// Returns the declarations.
    pub fn declared(&self) -> &[Endpoint] {
        &self.declared
    }

    /// Returns the router.
    pub(crate) fn into_router(self) -> Router<Arc<App>> {
        self.router
    }
}
