//! Metrics as text: `OpenMetrics` 1.0, or the older format of Prometheus if the request does not accept it.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use reference::MetricKind;

use super::{BUCKETS, Family, Metrics, Series};

/// A format.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    OpenMetrics,
    Prometheus,
}

impl Format {
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
        }
    }
}

/// All numbers. Series of counters that never counted anything are left out where a metric has labels: there are many codes.
pub(super) fn write(metrics: &Metrics, format: Format) -> String {
    let mut out = String::new();
    for family in &metrics.families {
        describe(&mut out, family, format);
        for (labels, series) in family.rows() {
            let unused = series.value.load(Ordering::Relaxed) == 0 && total(series) == 0;
            if !(unused && family.metric.kind != MetricKind::Gauge && !labels.is_empty()) {
                rows(&mut out, family, &labels, series);
            }
        }
    }
    if format == Format::OpenMetrics {
        out.push_str("# EOF\n");
    }
    out
}

fn describe(out: &mut String, family: &Family, format: Format) {
    let metric = family.metric;
    let old = format == Format::Prometheus;
    let (name, kind) = match metric.kind {
        MetricKind::Counter if old => (format!("{}_total", metric.name), "counter"),
        MetricKind::Counter => (metric.name.to_owned(), "counter"),
        MetricKind::Gauge => (metric.name.to_owned(), "gauge"),
        MetricKind::Histogram => (metric.name.to_owned(), "histogram"),
        MetricKind::Info if old => (format!("{}_info", metric.name), "gauge"),
        MetricKind::Info => (metric.name.to_owned(), "info"),
    };
    let _ = writeln!(out, "# HELP {name} {}", escape(metric.help));
    let _ = writeln!(out, "# TYPE {name} {kind}");
    if !old && !metric.unit.is_empty() {
        let _ = writeln!(out, "# UNIT {name} {}", metric.unit);
    }
}

fn rows(out: &mut String, family: &Family, labels: &[(&str, &str)], series: &Series) {
    let name = family.metric.name;
    let value = series.value.load(Ordering::Relaxed);
    match family.metric.kind {
        MetricKind::Counter => row(out, &format!("{name}_total"), labels, &value.to_string()),
        MetricKind::Gauge => row(out, name, labels, &value.to_string()),
        MetricKind::Info => row(out, &format!("{name}_info"), labels, &value.to_string()),
        MetricKind::Histogram => {
            let mut below = 0;
            let ends = BUCKETS.iter().map(|(_, end)| *end).chain(["+Inf"]);
            for (end, count) in ends.zip(&series.buckets) {
                below += count.load(Ordering::Relaxed);
                let labels: Vec<_> = labels.iter().copied().chain([("le", end)]).collect();
                row(out, &format!("{name}_bucket"), &labels, &below.to_string());
            }
            row(out, &format!("{name}_count"), labels, &below.to_string());
            let seconds = format!("{}.{:06}", value / 1_000_000, value % 1_000_000);
            row(out, &format!("{name}_sum"), labels, &seconds);
        }
    }
}

fn total(series: &Series) -> u64 {
    series.buckets.iter().map(|count| count.load(Ordering::Relaxed)).sum()
}

fn row(out: &mut String, name: &str, labels: &[(&str, &str)], value: &str) {
    let labels: Vec<_> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escape(value))).collect();
    let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
    let _ = writeln!(out, "{name}{labels} {value}");
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::super::{Metrics, Name};
    use super::{Format, write};

    #[test]
    fn numbers_are_told_in_both_formats() {
        let metrics = Metrics::default();
        metrics.answered("/id/connect/token", 200, 1000);
        metrics.answered("/id/connect/token", 401, 3_000_000);
        metrics.answered("/", 200, 99_000_000);
        metrics.count(Name::Refusals, &["invalid_client"]);
        metrics.count(Name::Refusals, &["an unknown code"]);
        metrics.set(Name::Mail, &[], 7);
        let new = write(&metrics, Format::OpenMetrics);
        for line in [
            "# TYPE grantor_http_requests counter",
            "grantor_http_requests_total{surface=\"oauth\",status=\"2xx\"} 1",
            "grantor_http_requests_total{surface=\"oauth\",status=\"4xx\"} 1",
            "# UNIT grantor_http_request_duration_seconds seconds",
            "grantor_http_request_duration_seconds_bucket{surface=\"oauth\",le=\"0.001\"} 1",
            "grantor_http_request_duration_seconds_bucket{surface=\"oauth\",le=\"2.5\"} 1",
            "grantor_http_request_duration_seconds_bucket{surface=\"oauth\",le=\"10.0\"} 2",
            "grantor_http_request_duration_seconds_bucket{surface=\"pages\",le=\"10.0\"} 0",
            "grantor_http_request_duration_seconds_bucket{surface=\"pages\",le=\"+Inf\"} 1",
            "grantor_http_request_duration_seconds_count{surface=\"oauth\"} 2",
            "grantor_http_request_duration_seconds_sum{surface=\"oauth\"} 3.001000",
            "grantor_refusals_total{code=\"invalid_client\"} 1",
            "grantor_refusals_total{code=\"other\"} 1",
            "grantor_mail_waiting 7",
            "grantor_sign_outs_waiting 0",
            "grantor_store_commits_total 0",
            concat!("grantor_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
        ] {
            assert!(new.lines().any(|known| known == line), "{line}\n{new}");
        }
        assert!(new.ends_with("\n# EOF\n") && !new.contains("surface=\"gate\""), "{new}");
        let old = write(&metrics, Format::Prometheus);
        assert!(
            old.contains("# TYPE grantor_http_requests_total counter\n") && !old.contains("# UNIT"),
            "{old}"
        );
        let samples = |text: &str| text.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(samples(&old), samples(&new));
    }
}
