//! The catalogue of scopes and resource servers.

use std::sync::{Arc, Mutex, PoisonError};

use input::scopes::{self, Scopes};
use model::entities::{AccessTokenFormat, Resource, Scope, TrustedApplication, User};
use store::CatalogueRows;

use crate::COMMAND_LINE;

/// The scopes and resource servers that can be granted: one state of the catalogue.
#[derive(Debug, Default)]
pub struct Catalogue(CatalogueRows);

impl Catalogue {
    /// Returns the number of the state. A later state has a higher number.
    pub const fn version(&self) -> i64 {
        self.0.version
    }

    /// Returns all scopes, including retired ones, ordered by name.
    pub fn scopes(&self) -> &[Scope] {
        &self.0.scopes
    }

    /// Returns all resource servers, including retired ones, ordered by identifier.
    pub fn resources(&self) -> &[Resource] {
        &self.0.resources
    }

    /// Finds an active scope.
    pub fn scope(&self, name: &str) -> Option<&Scope> {
        self.scopes().iter().find(|scope| scope.name == name && scope.is_active)
    }

    /// Returns whether a scope with this name exists, active or retired.
    pub fn has(&self, name: &str) -> bool {
        self.scopes().iter().any(|scope| scope.name == name)
    }

    /// Finds an active resource server.
    pub fn resource(&self, identifier: &str) -> Option<&Resource> {
        self.resources().iter().find(|resource| resource.identifier == identifier && resource.is_active)
    }

    /// Returns the description of a scope for the consent page.
    pub fn explain(&self, name: &str) -> String {
        let known = self.scopes().iter().find(|scope| scope.name == name);
        let words = known.map(|scope| scope.description.as_deref().unwrap_or(&scope.display_name));
        words.unwrap_or(scopes::UNKNOWN).to_owned()
    }

    /// Returns the names of the scopes that the metadata of the issuer list.
    pub fn listed(&self) -> impl Iterator<Item = &str> {
        let shown = |scope: &&Scope| scope.is_active && scope.is_listed && !scope.is_reserved;
        self.scopes().iter().filter(shown).map(|scope| scope.name.as_str())
    }

    /// Returns the scopes of a client that registers itself.
    pub fn default_scopes(&self) -> Scopes {
        let is_default = |scope: &&Scope| {
            scope.is_default && scope.is_active && !scope.is_reserved && !scope.administrators_only
        };
        Scopes::known(self.scopes().iter().filter(is_default).map(|scope| scope.name.as_str()))
    }

    /// Returns whether a client may be granted a scope.
    pub fn is_for(&self, name: &str, client_id: &str) -> bool {
        self.scope(name).is_some_and(|scope| !scope.is_reserved || client_id == COMMAND_LINE)
    }

    /// Returns those registered scopes of a client that it may be granted now.
    pub fn scopes_for_client(&self, application: &TrustedApplication) -> Scopes {
        let registered = Scopes::stored(application.scope.as_deref());
        registered.filtered(|name| self.is_for(name, &application.application_uri))
    }

    /// Returns those granted scopes that are effective now, for a user or before the user is known.
    pub fn effective(
        &self,
        granted: &Scopes,
        application: Option<&TrustedApplication>,
        user: Option<&User>,
    ) -> Scopes {
        let client_id = application.map_or("", |application| application.application_uri.as_str());
        let for_user = |name: &str| {
            let restricted = self.scope(name).is_some_and(|scope| scope.administrators_only);
            !restricted || user.is_none_or(|user| user.is_admin)
        };
        granted
            .filtered(|name| name == scopes::REGISTRATION || (self.is_for(name, client_id) && for_user(name)))
    }

    /// Returns those scopes that the resource servers accept (RFC 9700, section 2.3). Scopes of the sign-in are always
    /// accepted, and a resource server that names no scopes accepts all.
    pub fn accepted_by(&self, scopes: &Scopes, resource_servers: &[String]) -> Scopes {
        let named: Option<Vec<Scopes>> = resource_servers
            .iter()
            .map(|server| self.resource(server).and_then(|found| found.scope.as_deref()))
            .map(|scope| scope.map(|scope| Scopes::stored(Some(scope))).filter(|scopes| !scopes.is_empty()))
            .collect();
        match named {
            Some(named) if !named.is_empty() => scopes.filtered(|name| {
                scopes::OF_SIGN_IN.contains(&name) || named.iter().any(|scopes| scopes.contains(name))
            }),
            _ => scopes.clone(),
        }
    }

    /// Returns the maximum lifetime of tokens for the resource servers in seconds, if any of them limits it.
    pub fn max_token_lifetime(&self, resource_servers: &[String]) -> Option<i64> {
        let known = resource_servers.iter().filter_map(|server| self.resource(server));
        known.filter_map(|resource| resource.access_token_lifetime).min().map(i64::from)
    }

    /// Returns the format of tokens for the resource servers, if any of them sets it. If they differ, tokens are references,
    /// which can be revoked at once.
    pub fn format(&self, resource_servers: &[String]) -> Option<AccessTokenFormat> {
        let known = resource_servers.iter().filter_map(|server| self.resource(server));
        let mut formats = known.filter_map(|resource| resource.access_token_format);
        let first = formats.next()?;
        Some(if formats.all(|format| format == first) { first } else { AccessTokenFormat::Reference })
    }
}

/// The latest known state of the catalogue, in memory.
#[derive(Default)]
pub struct KnownCatalogue(Mutex<Arc<Catalogue>>);

impl KnownCatalogue {
    /// Returns the latest known state.
    pub fn get(&self) -> Arc<Catalogue> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Stores a state, unless a later one is known. Returns the latest.
    pub fn set(&self, read: CatalogueRows) -> Arc<Catalogue> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if read.version >= known.0.version {
            *known = Arc::new(Catalogue(read));
        }
        Arc::clone(&known)
    }
}
