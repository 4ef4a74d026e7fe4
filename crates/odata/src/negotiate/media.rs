//! Media ranges of `Accept` and `$format`.

use super::{JsonForm, MetadataLevel};

/// A media range with the parameters defined by OData.
pub(super) struct Range {
    /// Media type in lower case, such as `application/json`.
    pub(super) media: String,
    /// The JSON format.
    pub(super) json: JsonForm,
}

impl Range {
    /// Parses a range. Returns `None` for unknown parameters or values, since no representation with them is
    /// offered (OData 4.01 part 1, section 11.2.12).
    pub(super) fn parse(range: &str) -> Option<Self> {
        let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
        let media = parts.next()?;
        let mut json = JsonForm::default();
        for part in parts.filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            parameter(name.trim(), value.trim().trim_matches('"'), &mut json)?;
        }
        Some(Self { media, json })
    }
}

fn parameter(name: &str, value: &str, json: &mut JsonForm) -> Option<()> {
    match name.strip_prefix("odata.").unwrap_or(name) {
        "metadata" => json.level = MetadataLevel::ALL.into_iter().find(|level| level.name() == value)?,
        "ieee754compatible" => json.ieee754 = truth(value)?,
        // Streaming and exponents have no effect on responses.
        "streaming" | "exponentialdecimals" => drop(truth(value)?),
        "charset" => matches!(value, "utf-8" | "utf8").then_some(())?,
        "q" => {}
        _ => return None,
    }
    Some(())
}

fn truth(value: &str) -> Option<bool> {
    value.parse().ok()
}

/// Returns the weight of a media range in thousandths (RFC 9110, section 12.4.2); 0 if it is invalid.
pub(super) fn quality(range: &str) -> u32 {
    let weights = range.split(';').skip(1).filter_map(|part| part.split_once('='));
    let weight = weights.filter(|(name, _)| name.trim().eq_ignore_ascii_case("q")).last();
    let Some((_, text)) = weight else { return 1000 };
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let padded = format!("{fraction:0<3}");
    match (whole, padded.parse::<u32>()) {
        ("1", _) => 1000,
        ("0", Ok(thousandths)) => thousandths.min(1000),
        _ => 0,
    }
}
