//! `grantor admin recover`: a way back for an administrator who lost every way in.

use web::http::paths;

use crate::args::RecoverArgs;
use crate::instance::Instance;
use crate::terminal::announce;

/// Prints a link with which the administrator sets a new password. Only the operator of the machine can open the registry.
pub(crate) async fn run(args: &RecoverArgs) -> anyhow::Result<()> {
    let config = args.settings.load()?;
    let settings = config.settings(config.network.listen.address());
    let site = settings.public_url.clone();
    let instance = Instance::open(&config, settings).await?;
    let ctx = instance.authority.own_ctx(clock::now());
    let link = authority::users::recover(&ctx, &args.login, args.reset_second_factor).await;
    instance.authority.close().await;
    let link = link?;
    announce(&format!("{} sets a password with this link, once, within three days:", args.login));
    let address = format!("{site}{}{}", paths::mail::RESET, link.expose());
    Ok(cli::result(&address)?)
}
