//! Every metric, declared once: what is measured, answered under `/metrics` and told by the reference.

use model::entities::GrantKind;
use reference::{Metric, MetricKind, MetricLabel};

use crate::error_codes::ERROR_CODES;
use crate::tasks::Task;

/// A metric by its place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// The version of the program.
    Build,
    /// Requests that were answered.
    Requests,
    /// Durations of requests.
    Duration,
    /// Open connections.
    Connections,
    /// Open GraphQL subscriptions.
    Streams,
    /// Refused requests, by error code.
    Refusals,
    /// Introspected tokens.
    Introspections,
    /// Added grants.
    Grants,
    /// Committed transactions.
    Transactions,
    /// Commits.
    Commits,
    /// Commits that the database lacked at the start.
    LostCommits,
    /// Mails that wait.
    Mail,
    /// Sign-outs of which clients are still to be notified.
    SignOuts,
    /// Background tasks that ended and were not restarted yet.
    TasksDown,
    /// Restarts of background tasks.
    TaskRestarts,
}

/// The metrics, in the order in which they are told.
pub const ALL: [(Name, Metric); 15] = [
    (
        Name::Build,
        Metric {
            name: "grantor_build",
            kind: MetricKind::Info,
            unit: "",
            help: "The program that runs.",
            labels: &[MetricLabel { name: "version", description: "Its version.", values: version }],
        },
    ),
    (
        Name::Requests,
        Metric {
            name: "grantor_http_requests",
            kind: MetricKind::Counter,
            unit: "",
            help: "Requests over HTTP that were answered.",
            labels: &[
                SURFACE,
                MetricLabel { name: "status", description: "The class of the status.", values: classes },
            ],
        },
    ),
    (
        Name::Duration,
        Metric {
            name: "grantor_http_request_duration_seconds",
            kind: MetricKind::Histogram,
            unit: "seconds",
            help: "How long requests took until the head of the answer was there.",
            labels: &[SURFACE],
        },
    ),
    (
        Name::Connections,
        Metric {
            name: "grantor_connections",
            kind: MetricKind::Gauge,
            unit: "",
            help: "Connections that are open, WebSockets among them; `max_connections` is the most.",
            labels: &[],
        },
    ),
    (
        Name::Streams,
        Metric {
            name: "grantor_streams",
            kind: MetricKind::Gauge,
            unit: "",
            help: "GraphQL subscriptions that are open.",
            labels: &[],
        },
    ),
    (
        Name::Refusals,
        Metric {
            name: "grantor_refusals",
            kind: MetricKind::Counter,
            unit: "",
            help: "Requests that were refused; of a GraphQL document that ran in part, the first error counts.",
            labels: &[MetricLabel {
                name: "code",
                description: "The code in the answer, as the page of the errors has it; `other` for one that it does not have.",
                values: codes,
            }],
        },
    ),
    (
        Name::Introspections,
        Metric {
            name: "grantor_introspections",
            kind: MetricKind::Counter,
            unit: "",
            help: "Tokens that were looked at for other services (RFC 7662).",
            labels: &[MetricLabel { name: "result", description: "What was told.", values: results }],
        },
    ),
    (
        Name::Grants,
        Metric {
            name: "grantor_grants_issued",
            kind: MetricKind::Counter,
            unit: "",
            help: "Grants that were added to the registry.",
            labels: &[MetricLabel { name: "kind", description: "What they are.", values: kinds }],
        },
    ),
    (
        Name::Transactions,
        Metric {
            name: "grantor_store_transactions",
            kind: MetricKind::Counter,
            unit: "",
            help: "Transactions that were committed.",
            labels: &[],
        },
    ),
    (
        Name::Commits,
        Metric {
            name: "grantor_store_commits",
            kind: MetricKind::Counter,
            unit: "",
            help: "How often something was committed: on SQLite, transactions that wait are committed together.",
            labels: &[],
        },
    ),
    (
        Name::LostCommits,
        Metric {
            name: "grantor_store_commits_lost",
            kind: MetricKind::Gauge,
            unit: "",
            help: "Acknowledged commits that the database lacked when the program started.",
            labels: &[],
        },
    ),
    (
        Name::Mail,
        Metric {
            name: "grantor_mail_waiting",
            kind: MetricKind::Gauge,
            unit: "",
            help: "Mails that wait to be sent.",
            labels: &[],
        },
    ),
    (
        Name::SignOuts,
        Metric {
            name: "grantor_sign_outs_waiting",
            kind: MetricKind::Gauge,
            unit: "",
            help: "Applications that are still to be told of a sign-out.",
            labels: &[],
        },
    ),
    (
        Name::TasksDown,
        Metric {
            name: "grantor_task_down",
            kind: MetricKind::Gauge,
            unit: "",
            help: "1 while a background task that ended or panicked waits to be restarted, otherwise 0.",
            labels: &[TASK],
        },
    ),
    (
        Name::TaskRestarts,
        Metric {
            name: "grantor_task_restarts",
            kind: MetricKind::Counter,
            unit: "",
            help: "Restarts of background tasks that ended or panicked. A task that ends five times within five minutes ends the program.",
            labels: &[TASK],
        },
    ),
];

const SURFACE: MetricLabel =
    MetricLabel { name: "surface", description: "Which part of the program answered.", values: surfaces };

const TASK: MetricLabel = MetricLabel { name: "task", description: "The task.", values: tasks };

/// What paths begin with, by the surface that answers there; the pages have all others.
const PATHS: [(&str, &str); 17] = [
    ("/id/", "oauth"),
    ("/.well-known/", "oauth"),
    ("/api/domain/odata", "odata"),
    ("/api/domain/", "model"),
    ("/sys/", "model"),
    ("/graphql", "graphql"),
    ("/verify", "gate"),
    ("/leaks", "leaks"),
    ("/health/", "health"),
    ("/metrics", "health"),
    ("/reference", "reference"),
    ("/openapi.json", "reference"),
    ("/asyncapi.json", "reference"),
    ("/config.schema.json", "reference"),
    ("/static/", "static"),
    ("/mail/", PAGES),
    ("/", PAGES),
];
const PAGES: &str = "pages";

/// The surface that answers at a path.
pub(super) fn surface(path: &str) -> &'static str {
    PATHS.iter().find(|(start, _)| path.starts_with(start)).map_or(PAGES, |(_, surface)| surface)
}

/// The class of a status.
pub(super) const fn class(status: u16) -> &'static str {
    match status {
        0..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

/// The result of the introspection of a valid token.
pub const ACTIVE: &str = "active";
/// The result of the introspection of any other token.
pub const INACTIVE: &str = "inactive";

fn version() -> Vec<String> {
    vec![env!("CARGO_PKG_VERSION").to_owned()]
}

fn surfaces() -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for (_, surface) in PATHS {
        if !known.iter().any(|one| one == surface) {
            known.push(surface.to_owned());
        }
    }
    known
}

fn classes() -> Vec<String> {
    [100, 200, 300, 400, 500].map(|status| class(status).to_owned()).into()
}

fn results() -> Vec<String> {
    [ACTIVE, INACTIVE].map(str::to_owned).into()
}

fn tasks() -> Vec<String> {
    Task::ALL.map(|task| task.name().to_owned()).into()
}

fn kinds() -> Vec<String> {
    GrantKind::TYPE.members.iter().map(|member| member.name.to_owned()).collect()
}

fn codes() -> Vec<String> {
    ERROR_CODES.into_iter().chain(["other"]).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_at_its_place() {
        for (place, (name, metric)) in ALL.iter().enumerate() {
            assert_eq!(*name as usize, place, "{}", metric.name);
            // OpenMetrics, section "Unit": a metric's name ends with its unit.
            assert!(metric.name.ends_with(metric.unit), "{}", metric.name);
        }
    }

    #[test]
    fn paths_are_of_surfaces() {
        for (path, expected) in [
            ("/", "pages"),
            ("/tokens", "pages"),
            ("/id/connect/token", "oauth"),
            ("/api/domain/odata/$metadata", "odata"),
            ("/api/domain/standardmodel", "model"),
            ("/graphql/schema.graphql", "graphql"),
            ("/verify/envoy/-", "gate"),
            ("*", "pages"),
        ] {
            assert_eq!(surface(path), expected, "{path}");
        }
    }
}
