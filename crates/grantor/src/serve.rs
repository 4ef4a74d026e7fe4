//! What `grantor serve`, `grantor demo-data` and `grantor keys rotate` do.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use authority::clients::remove_applications;
use authority::registry::purge::{PAUSE, Purge, remove_events};
use authority::users::set_up;
use authority::{Authority, Fault};
use indicatif::{ProgressBar, ProgressStyle};
use model::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::{App, router};
use crate::back_channel::BackChannel;
use crate::cli::{DemoDataArgs, RotateKeysArgs, ServeArgs};
use crate::config::{Config, LogFormat};
use crate::connections::Connections;
use crate::house::{House, explain, own_key_file, write_keys};
use crate::mail::MailServer;
use crate::metrics::Metrics;
use crate::pages::SentForms;
use crate::upstream::Upstream;
use crate::{clock, demo, graphql, mail};

/// How often gathered last uses are written.
const WRITE_LAST_USES: Duration = Duration::from_secs(2);
/// How often it is looked for what is due.
const MAINTAIN: Duration = Duration::from_secs(600);
/// How long after the start the first removal begins, where it is not due sooner.
const FIRST_PURGE: Duration = Duration::from_secs(600);
/// How long requests that were accepted may take when the program is told to stop.
const STOP: Duration = Duration::from_secs(20);

/// Serves until the process is told to stop.
pub(crate) fn run(args: &ServeArgs) -> anyhow::Result<()> {
    let config = Config::load(args.store.config.as_deref(), args)?;
    start_log(config.program.log);
    runtime()?.block_on(serve(config))
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

fn start_log(format: LogFormat) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("GRANTOR_LOG_FILTER");
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let colours = std::io::stderr().is_terminal();
    let log =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.network.listen.address())
        .await
        .with_context(|| format!("listening on {}", config.network.listen))?;
    let address = listener.local_addr()?;
    let house = House::open(&config, config.settings(address)).await?;
    let authority = Arc::clone(&house.authority);
    prepare_registry(&config, &authority).await.map_err(|error| explain(&config, error))?;
    let documents = graphql::Documents::load(
        config.apis.graphql_documents.as_deref(),
        config.apis.graphql_only_documents,
    )?;
    let connections = Connections::new(config.network.connections());
    let app = Arc::new(App {
        authority: Arc::clone(&authority),
        demo: config.program.demo,
        proxies: config.network.proxies(),
        client_certificate_header: config.network.certificate_header()?,
        sent_forms: SentForms::default(),
        upstream: Upstream::of(&config.sign_in.providers)?,
        graphql: graphql::Service::new(config.apis.graphql_limits(), documents),
        rate_limits: Arc::new(config.apis.rate_limits()),
        metrics: Metrics::new(config.network.metrics_token.clone()).watching(connections.open()),
        reference: crate::reference::Files::default(),
    });
    let (stop, stopping) = watch::channel(false);
    let mut tasks = tasks(&config, &authority, &stopping)?;
    // Whoever reads that it listens may stop it at once.
    let signal = stop_signals()?;
    if let Some(from) = authority.proofs_taken_from() {
        wait_until(from).await;
    }
    announce(&format!("listening on http://{address}"));
    answer(listener, app, connections, signal).await;
    stop.send_replace(true);
    while let Some(ended) = tasks.join_next().await {
        ended?;
    }
    authority.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Waits until a moment of the next second, so that no client is refused for what it makes from now on.
async fn wait_until(moment: Timestamp) {
    let micros = moment.micros() - clock::now().micros();
    let micros = u64::try_from(micros).unwrap_or(0).min(1_000_000);
    tokio::time::sleep(Duration::from_micros(micros)).await;
}

/// Begins what goes on beside the answers until the program stops.
fn tasks(
    config: &Config,
    authority: &Arc<Authority>,
    stopping: &watch::Receiver<bool>,
) -> anyhow::Result<JoinSet<()>> {
    let mut tasks = JoinSet::new();
    tasks.spawn(chores(Arc::clone(authority), stopping.clone()));
    tasks.spawn(purges(Arc::clone(authority), config.program.purge_interval, stopping.clone()));
    tasks.spawn(BackChannel::new()?.tell(Arc::clone(authority), stopping.clone()));
    if let Some(server) = MailServer::of(&config.mail, &authority.settings().public_url)? {
        tasks.spawn(mail::deliver(Arc::clone(authority), server, stopping.clone()));
    }
    Ok(tasks)
}

/// Adds to the registry what the program needs before it answers.
async fn prepare_registry(config: &Config, authority: &Arc<Authority>) -> anyhow::Result<()> {
    set_up::register_command_line(&authority.own_ctx(clock::now())).await?;
    name_all(authority).await?;
    prepare_world(config, authority).await
}

/// Names what an older program added, and reports whose names are not unique.
async fn name_all(authority: &Arc<Authority>) -> anyhow::Result<()> {
    let unnamed = authority::registry::names::name_all(&authority.own_ctx(clock::now())).await?;
    for login in &unnamed.logins {
        let message = "a login looks like another one, or has a form that a new user could not have";
        tracing::warn!(?login, message);
    }
    for login in &unnamed.addresses {
        tracing::warn!(?login, "another user has confirmed the same e-mail address");
    }
    Ok(())
}

/// The demonstration world, or at the first start the link for the first administrator.
async fn prepare_world(config: &Config, authority: &Arc<Authority>) -> anyhow::Result<()> {
    let ctx = authority.own_ctx(clock::now());
    if config.program.demo {
        let file = demo::prepare(&ctx, &config.program.data).await?;
        announce(&format!("the demonstration world is described in {}", file.display()));
    } else if set_up::is_needed(authority).await? {
        let secret = set_up::new_link(&ctx).await?;
        let url = &authority.settings().public_url;
        announce(&format!("make the first administrator at {url}/setup/{}", secret.expose()));
    }
    Ok(())
}

/// Tells the person who started the program.
#[allow(clippy::print_stdout, reason = "for the person who started the program, not for the log")]
fn announce(line: &str) {
    println!("{line}");
}

/// Answers until a signal comes, and then finishes what was accepted, unless that takes too long.
async fn answer(
    listener: TcpListener,
    app: Arc<App>,
    connections: Connections,
    signal: impl Future<Output = ()> + Send + 'static,
) {
    let open = connections.accept(listener, router(app), signal).await;
    tracing::info!("stopping: requests that were accepted are finished first");
    if tokio::time::timeout(STOP, open.shutdown()).await.is_err() {
        tracing::warn!("some requests were not finished in time");
    }
}

/// Listens from now on for the signals that tell the process to stop; gives what waits for one.
fn stop_signals() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// What is done besides answering: last uses are written, keys rotated, what ended is removed.
async fn chores(authority: Arc<Authority>, mut stopping: watch::Receiver<bool>) {
    let mut write = tokio::time::interval(WRITE_LAST_USES);
    let mut maintain = tokio::time::interval(MAINTAIN);
    loop {
        let done: Result<(), Fault> = tokio::select! {
            _ = write.tick() => authority.write_last_uses().await,
            _ = maintain.tick() => authority.maintain(clock::now()).await,
            _ = stopping.changed() => return,
        };
        if let Err(fault) = done {
            tracing::error!(?fault, "a chore failed; it is tried again");
        }
    }
}

/// Removes what ended long ago, from time to time, with pauses in which others write.
async fn purges(authority: Arc<Authority>, interval: u32, mut stopping: watch::Receiver<bool>) {
    let interval = Duration::from_secs(interval.into());
    let first = tokio::time::Instant::now() + interval.min(FIRST_PURGE);
    let mut due = tokio::time::interval_at(first, interval);
    loop {
        tokio::select! {
            _ = due.tick() => {}
            _ = stopping.changed() => return,
        }
        if let Err(fault) = purge(&authority, &stopping).await {
            tracing::error!(?fault, "what ended long ago is not removed now; it is tried again");
        }
    }
}

async fn purge(authority: &Arc<Authority>, stopping: &watch::Receiver<bool>) -> Result<(), Fault> {
    let ctx = || authority.own_ctx(clock::now());
    while !*stopping.borrow() && remove_applications(&ctx()).await? {
        tokio::time::sleep(PAUSE).await;
    }
    if let Some(mut purge) = Purge::begin(&ctx()) {
        while !*stopping.borrow() && purge.step(&ctx()).await? {
            tokio::time::sleep(PAUSE).await;
        }
        if purge.removed() > 0 {
            tracing::info!(grants = purge.removed(), "removed grants that ended long ago");
        }
    }
    let mut events = 0;
    while !*stopping.borrow() {
        let removed = remove_events(&ctx()).await?;
        if removed == 0 {
            break;
        }
        events += removed;
        tokio::time::sleep(PAUSE).await;
    }
    if events > 0 {
        tracing::info!(events, "removed audit events that are kept no longer");
    }
    Ok(())
}

/// Loads grants into the registry.
pub(crate) fn demo_data(args: &DemoDataArgs) -> anyhow::Result<()> {
    let config = Config::load(args.store.config.as_deref(), args)?;
    runtime()?.block_on(async {
        let house = House::open(&config, config.settings(config.network.listen.address())).await?;
        let bar = progress("grants", args.grants);
        let ctx = house.authority.own_ctx(clock::now());
        demo_world::add_grants(&ctx, args.grants, |done| bar.set_position(done)).await?;
        bar.finish();
        house.authority.close().await;
        Ok(())
    })
}

/// Makes new keys and re-encrypts what the old ones protect. Keys that come from elsewhere are not
/// changed: what is not under the first of them is re-encrypted.
pub(crate) fn rotate_keys(args: &RotateKeysArgs) -> anyhow::Result<()> {
    let config = Config::load(args.store.config.as_deref(), args)?;
    runtime()?.block_on(async {
        let mut house = House::open(&config, config.settings(config.network.listen.address())).await?;
        if let Some(path) = own_key_file(&config) {
            let mut keyring = token::seal::Keyring::parse(&std::fs::read_to_string(&path)?)?;
            keyring.rotate(&token::SystemRandom)?;
            write_keys(&path, &keyring)?;
            house.authority.close().await;
            drop(house);
            house = House::open(&config, config.settings(config.network.listen.address())).await?;
        }
        let bar = progress("grants", 0);
        let ctx = house.authority.own_ctx(clock::now());
        let resealed = authority::registry::reseal::reseal(&ctx, |done, all| {
            bar.set_length(all);
            bar.set_position(done);
        });
        let resealed = resealed.await?;
        bar.finish();
        announce(&format!("{resealed} values were encrypted anew"));
        house.authority.close().await;
        Ok(())
    })
}

fn progress(what: &'static str, length: u64) -> ProgressBar {
    let template = "{bar:40} {human_pos}/{human_len} {msg} ({per_sec}, {eta} left)";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style).with_message(what)
}
