//! A separate server for every test.

mod api;
mod authorization;
mod browser;
mod cookies;
pub mod database;
mod demo;
pub mod html;
pub mod keys;
mod oauth;
mod provider;
mod registry;
mod server;
mod smtp;
mod told;
mod waiting;
mod world;

pub use api::{lifetime, sha256};
pub use authorization::{Asking, VERIFIER};
pub use browser::{Browser, Ended, Page};
pub use cookies::Cookies;
pub use demo::{Application, Demo, Person};
pub use oauth::{Started, http_client, oauth_client};
pub use provider::{Lies, Provider};
pub use server::{Engine, Server, outcome};
pub use smtp::{Catcher, Wire};
pub use told::{Arrived, Told};
pub use waiting::wait_until;

/// Declares tests that run on both engines: each gets a server with the demonstration world, or with
/// `engine: Engine` what it takes to start one itself.
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
    ($( $(#[doc = $doc:literal])* fn $name:ident($engine:ident: Engine) $body:block )+) => {
        $( $(#[doc = $doc])* fn $name($engine: $crate::support::Engine) $body )+

        mod sqlite {
            $( #[test] fn $name() { super::$name($crate::support::Engine::Sqlite); } )+
        }

        mod postgres {
            $( #[test] fn $name() { super::$name($crate::support::Engine::Postgres); } )+
        }
    };
}
