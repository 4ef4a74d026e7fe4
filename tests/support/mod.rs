//! A server of one's own for every test.

mod database;
mod demo;
mod server;

pub use demo::{Demo, Person};
pub use server::{Engine, Server};

/// Declares tests that run on both engines: each gets a server with the demonstration world.
///
/// ```ignore
/// on_both_engines! {
///     fn a_revoked_token_is_refused(server: &mut Server) { … }
/// }
/// ```
macro_rules! on_both_engines {
    ($( $(#[doc = $doc:literal])* fn $name:ident($server:ident: &mut Server) $body:block )+) => {
        $( $(#[doc = $doc])* fn $name($server: &mut $crate::support::Server) $body )+

        mod sqlite {
            $( #[test] fn $name() {
                super::$name(&mut $crate::support::Server::demo($crate::support::Engine::Sqlite));
            } )+
        }

        mod postgres {
            $( #[test] fn $name() {
                super::$name(&mut $crate::support::Server::demo($crate::support::Engine::Postgres));
            } )+
        }
    };
}
