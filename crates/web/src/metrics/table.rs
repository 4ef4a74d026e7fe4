//! Every metric, declared once, for `/metrics` and the reference.

use model::entities::GrantKind;
use reference::{Metric, MetricKind, MetricLabel};

use super::surface::{classes, surfaces};
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

/// The metrics, in the order of the output.
pub const ALL: [(Name, Metric); 15] = [
    (
        Name::Build,
        Metric {
            name: "grantor_build",
            kind: MetricKind::Info,
            unit: "",
            help: "The running program.",
            labels: &[MetricLabel { name: "version", description: "Its version.", values: version }],
        },
    ),
    (
        Name::Requests,
        Metric {
            name: "grantor_http_requests",
            kind: MetricKind::Counter,
            unit: "",
            help: "Answered HTTP requests.",
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
            help: "Time from the request to the head of the response.",
            labels: &[SURFACE],
        },
    ),
    (
        Name::Connections,
        Metric {
            name: "grantor_connections",
            kind: MetricKind::Gauge,
            unit: "",
            help: "Open connections, including WebSockets; limited by `max_connections`.",
            labels: &[],
        },
    ),
    (
        Name::Streams,
        Metric {
            name: "grantor_streams",
            kind: MetricKind::Gauge,
            unit: "",
            help: "Open GraphQL subscriptions.",
            labels: &[],
        },
    ),
    (
        Name::Refusals,
        Metric {
            name: "grantor_refusals",
            kind: MetricKind::Counter,
            unit: "",
            help: "Refused requests. For a GraphQL document that ran in part, the first error counts.",
            labels: &[MetricLabel {
                name: "code",
                description: "The error code, as on the page of the errors; `other` for an unlisted one.",
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
            help: "Introspected tokens (RFC 7662).",
            labels: &[MetricLabel { name: "result", description: "The result.", values: results }],
        },
    ),
    (
        Name::Grants,
        Metric {
            name: "grantor_grants_issued",
            kind: MetricKind::Counter,
            unit: "",
            help: "Grants added to the registry.",
            labels: &[MetricLabel { name: "kind", description: "The kind of the grant.", values: kinds }],
        },
    ),
    (
        Name::Transactions,
        Metric {
            name: "grantor_store_transactions",
            kind: MetricKind::Counter,
            unit: "",
            help: "Committed transactions.",
            labels: &[],
        },
    ),
    (
        Name::Commits,
        Metric {
            name: "grantor_store_commits",
            kind: MetricKind::Counter,
            unit: "",
            help: "Commits. On SQLite, waiting transactions are committed together.",
            labels: &[],
        },
    ),
    (
        Name::LostCommits,
        Metric {
            name: "grantor_store_commits_lost",
            kind: MetricKind::Gauge,
            unit: "",
            help: "Acknowledged commits that were missing in the database at the start of the program.",
            labels: &[],
        },
    ),
    (
        Name::Mail,
        Metric {
            name: "grantor_mail_waiting",
            kind: MetricKind::Gauge,
            unit: "",
            help: "Mails waiting to be sent.",
            labels: &[],
        },
    ),
    (
        Name::SignOuts,
        Metric {
            name: "grantor_sign_outs_waiting",
            kind: MetricKind::Gauge,
            unit: "",
            help: "Logout notifications waiting to be sent.",
            labels: &[],
        },
    ),
    (
        Name::TasksDown,
        Metric {
            name: "grantor_task_down",
            kind: MetricKind::Gauge,
            unit: "",
            help: "1 while an ended background task waits for its restart, otherwise 0.",
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
    MetricLabel { name: "surface", description: "The part of the program that answered.", values: surfaces };

const TASK: MetricLabel = MetricLabel { name: "task", description: "The task.", values: tasks };

/// The result of the introspection of a valid token.
pub const ACTIVE: &str = "active";
/// The result of the introspection of any other token.
pub const INACTIVE: &str = "inactive";

fn version() -> Vec<String> {
    vec![env!("CARGO_PKG_VERSION").to_owned()]
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
}
