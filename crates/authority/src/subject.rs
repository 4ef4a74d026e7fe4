use model::Uuid;
use model::entities::TrustedApplication;

use crate::Ctx;

/// Under which name an application knows a user (OpenID Connect Core, section 8).
pub(crate) fn subject(_ctx: &Ctx, _application: &TrustedApplication, user: Uuid) -> String {
    user.to_string()
}
