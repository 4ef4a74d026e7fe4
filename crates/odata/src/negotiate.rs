//! In which form and version a request wants its answer (OData 4.01 part 1, sections 8.1, 8.2 and 11.2.12).

mod media;

use crate::OdataError;
use media::{Range, quality};

/// The version of the protocol in which an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// 4.0: control information has the prefix `odata.`.
    #[default]
    V4_0,
    /// 4.01: it has none.
    V4_01,
}

impl Version {
    /// Every version, the oldest first.
    pub const ALL: [Self; 2] = [Self::V4_0, Self::V4_01];

    /// As the header `OData-Version` says it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V4_0 => "4.0",
            Self::V4_01 => "4.01",
        }
    }
}

/// The version of an answer: 4.01 where the header `OData-MaxVersion` allows it by name, 4.0 otherwise. `own` is the
/// header `OData-Version`, the version of the request itself.
pub fn version(max: Option<&str>, own: Option<&str>) -> Result<Version, OdataError> {
    if own.is_some_and(|own| Version::ALL.iter().all(|version| version.name() != own.trim())) {
        return Err(OdataError::BadOwnVersion);
    }
    let Some(max) = max else { return Ok(Version::V4_0) };
    let (major, minor) = max.trim().split_once('.').unwrap_or((max.trim(), "0"));
    match (major.parse::<u32>(), minor.parse::<u32>()) {
        (Ok(4), Ok(0)) => Ok(Version::V4_0),
        (Ok(4..), Ok(_)) => Ok(Version::V4_01),
        _ => Err(OdataError::BadVersion),
    }
}

/// Checks the header `Isolation`: what asks for it must be refused where it cannot be had (OData 4.01 part 1, section
/// 8.2.4).
pub fn check_isolation(isolation: Option<&str>) -> Result<(), OdataError> {
    isolation.map_or(Ok(()), |_| Err(OdataError::NoIsolation))
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Rows and properties as JSON.
    Json(JsonForm),
    /// The model as JSON.
    Csdl,
    /// XML.
    Xml,
    /// Plain text.
    Text,
}

/// How JSON is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JsonForm {
    /// How much control information there is.
    pub level: MetadataLevel,
    /// Whether numbers of the types `Int64` and `Decimal` are texts, for clients whose numbers are IEEE 754 doubles.
    pub ieee754: bool,
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

impl MetadataLevel {
    const ALL: [Self; 3] = [Self::None, Self::Minimal, Self::Full];

    /// As a media type's parameter says it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minimal => "minimal",
            Self::Full => "full",
        }
    }
}

impl Form {
    /// The value of the header `Content-Type`. JSON's parameters have the prefix `odata.` in version 4.0 alone
    /// (OData JSON 4.01, section 3).
    pub fn content_type(self, version: Version) -> String {
        let prefix = if version == Version::V4_0 { "odata." } else { "" };
        match self {
            Self::Json(form) => {
                let ieee754 = if form.ieee754 { ";IEEE754Compatible=true" } else { "" };
                format!("application/json;{prefix}metadata={}{ieee754};charset=utf-8", form.level.name())
            }
            Self::Csdl => "application/json;charset=utf-8".to_owned(),
            Self::Xml => "application/xml;charset=utf-8".to_owned(),
            Self::Text => "text/plain;charset=utf-8".to_owned(),
        }
    }
}

/// The forms in which a resource can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Rows and properties: JSON.
    Data,
    /// `$metadata`: XML or JSON.
    Metadata,
    /// `/$value` and `/$count`: text.
    Raw,
}

impl Offer {
    const fn words(self) -> &'static str {
        match self {
            Self::Data => "application/json",
            Self::Metadata => "application/xml or application/json",
            Self::Raw => "text/plain",
        }
    }

    /// The media types that are offered, with the parameters that choose between them.
    pub fn media_types(self) -> Vec<String> {
        match self {
            Self::Data => {
                let level =
                    |level: MetadataLevel| format!("application/json;odata.metadata={}", level.name());
                MetadataLevel::ALL.map(level).to_vec()
            }
            Self::Metadata => vec!["application/xml".to_owned(), "application/json".to_owned()],
            Self::Raw => vec!["text/plain".to_owned()],
        }
    }

    const fn default_form(self, json: JsonForm) -> Form {
        match self {
            Self::Data => Form::Json(json),
            Self::Metadata => Form::Xml,
            Self::Raw => Form::Text,
        }
    }

    /// The form that a media range stands for, if it is offered.
    fn form(self, range: &str) -> Option<Form> {
        let range = Range::parse(range)?;
        match (self, range.media.as_str()) {
            (_, "*/*") => Some(self.default_form(range.json)),
            (Self::Data, "application/json" | "application/*") => Some(Form::Json(range.json)),
            (Self::Metadata, "application/xml" | "application/*") => Some(Form::Xml),
            (Self::Metadata, "application/json") => Some(Form::Csdl),
            (Self::Raw, "text/plain" | "text/*") => Some(Form::Text),
            _ => None,
        }
    }
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
    let Some(accept) = accept else { return Ok(offer.default_form(JsonForm::default())) };
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
