use std::sync::{Arc, Mutex, PoisonError};

use input::scopes::{self, Scopes};
use model::entities::{AccessTokenFormat, Resource, Scope, TrustedApplication, User};
use store::CatalogueRows;

use crate::clients::COMMAND_LINE;

/// The permissions and services that there are.
#[derive(Debug, Default)]
pub struct Catalogue(CatalogueRows);

impl Catalogue {
    /// The number of the state: a later one is higher.
    pub(super) const fn version(&self) -> i64 {
        self.0.version
    }

    /// Every permission, retired ones included, by name.
    pub fn scopes(&self) -> &[Scope] {
        &self.0.scopes
    }

    /// Every service, retired ones included, by identifier.
    pub fn resources(&self) -> &[Resource] {
        &self.0.resources
    }

    /// Finds a permission that counts.
    pub fn scope(&self, name: &str) -> Option<&Scope> {
        self.scopes().iter().find(|scope| scope.name == name && scope.is_active)
    }

    /// Whether there is or was a permission of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.scopes().iter().any(|scope| scope.name == name)
    }

    /// Finds a service for which tokens are given.
    pub fn resource(&self, identifier: &str) -> Option<&Resource> {
        self.resources().iter().find(|resource| resource.identifier == identifier && resource.is_active)
    }

    /// What a permission allows, in words for the person who is asked.
    pub fn explain(&self, name: &str) -> String {
        let known = self.scopes().iter().find(|scope| scope.name == name);
        let words = known.map(|scope| scope.description.as_deref().unwrap_or(&scope.display_name));
        words.unwrap_or(scopes::UNKNOWN).to_owned()
    }

    /// The names of the permissions that the metadata of the issuer show: what can be asked for.
    pub fn listed(&self) -> impl Iterator<Item = &str> {
        let shown = |scope: &&Scope| scope.is_active && scope.is_listed && !scope.is_reserved;
        self.scopes().iter().filter(shown).map(|scope| scope.name.as_str())
    }

    /// What an application may have that nobody vouches for.
    pub(crate) fn defaults(&self) -> Scopes {
        let is_default = |scope: &&Scope| {
            scope.is_default && scope.is_active && !scope.is_reserved && !scope.administrators_only
        };
        Scopes::known(self.scopes().iter().filter(is_default).map(|scope| scope.name.as_str()))
    }

    /// Whether an application may be granted a permission.
    pub(crate) fn is_for(&self, name: &str, client_id: &str) -> bool {
        self.scope(name).is_some_and(|scope| !scope.is_reserved || client_id == COMMAND_LINE)
    }

    /// What an application may be granted now of what it is registered with.
    pub fn scopes_for_client(&self, application: &TrustedApplication) -> Scopes {
        let registered = Scopes::stored(application.scope.as_deref());
        registered.filtered(|name| self.is_for(name, &application.application_uri))
    }

    /// What counts now of what an application was granted, for a user or before there is one.
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

    /// Those of some permissions that mean something to services (RFC 9700, section 2.3). What concerns the sign-in itself
    /// means something everywhere, and a service that names none takes all.
    pub(crate) fn at_services(&self, scopes: &Scopes, services: &[String]) -> Scopes {
        let named: Option<Vec<Scopes>> = services
            .iter()
            .map(|service| self.resource(service).and_then(|found| found.scope.as_deref()))
            .map(|scope| scope.map(|scope| Scopes::stored(Some(scope))).filter(|scopes| !scopes.is_empty()))
            .collect();
        match named {
            Some(named) if !named.is_empty() => scopes.filtered(|name| {
                scopes::OF_SIGN_IN.contains(&name) || named.iter().any(|scopes| scopes.contains(name))
            }),
            _ => scopes.clone(),
        }
    }

    /// How long tokens for services are valid at the most, in seconds, where any of them says so.
    pub(crate) fn longest_life(&self, services: &[String]) -> Option<i64> {
        let known = services.iter().filter_map(|service| self.resource(service));
        known.filter_map(|resource| resource.access_token_lifetime).min().map(i64::from)
    }

    /// The form of tokens for services, where any of them says so. Of two that differ, the one that can be revoked at once.
    pub(crate) fn format(&self, services: &[String]) -> Option<AccessTokenFormat> {
        let known = services.iter().filter_map(|service| self.resource(service));
        let mut formats = known.filter_map(|resource| resource.access_token_format);
        let first = formats.next()?;
        Some(if formats.all(|format| format == first) { first } else { AccessTokenFormat::Reference })
    }
}

/// What is remembered of the catalogue.
#[derive(Default)]
pub(crate) struct KnownCatalogue(Mutex<Arc<Catalogue>>);

impl KnownCatalogue {
    pub(crate) fn get(&self) -> Arc<Catalogue> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set(&self, read: CatalogueRows) -> Arc<Catalogue> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if read.version >= known.0.version {
            *known = Arc::new(Catalogue(read));
        }
        Arc::clone(&known)
    }
}
