//! In which form and version a request wants its answer (OData 4.01 part 1, sections 8.2 and 11.2.12).

use crate::OdataError;

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// JSON with so many control information.
    Json(MetadataLevel),
    /// XML.
    Xml,
    /// Plain text.
    Text,
}

/// How much control information JSON carries (OData JSON 4.01, section 3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MetadataLevel {
    /// Only the number of rows and the link to the next page.
    None,
    /// What a client cannot know otherwise.
    #[default]
    Minimal,
    /// Everything.
    Full,
}

impl Form {
    /// The media type for the header `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json(MetadataLevel::None) => "application/json;odata.metadata=none",
            Self::Json(MetadataLevel::Minimal) => "application/json;odata.metadata=minimal",
            Self::Json(MetadataLevel::Full) => "application/json;odata.metadata=full",
            Self::Xml => "application/xml",
            Self::Text => "text/plain",
        }
    }
}

/// The forms in which a resource can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Rows and properties: JSON.
    Data,
    /// `$metadata`: XML.
    Metadata,
    /// `/$value` and `/$count`: text.
    Raw,
}

impl Offer {
    const fn words(self) -> &'static str {
        match self {
            Self::Data => "application/json",
            Self::Metadata => "application/xml",
            Self::Raw => "text/plain",
        }
    }

    const fn default_form(self) -> Form {
        match self {
            Self::Data => Form::Json(MetadataLevel::Minimal),
            Self::Metadata => Form::Xml,
            Self::Raw => Form::Text,
        }
    }

    /// The form that a media range stands for, if it is offered.
    fn form(self, range: &str) -> Option<Form> {
        let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
        let media = parts.next()?;
        match (self, media.as_str()) {
            (_, "*/*") => Some(self.default_form()),
            (Self::Data, "application/json" | "application/*") => metadata_level(parts).map(Form::Json),
            (Self::Metadata, "application/xml" | "application/*") => Some(Form::Xml),
            (Self::Raw, "text/plain" | "text/*") => Some(Form::Text),
            _ => None,
        }
    }
}

/// The level that a media type's parameters ask for; none for a level that does not exist.
fn metadata_level(parameters: impl Iterator<Item = String>) -> Option<MetadataLevel> {
    let mut level = MetadataLevel::default();
    for parameter in parameters {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        if matches!(name.trim(), "odata.metadata" | "metadata") {
            level = match value.trim() {
                "none" => MetadataLevel::None,
                "minimal" => MetadataLevel::Minimal,
                "full" => MetadataLevel::Full,
                _ => return None,
            };
        }
    }
    Some(level)
}

/// Chooses the form of an answer from `$format`, which counts alone where it is given, and the header `Accept`.
pub fn negotiate(offer: Offer, format: Option<&str>, accept: Option<&str>) -> Result<Form, OdataError> {
    let refused = || OdataError::NotAcceptable { offered: offer.words() };
    if let Some(format) = format {
        let range = match format.to_ascii_lowercase().as_str() {
            "json" => "application/json".to_owned(),
            "xml" => "application/xml".to_owned(),
            _ => format.to_owned(),
        };
        return offer.form(&range).ok_or_else(refused);
    }
    let accept = accept.map(str::trim).filter(|accept| !accept.is_empty());
    let Some(accept) = accept else { return Ok(offer.default_form()) };
    let mut best: Option<(u32, Form)> = None;
    for range in accept.split(',') {
        let quality = quality(range);
        let better = quality > best.map_or(0, |(quality, _)| quality);
        if let Some(form) = offer.form(range).filter(|_| better) {
            best = Some((quality, form));
        }
    }
    best.map(|(_, form)| form).ok_or_else(refused)
}

/// The weight of a media range in thousandths (RFC 9110, section 12.4.2); what is not a weight weighs nothing.
fn quality(range: &str) -> u32 {
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

/// The value of the header `OData-Version` of every answer.
pub const ODATA_VERSION: &str = "4.0";

/// Checks the header `OData-MaxVersion`: an answer in version 4.0 must be acceptable.
pub fn check_max_version(header: Option<&str>) -> Result<(), OdataError> {
    let Some(text) = header else { return Ok(()) };
    let version = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    match (version.0.parse::<u32>(), version.1.parse::<u32>()) {
        (Ok(4..), Ok(_)) => Ok(()),
        _ => Err(OdataError::BadVersion),
    }
}
