//! The page of what the program measures of itself.

use super::GROUP;
use crate::page::{Block, Cell, Inline, Page, code, text};
use crate::prose::prose;
use crate::{Metric, MetricKind, MetricLabel};

/// How many values of a label are listed; of more, the description says where they are.
const LISTED: usize = 16;

pub(crate) fn page(metrics: &[Metric]) -> Page {
    let mut page = Page::new("metrics", "Metrics", GROUP);
    page.summary = prose("What the program measures of itself, as collectors read it at `/metrics`.");
    page.paragraph(prose(
        "Numbers begin with 0 when the program starts. A series of a counter that has labels is there once it counted something.",
    ));
    let rows = metrics.iter().map(|metric| {
        vec![
            Cell::named(metric.name),
            Cell::of(vec![text(kind(metric.kind))]),
            Cell::of(if metric.unit.is_empty() { Vec::new() } else { vec![text(metric.unit)] }),
            Cell::of(metric.labels.iter().enumerate().flat_map(label).collect()),
            Cell::of(prose(metric.help)),
        ]
    });
    let heads = vec!["Name", "Kind", "Unit", "Labels", "Description"];
    page.blocks.push(Block::Table(heads, rows.collect()));
    page
}

/// A kind, with what the names of its series end with.
const fn kind(kind: MetricKind) -> &'static str {
    match kind {
        MetricKind::Counter => "counter (_total)",
        MetricKind::Gauge => "gauge",
        MetricKind::Histogram => "histogram (_bucket, _count, _sum)",
        MetricKind::Info => "info (_info)",
    }
}

fn label((index, label): (usize, &MetricLabel)) -> Vec<Inline> {
    let mut said = if index == 0 { Vec::new() } else { vec![Inline::Break] };
    said.extend([code(label.name), text(": ")]);
    said.extend(prose(label.description));
    let values = (label.values)();
    if values.len() <= LISTED {
        let listed = values.into_iter().enumerate();
        said.extend(
            listed.flat_map(|(index, value)| [text(if index == 0 { " " } else { ", " }), code(value)]),
        );
    }
    said
}
