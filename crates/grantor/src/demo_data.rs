//! `grantor demo-data`: adds grants of every kind to the registry.

use crate::args::DemoDataArgs;
use crate::instance::Instance;
use crate::terminal::progress;

/// Adds grants to the registry.
pub(crate) async fn run(args: &DemoDataArgs) -> anyhow::Result<()> {
    let config = args.settings.load()?;
    let instance = Instance::open(&config, config.settings(config.network.listen.address())).await?;
    let bar = progress("grants", args.grants);
    let ctx = instance.authority.own_ctx(clock::now());
    demo_world::add_grants(&ctx, args.grants, |done| bar.set_position(done)).await?;
    bar.finish();
    instance.authority.close().await;
    Ok(())
}
