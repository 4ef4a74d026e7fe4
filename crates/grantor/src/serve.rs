//! `grantor serve`: the server.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use authority::clients::remove_applications;
use authority::registry::purge::{PAUSE, Purge, remove_events};
use authority::users::set_up;
use authority::{Authority, Fault};
use axum::Router;
use model::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;
use web::App;
use web::connections::Connections;
use web::http::SentForms;
use web::metrics::Metrics;
use web::tasks::Task;
use web::upstream::Upstream;

use crate::args::ServeArgs;
use crate::back_channel::BackChannel;
use crate::config::{Config, LogFormat};
use crate::instance::{Instance, explain};
use crate::mail::MailServer;
use crate::router::router;
use crate::supervisor::Supervisor;
use crate::terminal::announce;
use crate::{demo, mail};

/// The interval between two writes of last uses.
const WRITE_LAST_USES: Duration = Duration::from_secs(2);
/// The interval of maintenance.
const MAINTAIN: Duration = Duration::from_secs(600);
/// The latest start of the first purge after the start of the program.
const FIRST_PURGE: Duration = Duration::from_secs(600);
/// The timeout of accepted requests after a stop signal.
const STOP: Duration = Duration::from_secs(20);

/// Serves until a stop signal.
pub(crate) async fn run(args: &ServeArgs) -> anyhow::Result<()> {
    let config = args.settings.load()?;
    start_log(config.program.log);
    serve(config).await
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
    let instance = Instance::open(&config, config.settings(address)).await?;
    let authority = Arc::clone(&instance.authority);
    prepare_registry(&config, &authority).await.map_err(|error| explain(&config, error))?;
    let documents = graphql::Documents::load(&config.documents)?;
    let connections = Connections::new(&config.connections, config.network.trusted_proxies());
    let graphql = Arc::new(graphql::Service::new(config.graphql.clone(), documents));
    let (open, subscribed) = (connections.open(), Arc::clone(&graphql));
    let metrics = Metrics::new(config.network.metrics_token.clone())
        .watching(move || open.load(Ordering::Relaxed), move || subscribed.streams());
    let (stop, stopping) = watch::channel(false);
    let mut supervisor = Supervisor::new(stopping);
    let app = Arc::new(App {
        authority: Arc::clone(&authority),
        demo: config.program.demo,
        proxies: config.network.proxies(),
        client_certificate_header: config.network.certificate_header()?,
        cross_origin: config.network.cross_origin(config.program.demo),
        sent_forms: SentForms::default(),
        upstream: Upstream::new(&config.upstream.providers)?,
        rate_limits: Arc::new(config.rate_limits.limits()),
        metrics,
        tasks: supervisor.states(),
    });
    start_tasks(&mut supervisor, &config, &authority)?;
    // The signals are handled before the line `listening on`, after which the process can be stopped at once.
    let (signal, failure) = (stop_signals()?, supervisor.failure());
    let signal = async move {
        tokio::select! {
            () = signal => {}
            () = failure => {}
        }
    };
    if let Some(from) = authority.proofs_taken_from() {
        wait_until(from).await;
    }
    announce(&format!("listening on http://{address}"));
    answer(listener, router(app, graphql), connections, signal).await;
    stop.send_replace(true);
    let finished = supervisor.finish().await;
    authority.close().await;
    tracing::info!("stopped");
    Ok(finished?)
}

/// Waits until `moment`, at most a second, so that every proof that clients create from now on is accepted.
async fn wait_until(moment: Timestamp) {
    let micros = moment.micros() - clock::now().micros();
    let micros = u64::try_from(micros).unwrap_or(0).min(1_000_000);
    tokio::time::sleep(Duration::from_micros(micros)).await;
}

/// Starts the background tasks, which run until the program stops.
fn start_tasks(
    supervisor: &mut Supervisor,
    config: &Config,
    authority: &Arc<Authority>,
) -> anyhow::Result<()> {
    let shared = Arc::clone(authority);
    supervisor.start(Task::LastUses, move |stopping| write_last_uses(Arc::clone(&shared), stopping));
    let shared = Arc::clone(authority);
    supervisor.start(Task::Maintenance, move |stopping| maintain(Arc::clone(&shared), stopping));
    let (shared, interval) = (Arc::clone(authority), config.retention.purge_interval);
    supervisor.start(Task::Purge, move |stopping| purges(Arc::clone(&shared), interval, stopping));
    let (shared, channel) = (Arc::clone(authority), Arc::new(BackChannel::new()?));
    let notify = move |stopping| Arc::clone(&channel).deliver(Arc::clone(&shared), stopping);
    supervisor.start(Task::BackChannel, notify);
    if let Some(server) = MailServer::new(&config.mail, &authority.settings().public_url)? {
        let (shared, server) = (Arc::clone(authority), Arc::new(server));
        let deliver = move |stopping| mail::deliver(Arc::clone(&shared), Arc::clone(&server), stopping);
        supervisor.start(Task::Mail, deliver);
    }
    Ok(())
}

/// Adds the rows that the program needs before the first request.
async fn prepare_registry(config: &Config, authority: &Arc<Authority>) -> anyhow::Result<()> {
    set_up::register_command_line(&authority.own_ctx(clock::now())).await?;
    name_all(authority).await?;
    prepare_world(config, authority).await
}

/// Adds the unique names of rows from an older version, and logs the names that are not unique.
async fn name_all(authority: &Arc<Authority>) -> anyhow::Result<()> {
    let unnamed = authority::registry::names::name_all(&authority.own_ctx(clock::now())).await?;
    for login in &unnamed.logins {
        let message = "a login looks like another one, or has a form that is not allowed for new users";
        tracing::warn!(?login, message);
    }
    for login in &unnamed.addresses {
        tracing::warn!(?login, "another user has confirmed the same e-mail address");
    }
    Ok(())
}

/// Creates the demonstration data, or at the first start the link for the first administrator.
async fn prepare_world(config: &Config, authority: &Arc<Authority>) -> anyhow::Result<()> {
    let ctx = authority.own_ctx(clock::now());
    if config.program.demo {
        let file = demo::prepare(&ctx, &config.program.data).await?;
        announce(&format!("the demonstration data is described in {}", file.display()));
    } else if set_up::is_needed(authority).await? {
        let secret = set_up::new_link(&ctx).await?;
        let url = &authority.settings().public_url;
        announce(&format!("make the first administrator at {url}/setup/{}", secret.expose()));
    }
    Ok(())
}

/// Serves until a stop signal, and then waits for accepted requests until the timeout.
async fn answer(
    listener: TcpListener,
    router: Router,
    connections: Connections,
    signal: impl Future<Output = ()> + Send + 'static,
) {
    let open = connections.accept(listener, router, signal).await;
    tracing::info!("stopping: waiting for accepted requests");
    if tokio::time::timeout(STOP, open.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

/// Handles the stop signals from now on. The returned future is ready after the first one.
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

/// Writes last uses.
async fn write_last_uses(authority: Arc<Authority>, mut stopping: watch::Receiver<bool>) {
    let mut due = tokio::time::interval(WRITE_LAST_USES);
    loop {
        tokio::select! {
            _ = due.tick() => {}
            _ = stopping.changed() => return,
        }
        if let Err(fault) = authority.write_last_uses().await {
            tracing::error!(?fault, "writing last uses failed; will retry");
        }
    }
}

/// Rotates signing keys and removes expired rows.
async fn maintain(authority: Arc<Authority>, mut stopping: watch::Receiver<bool>) {
    let mut due = tokio::time::interval(MAINTAIN);
    loop {
        tokio::select! {
            _ = due.tick() => {}
            _ = stopping.changed() => return,
        }
        if let Err(fault) = authority.maintain(clock::now()).await {
            tracing::error!(?fault, "maintenance failed; will retry");
        }
    }
}

/// Purges ended grants, unused clients and old events at intervals, with pauses for other writes.
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
            tracing::error!(?fault, "purge failed; will retry");
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
            tracing::info!(grants = purge.removed(), "removed ended grants");
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
        tracing::info!(events, "removed old audit events");
    }
    Ok(())
}
