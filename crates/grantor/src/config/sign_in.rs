use std::path::PathBuf;

use anyhow::bail;
use authority::clients::registration::DynamicRegistration;
use authority::oidc::acr;
use authority::{Administration, SecondFactorPolicy, Settings};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::upstream::{self, ProviderConfig};

use super::Subject;

/// How people and applications prove who they are.
#[derive(Deserialize, JsonSchema, Serialize)]
pub(crate) struct SignIn {
    /// Who has to have a second factor: `none`, `administrators` or `everybody`.
    require_second_factor: SecondFactorPolicy,
    /// How long ago people may have signed in at most who administer, in seconds.
    #[schemars(range(min = 1))]
    administration_max_age: Option<i64>,
    /// The least level of sign-in for administrators: a name that the metadata list as `acr_values_supported`.
    administration_acr: Option<String>,
    /// A sorted file of SHA-1 hashes of passwords that nobody may choose.
    pub(crate) password_breach_file: Option<PathBuf>,
    /// The OpenID providers at which people may sign in.
    pub(crate) providers: Vec<ProviderConfig>,
    /// Who may register applications by the protocol for that (RFC 7591): `off`, `token` or `open`.
    dynamic_registration: DynamicRegistration,
    /// Whether a scope that there is none of is refused, instead of being left out.
    strict_scopes: bool,
    /// Whether every proof of a key (DPoP) needs a nonce of the server.
    require_dpop_nonce: bool,
}

impl Default for SignIn {
    fn default() -> Self {
        let settings = Settings::new("");
        Self {
            require_second_factor: settings.require_second_factor,
            administration_max_age: None,
            administration_acr: None,
            password_breach_file: None,
            providers: Vec::new(),
            dynamic_registration: settings.dynamic_registration,
            strict_scopes: settings.strict_scopes,
            require_dpop_nonce: settings.require_dpop_nonce,
        }
    }
}

impl Subject for SignIn {
    fn check(&self) -> anyhow::Result<()> {
        if self.administration_acr.as_ref().is_some_and(|level| !acr::LEVELS.contains(&level.as_str())) {
            bail!("administration_acr is one of {}", acr::LEVELS.join(", "));
        }
        upstream::check(&self.providers)
    }

    fn tell(&self, settings: &mut Settings) {
        settings.require_second_factor = self.require_second_factor;
        settings.administration = Administration {
            acr_values: self.administration_acr.iter().cloned().collect(),
            max_age: self.administration_max_age,
        };
        settings.providers = self.providers.iter().map(ProviderConfig::provider).collect();
        settings.dynamic_registration = self.dynamic_registration;
        settings.strict_scopes = self.strict_scopes;
        settings.require_dpop_nonce = self.require_dpop_nonce;
    }
}
