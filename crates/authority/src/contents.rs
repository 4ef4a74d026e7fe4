use model::Uuid;
use serde::{Deserialize, Serialize};

use crate::{Ctx, Fault};

/// The contents of a grant that have no attribute of their own; kept sealed in `Data`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// The code that a person types or compares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_code: Option<String>,
    /// The address that asked for the grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_from: Option<String>,
}

/// What a sealed value belongs to, so that it cannot be moved to another row.
fn place(id: Uuid) -> Vec<u8> {
    [b"Sec_Access_Tokens.data/".as_slice(), id.as_bytes()].concat()
}

impl Contents {
    pub(crate) fn seal(&self, ctx: &Ctx, id: Uuid) -> Result<String, Fault> {
        let plain = serde_json::to_vec(self)?;
        Ok(ctx.authority().keyring.seal(&plain, &place(id), ctx.random())?)
    }

    /// Opens the contents of a grant.
    pub fn open(ctx: &Ctx, id: Uuid, data: Option<&str>) -> Result<Self, Fault> {
        let Some(sealed) = data else { return Ok(Self::default()) };
        Ok(serde_json::from_str(&open_text(ctx, id, sealed)?)?)
    }
}

/// Opens what a grant's `Data` holds, as the text that it is.
pub(crate) fn open_text(ctx: &Ctx, id: Uuid, sealed: &str) -> Result<String, Fault> {
    let plain = ctx.authority().keyring.open(sealed, &place(id))?;
    String::from_utf8(plain.to_vec()).map_err(|error| Fault::Internal(error.to_string()))
}

/// Seals a grant's `Data` anew under the current key.
pub(crate) fn reseal_text(ctx: &Ctx, id: Uuid, sealed: &str) -> Result<String, Fault> {
    let keyring = &ctx.authority().keyring;
    let plain = keyring.open(sealed, &place(id))?;
    Ok(keyring.seal(&plain, &place(id), ctx.random())?)
}
