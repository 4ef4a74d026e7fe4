//! The page of what the program measures of itself.

use super::GROUP;
use crate::page::{Block, Cell, Inline, Page, code, text};
use crate::prose::prose;
use crate::{Metric, MetricKind, MetricLabel};

/// The maximum number of listed values of a label; of more, the description names their source.
const LISTED: usize = 16;

pub(crate) fn page(metrics: &[Metric]) -> Page {
    let mut page = Page::new("metrics", "Metrics", GROUP);
    page.summary = prose("What the program measures of itself, as collectors read it at `/metrics`.");
    page.paragraph(prose(
        "Numbers begin with 0 when the program starts. A series of a counter that has labels is there once it counted something.",
    ));
    let rows = metrics.iter().map(|metric| {
        let line = prose(metric.help).into_iter().chain(metric.labels.iter().flat_map(label));
        vec![Cell::named(metric.name), Cell::of(vec![text(kind(metric))]), Cell::of(line.collect())]
    });
    page.blocks.push(Block::Table(vec!["Name", "Kind", "Description"], rows.collect()));
    page
}

/// The kind of a metric with what the names of its series end with, and its unit.
fn kind(metric: &Metric) -> String {
    let kind = match metric.kind {
        MetricKind::Counter => "counter (_total)",
        MetricKind::Gauge => "gauge",
        MetricKind::Histogram => "histogram (_bucket, _count, _sum)",
        MetricKind::Info => "info (_info)",
    };
    if metric.unit.is_empty() { kind.to_owned() } else { format!("{kind}, in {}", metric.unit) }
}

/// Returns a label on a line of its own.
fn label(label: &MetricLabel) -> Vec<Inline> {
    let mut line = vec![Inline::Break, code(label.name), text(": ")];
    line.extend(prose(label.description));
    let values = (label.values)();
    if values.len() <= LISTED {
        let listed = values.into_iter().enumerate();
        line.extend(
            listed.flat_map(|(index, value)| [text(if index == 0 { " " } else { ", " }), code(value)]),
        );
    }
    line
}
