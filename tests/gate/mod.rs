//! The gate for other services: asked as proxies ask, and behind a real one.

mod nginx;
mod verify;
