//! Forward auth: requests like those of a proxy, and a real proxy.

mod nginx;
mod verify;
