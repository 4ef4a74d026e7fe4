//! The metrics of the program. Counting adds to an atomic number, without locks.

mod serve;
mod surface;
mod table;
mod text;

use std::sync::atomic::{AtomicU64, Ordering};

use reference::{Metric, MetricKind};

pub use serve::{ENDPOINT, show};
pub use table::{ACTIVE, ALL, INACTIVE, Name};

/// The upper bounds of the buckets of durations: in microseconds, and in seconds as the format has them.
const BUCKETS: [(u64, &str); 12] = [
    (1000, "0.001"),
    (2500, "0.0025"),
    (5000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1.0"),
    (2_500_000, "2.5"),
    (10_000_000, "10.0"),
];

/// The numbers.
pub struct Metrics {
    families: Vec<Family>,
    /// The bearer token of a collector. Without it, only requests of this computer are answered.
    token: Option<String>,
    /// The number of open connections.
    connections: Gauge,
    /// The number of open GraphQL subscriptions.
    streams: Gauge,
}

/// A function that reads a number of another part of the program.
type Gauge = Box<dyn Fn() -> u64 + Send + Sync>;

/// A metric with its numbers, one for each combination of the values of its labels.
struct Family {
    metric: &'static Metric,
    /// The values of each label.
    labels: Vec<Vec<String>>,
    series: Vec<Series>,
}

/// One number; or the number of durations in each bucket, with those above all bounds last, and their sum.
#[derive(Default)]
struct Series {
    value: AtomicU64,
    buckets: Vec<AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Metrics {
    /// Returns metrics without values.
    pub fn new(token: Option<String>) -> Self {
        static TABLE: [(Name, Metric); ALL.len()] = ALL;
        Self {
            families: TABLE.iter().map(|(_, metric)| Family::new(metric)).collect(),
            token,
            connections: Box::new(|| 0),
            streams: Box::new(|| 0),
        }
    }

    /// Adds the functions that read the numbers of open connections and of open subscriptions.
    pub fn watching(
        self,
        connections: impl Fn() -> u64 + Send + Sync + 'static,
        streams: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> Self {
        Self { connections: Box::new(connections), streams: Box::new(streams), ..self }
    }

    /// Adds one to the series with these label values.
    pub fn count(&self, name: Name, values: &[&str]) {
        if let Some(series) = self.series(name, values) {
            series.value.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts an answered request.
    pub fn answered(&self, path: &str, status: u16, micros: u64) {
        let name = surface::surface(path);
        self.count(Name::Requests, &[name, surface::class(status)]);
        let Some(series) = self.series(Name::Duration, &[name]) else { return };
        series.value.fetch_add(micros, Ordering::Relaxed);
        let bucket = BUCKETS.iter().position(|(end, _)| micros <= *end).unwrap_or(BUCKETS.len());
        if let Some(bucket) = series.buckets.get(bucket) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sets a number of another part of the program.
    fn set(&self, name: Name, values: &[&str], value: u64) {
        if let Some(series) = self.series(name, values) {
            series.value.store(value, Ordering::Relaxed);
        }
    }

    fn series(&self, name: Name, values: &[&str]) -> Option<&Series> {
        let family = self.families.get(name as usize)?;
        let place = family.labels.iter().zip(values).try_fold(0, |place, (known, value)| {
            // An unknown value counts as the last one.
            let own = known.iter().position(|one| one == value).or(known.len().checked_sub(1))?;
            Some(place * known.len() + own)
        })?;
        family.series.get(place)
    }
}

impl Family {
    fn new(metric: &'static Metric) -> Self {
        let labels: Vec<Vec<String>> = metric.labels.iter().map(|label| (label.values)()).collect();
        let count = labels.iter().map(Vec::len).product();
        let buckets = if metric.kind == MetricKind::Histogram { BUCKETS.len() + 1 } else { 0 };
        let series = || Series {
            value: AtomicU64::new(u64::from(metric.kind == MetricKind::Info)),
            buckets: (0..buckets).map(|_| AtomicU64::new(0)).collect(),
        };
        Self { metric, labels, series: (0..count).map(|_| series()).collect() }
    }

    /// The numbers, each with the values of its labels.
    fn rows(&self) -> impl Iterator<Item = (Vec<(&'static str, &str)>, &Series)> {
        self.series.iter().enumerate().map(|(mut place, series)| {
            let mut values = Vec::new();
            for (label, known) in self.metric.labels.iter().zip(&self.labels).rev() {
                values.push((label.name, known.get(place % known.len()).map_or("", String::as_str)));
                place /= known.len();
            }
            values.reverse();
            (values, series)
        })
    }
}
