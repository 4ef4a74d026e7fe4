//! The demonstration data on disk: `demo.json` has its logins and secrets.

use std::path::{Path, PathBuf};

use authority::Ctx;
use demo_world::World;
use serde_json::{Value, json};

use crate::instance::write_private;

/// Creates the demonstration data, unless it exists, and describes it in the folder's `demo.json` (0600).
pub(crate) async fn prepare(ctx: &Ctx, data: &Path) -> anyhow::Result<PathBuf> {
    let path = data.join("demo.json");
    let base_url = ctx.settings().public_url.clone();
    let described = match demo_world::make_world(ctx).await? {
        Some(world) => describe(&base_url, &world),
        None => described_before(&path, &base_url)?,
    };
    write_private(&path, serde_json::to_string_pretty(&described)?.as_bytes())?;
    Ok(path)
}

/// Returns the description from an earlier start, with the current address.
fn described_before(path: &Path, base_url: &str) -> anyhow::Result<Value> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let advice = "remove the data folder to create it again";
        anyhow::anyhow!(
            "the demonstration data exists, but {} is not readable ({error}): {advice}",
            path.display()
        )
    })?;
    let mut described: Value = serde_json::from_str(&text)?;
    described["base_url"] = json!(base_url);
    Ok(described)
}

fn describe(base_url: &str, world: &World) -> Value {
    let person = |person: &demo_world::Person| {
        json!({
            "login": person.login,
            "password": person.password.expose(),
            "pat": person.pat.expose(),
        })
    };
    let application = |application: &demo_world::Application| {
        let mut described = json!({
            "client_id": application.client_id,
            "redirect_uri": application.redirect_uri,
        });
        if let Some(secret) = &application.secret {
            described["client_secret"] = json!(secret.expose());
        }
        described
    };
    json!({
        "base_url": base_url,
        "admin": person(&world.admin),
        "user": person(&world.user),
        "applications": {
            "service": application(&world.service),
            "web": application(&world.web),
            "native": application(&world.native),
        },
    })
}
