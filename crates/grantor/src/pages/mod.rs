//! What people see in a browser. Every page works without JavaScript and keeps to a content security policy that
//! allows neither inline styles nor inline scripts.

pub(crate) mod static_files;
pub(crate) mod views;

pub(crate) fn router() -> axum::Router<std::sync::Arc<crate::app::App>> {
    axum::Router::new()
}
