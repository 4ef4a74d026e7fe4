//! `grantor keys rotate`: replaces the keys, and re-encrypts what the old ones protect.

use crate::args::RotateKeysArgs;
use crate::instance::{Instance, own_key_file, write_keys};
use crate::terminal::{announce, progress};

/// Creates new keys and re-encrypts what the old ones protect. Keys from `key_file` or the environment are not
/// changed: values that are not encrypted with the first of them are re-encrypted.
pub(crate) async fn run(args: &RotateKeysArgs) -> anyhow::Result<()> {
    let config = args.settings.load()?;
    let mut instance = Instance::open(&config, config.settings(config.network.listen.address())).await?;
    if let Some(path) = own_key_file(&config) {
        let mut keyring = token::seal::Keyring::parse(&std::fs::read_to_string(&path)?)?;
        keyring.rotate(&token::SystemRandom)?;
        write_keys(&path, &keyring)?;
        instance.authority.close().await;
        drop(instance);
        instance = Instance::open(&config, config.settings(config.network.listen.address())).await?;
    }
    let bar = progress("grants", 0);
    let ctx = instance.authority.own_ctx(clock::now());
    let resealed = authority::registry::reseal::reseal(&ctx, |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    });
    let resealed = resealed.await?;
    bar.finish();
    announce(&format!("re-encrypted {resealed} values"));
    instance.authority.close().await;
    Ok(())
}
