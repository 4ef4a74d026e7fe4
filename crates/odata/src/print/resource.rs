//! Text form of URL paths, percent-encoded where required.

use std::fmt::{self, Display, Formatter};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::ast::path::{Segment, SegmentKind, Target};

/// The characters to encode in a path.
const IN_PATH: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?');
/// The characters to encode in a segment.
const IN_SEGMENT: &AsciiSet = &IN_PATH.add(b'/');

impl Display for Target {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service => Ok(()),
            Self::Metadata => f.write_str("$metadata"),
            Self::Batch => f.write_str("$batch"),
            Self::Entity(cast) => write_cast("$entity", cast.as_deref(), f),
            Self::All(cast) => write_cast("$all", cast.as_deref(), f),
            Self::CrossJoin { sets, query } => {
                let end = if *query { ")/$query" } else { ")" };
                let sets = sets.join(",");
                write!(f, "$crossjoin({}{end}", utf8_percent_encode(&sets, IN_PATH))
            }
            Self::Resource(segments) => {
                for (index, segment) in segments.iter().enumerate() {
                    let in_parentheses = matches!(segment.kind, SegmentKind::Key(_) | SegmentKind::Named(_));
                    f.write_str(if index == 0 || in_parentheses { "" } else { "/" })?;
                    segment.fmt(f)?;
                }
                Ok(())
            }
        }
    }
}

fn write_cast(word: &str, cast: Option<&str>, f: &mut Formatter<'_>) -> fmt::Result {
    match cast {
        Some(cast) => write!(f, "{word}/{}", utf8_percent_encode(cast, IN_PATH)),
        None => f.write_str(word),
    }
}

impl Display for Segment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let within_segment = |text: &str, f: &mut Formatter<'_>| utf8_percent_encode(text, IN_SEGMENT).fmt(f);
        let text = match &self.kind {
            SegmentKind::Name(name) => name.clone(),
            SegmentKind::Text(text) => return within_segment(text, f),
            SegmentKind::Key(key) => return within_segment(&format!("({key})"), f),
            SegmentKind::Named(named) => {
                let named: Vec<String> = named.iter().map(|(name, key)| format!("{name}={key}")).collect();
                return within_segment(&format!("({})", named.join(",")), f);
            }
            SegmentKind::Count => "$count".to_owned(),
            SegmentKind::Ref => "$ref".to_owned(),
            SegmentKind::Value => "$value".to_owned(),
            SegmentKind::Each => "$each".to_owned(),
            SegmentKind::Query => "$query".to_owned(),
            SegmentKind::Filter(filter) => format!("$filter({filter})"),
        };
        utf8_percent_encode(&text, IN_PATH).fmt(f)
    }
}
