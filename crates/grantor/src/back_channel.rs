//! Tells applications behind the browser's back that somebody signed out (OpenID Connect Back-Channel Logout 1.0): the HTTP of
//! it; who is told what and how often is decided in [`authority::sign_out`].

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use authority::sign_out::{self, Delivery, Outcome, Reach};
use authority::{Authority, Fault};
use model::Uuid;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, StatusCode, Url, redirect};
use store::Outbox;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often it is looked for what is due, where nobody says that something is.
const LOOK: Duration = Duration::from_secs(2);
/// How long an application may take to answer, and to be reached.
const ANSWER: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(5);
/// How many applications are told at once.
const AT_ONCE: usize = 16;
/// How often one of them is told at once: a slow one does not keep the others waiting.
const OF_ONE: usize = 4;

/// What calls applications. Redirects are not followed, and nothing of an answer is read but its status.
pub(crate) struct BackChannel {
    instance: Client,
    internet: Client,
}

impl BackChannel {
    pub(crate) fn new() -> anyhow::Result<Self> {
        Ok(Self { instance: client(Reach::House)?, internet: client(Reach::Internet)? })
    }

    /// Tells whoever is to be told, until the program stops.
    pub(crate) async fn tell(
        self: Arc<Self>,
        authority: Arc<Authority>,
        mut stopping: watch::Receiver<bool>,
    ) {
        let mut look = tokio::time::interval(LOOK);
        let mut telling = Telling::default();
        loop {
            if let Err(fault) = telling.begin(&self, &authority).await {
                tracing::error!(?fault, "what applications are to be told could not be read");
            }
            tokio::select! {
                _ = look.tick() => {}
                () = authority.filled(Outbox::Logouts) => {}
                Some(done) = telling.tasks.join_next(), if !telling.tasks.is_empty() => telling.end(done.ok()),
                _ = stopping.changed() => break,
            }
        }
        // Each has its time limit; what is not done then is done by the next program.
        while let Some(done) = telling.tasks.join_next().await {
            telling.end(done.ok());
        }
    }

    async fn call(&self, delivery: &Delivery) -> Outcome {
        let Ok(url) = delivery.uri.parse::<Url>() else { return Outcome::Rejected("no address".to_owned()) };
        if host_address(&url).is_some_and(|address| !delivery.reach.allows(address)) {
            return Outcome::Rejected(OUT_OF_REACH.to_owned());
        }
        let client = if delivery.reach == Reach::House { &self.instance } else { &self.internet };
        match client.post(url).form(&[("logout_token", &delivery.token)]).send().await {
            Ok(response) => outcome(response.status()),
            Err(error) => Outcome::Failed(reason(error)),
        }
    }
}

/// What is being told.
#[derive(Default)]
struct Telling {
    tasks: JoinSet<Uuid>,
    of: HashMap<Uuid, usize>,
}

impl Telling {
    /// Begins as much as may go on at once.
    async fn begin(&mut self, channel: &Arc<BackChannel>, authority: &Arc<Authority>) -> Result<(), Fault> {
        while self.tasks.len() < AT_ONCE {
            let busy: Vec<Uuid> =
                self.of.iter().filter(|(_, count)| **count >= OF_ONE).map(|(id, _)| *id).collect();
            let Some(delivery) = sign_out::claim(&authority.own_ctx(clock::now()), &busy).await? else {
                break;
            };
            *self.of.entry(delivery.application).or_default() += 1;
            self.tasks.spawn(tell_one(Arc::clone(channel), Arc::clone(authority), delivery));
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

async fn tell_one(channel: Arc<BackChannel>, authority: Arc<Authority>, delivery: Delivery) -> Uuid {
    let outcome = channel.call(&delivery).await;
    if let Err(fault) = sign_out::record_delivery(&authority.own_ctx(clock::now()), &delivery, outcome).await
    {
        tracing::error!(?fault, "it could not be noted that an application was told; it is told again");
    }
    delivery.application
}

/// Section 2.8: 200 says that it is done, and 204 has to be taken for it. What may be better later is tried again.
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

/// What went wrong, without the address, which may hold a secret.
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

const OUT_OF_REACH: &str = "applications are not called at this address";

/// The address of a host that is one already. The parser knows every way to write one.
fn host_address(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn client(reach: Reach) -> anyhow::Result<Client> {
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        // A proxy would look up names itself.
        .no_proxy()
        .timeout(ANSWER)
        .connect_timeout(CONNECT)
        .user_agent(concat!("grantor/", env!("CARGO_PKG_VERSION")))
        .dns_resolver(Arc::new(Guarded(reach)));
    Ok(client.build()?)
}

/// Looks names up, and leaves out the addresses that may not be called: those that are connected to are the ones that were
/// checked.
struct Guarded(Reach);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| reach.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(OUT_OF_REACH.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_an_address_is_written_it_is_one() {
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
    fn what_may_be_better_later_is_tried_again() {
        for (status, told, again) in [
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
                (told, again),
                "{status}"
            );
        }
    }

    #[test]
    fn names_of_this_computer_are_out_of_reach_for_strangers() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let found = |reach| runtime.block_on(Guarded(reach).resolve("localhost".parse().unwrap()));
        assert!(found(Reach::House).unwrap().next().is_some_and(|address| address.ip().is_loopback()));
        assert!(found(Reach::Internet).is_err());
    }
}
