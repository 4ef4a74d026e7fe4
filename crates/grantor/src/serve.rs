//! What `grantor serve`, `grantor demo-data` and `grantor keys rotate` do.

use crate::cli::{DemoDataArgs, RotateKeysArgs, ServeArgs};

/// Serves until the process is told to stop.
pub(crate) fn run(_args: ServeArgs) -> anyhow::Result<()> {
    anyhow::bail!("this build has no server")
}

/// Loads grants into the registry.
pub(crate) fn demo_data(_args: DemoDataArgs) -> anyhow::Result<()> {
    anyhow::bail!("this build has no server")
}

/// Makes new keys and re-encrypts what the old ones protect.
pub(crate) fn rotate_keys(_args: RotateKeysArgs) -> anyhow::Result<()> {
    anyhow::bail!("this build has no server")
}
