//! Sends logout tokens to clients (OpenID Connect Back-Channel Logout 1.0). [`authority::sign_out`] decides which client
//! receives which token, and how often.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use authority::sign_out::{self, Delivery, EgressPolicy, Outcome};
use authority::{Authority, Fault};
use model::Uuid;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, StatusCode, Url, redirect};
use store::Outbox;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The interval between two reads of the outbox without a notification.
const POLL: Duration = Duration::from_secs(2);
/// The timeouts of a request and of its connection.
const ANSWER: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(5);
/// The maximum number of concurrent requests.
const AT_ONCE: usize = 16;
/// The maximum number of concurrent requests to one client, so that a slow client does not delay the others.
const OF_ONE: usize = 4;

/// The HTTP clients. Redirects are not followed, and only the status of a response is read.
pub(crate) struct BackChannel {
    instance: Client,
    internet: Client,
}

impl BackChannel {
    pub(crate) fn new() -> anyhow::Result<Self> {
        Ok(Self { instance: client(EgressPolicy::Internal)?, internet: client(EgressPolicy::Internet)? })
    }

    /// Sends pending logout tokens until the program stops.
    pub(crate) async fn deliver(
        self: Arc<Self>,
        authority: Arc<Authority>,
        mut stopping: watch::Receiver<bool>,
    ) {
        let mut poll = tokio::time::interval(POLL);
        let mut in_progress = InProgress::default();
        loop {
            if let Err(fault) = in_progress.begin(&self, &authority).await {
                tracing::error!(?fault, "reading the logout outbox failed; will retry");
            }
            tokio::select! {
                _ = poll.tick() => {}
                () = authority.filled(Outbox::Logouts) => {}
                Some(done) = in_progress.tasks.join_next(), if !in_progress.tasks.is_empty() => in_progress.end(done.ok()),
                _ = stopping.changed() => break,
            }
        }
        // Each request has a timeout; the next start sends what is left.
        while let Some(done) = in_progress.tasks.join_next().await {
            in_progress.end(done.ok());
        }
    }

    async fn call(&self, delivery: &Delivery) -> Outcome {
        let Ok(url) = delivery.uri.parse::<Url>() else { return Outcome::Rejected("no address".to_owned()) };
        if host_address(&url).is_some_and(|address| !delivery.egress.allows(address)) {
            return Outcome::Rejected(NOT_ALLOWED.to_owned());
        }
        let client = if delivery.egress == EgressPolicy::Internal { &self.instance } else { &self.internet };
        match client.post(url).form(&[("logout_token", &delivery.token)]).send().await {
            Ok(response) => outcome(response.status()),
            Err(error) => Outcome::Failed(reason(error)),
        }
    }
}

/// The requests in progress.
#[derive(Default)]
struct InProgress {
    tasks: JoinSet<Uuid>,
    of: HashMap<Uuid, usize>,
}

impl InProgress {
    /// Starts requests up to the maximum.
    async fn begin(&mut self, channel: &Arc<BackChannel>, authority: &Arc<Authority>) -> Result<(), Fault> {
        while self.tasks.len() < AT_ONCE {
            let busy: Vec<Uuid> =
                self.of.iter().filter(|(_, count)| **count >= OF_ONE).map(|(id, _)| *id).collect();
            let Some(delivery) = sign_out::claim(&authority.own_ctx(clock::now()), &busy).await? else {
                break;
            };
            *self.of.entry(delivery.application).or_default() += 1;
            self.tasks.spawn(deliver_one(Arc::clone(channel), Arc::clone(authority), delivery));
        }
        Ok(())
    }

    fn end(&mut self, application: Option<Uuid>) {
        let Some(application) = application else { return self.of.clear() };
        if let Some(count) = self.of.get_mut(&application) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.of.remove(&application);
            }
        }
    }
}

async fn deliver_one(channel: Arc<BackChannel>, authority: Arc<Authority>, delivery: Delivery) -> Uuid {
    let outcome = channel.call(&delivery).await;
    if let Err(fault) = sign_out::record_delivery(&authority.own_ctx(clock::now()), &delivery, outcome).await
    {
        tracing::error!(?fault, "recording the delivery of a logout token failed; it is sent again");
    }
    delivery.application
}

/// Section 2.8: 200 and 204 are success. Temporary errors are retried.
fn outcome(status: StatusCode) -> Outcome {
    let later = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS];
    if status.is_success() {
        Outcome::Delivered
    } else if status.is_server_error() || later.contains(&status) {
        Outcome::Failed(status.to_string())
    } else {
        Outcome::Rejected(status.to_string())
    }
}

/// Returns the message of an error without the address, which can contain a secret.
fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}

const NOT_ALLOWED: &str = "requests to this address are not allowed";

/// Returns the address of a host that is an IP address in any notation.
fn host_address(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn client(egress: EgressPolicy) -> anyhow::Result<Client> {
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        // A proxy would resolve names itself.
        .no_proxy()
        .timeout(ANSWER)
        .connect_timeout(CONNECT)
        .user_agent(concat!("grantor/", env!("CARGO_PKG_VERSION")))
        .dns_resolver(Arc::new(Guarded(egress)));
    Ok(client.build()?)
}

/// Resolves names without the addresses that must not be called. Connections use exactly the checked addresses.
struct Guarded(EgressPolicy);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let egress = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| egress.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(NOT_ALLOWED.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ip_address_is_recognized_in_every_notation() {
        for (url, address) in [
            ("https://127.0.0.1/x", Some("127.0.0.1")),
            ("https://2130706433/", Some("127.0.0.1")),
            ("https://0x7f.1/", Some("127.0.0.1")),
            ("https://0177.0.0.1:8443/", Some("127.0.0.1")),
            ("https://[::1]/", Some("::1")),
            ("https://board.example/", None),
        ] {
            let expected = address.map(|address| address.parse().unwrap());
            assert_eq!(host_address(&url.parse().unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn temporary_errors_are_retried() {
        for (status, success, retry) in [
            (200, true, false),
            (204, true, false),
            (302, false, false),
            (400, false, false),
            (429, false, true),
            (500, false, true),
            (503, false, true),
        ] {
            let outcome = outcome(StatusCode::from_u16(status).unwrap());
            assert_eq!(
                (matches!(outcome, Outcome::Delivered), matches!(outcome, Outcome::Failed(_))),
                (success, retry),
                "{status}"
            );
        }
    }

    #[test]
    fn a_name_of_this_computer_is_refused_for_internet_clients() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let found = |egress| runtime.block_on(Guarded(egress).resolve("localhost".parse().unwrap()));
        assert!(
            found(EgressPolicy::Internal).unwrap().next().is_some_and(|address| address.ip().is_loopback())
        );
        assert!(found(EgressPolicy::Internet).is_err());
    }
}
