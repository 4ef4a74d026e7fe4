//! Content and version negotiation (OData 4.01 part 1, sections 8.1, 8.2 and 11.2.12).

mod media;

use crate::OdataError;
use media::{Range, quality};

/// The protocol version of a response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// 4.0: control information has the prefix `odata.`.
    #[default]
    V4_0,
    /// 4.01: control information has no prefix.
    V4_01,
}

impl Version {
    /// All versions, in ascending order.
    pub const ALL: [Self; 2] = [Self::V4_0, Self::V4_01];

    /// Returns the version as in the header `OData-Version`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V4_0 => "4.0",
            Self::V4_01 => "4.01",
        }
    }
}

/// Returns the version of the response: 4.01 if the header `OData-MaxVersion` names it or a later one,
/// otherwise 4.0. `own` is the header `OData-Version` of the request itself.
///
/// ```
/// use odata::negotiate::{Version, version};
///
/// assert_eq!(version(None, None), Ok(Version::V4_0));
/// assert_eq!(version(Some("4.01"), Some("4.0")), Ok(Version::V4_01));
/// assert_eq!(version(Some("3.0"), None).unwrap_err().target(), Some("OData-MaxVersion"));
/// ```
///
/// # Errors
/// [`OdataError::BadVersion`] for a maximum below 4.0, [`OdataError::BadOwnVersion`] for an unknown version
/// of the request.
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

/// Checks the header `Isolation`: a request for isolation must be refused if it is not supported (OData 4.01
/// part 1, section 8.2.4).
///
/// ```
/// use odata::negotiate::check_isolation;
///
/// assert!(check_isolation(None).is_ok());
/// assert_eq!(check_isolation(Some("snapshot")).unwrap_err().kind().status(), 412);
/// ```
///
/// # Errors
/// [`OdataError::NoIsolation`] if the header is present.
pub fn check_isolation(isolation: Option<&str>) -> Result<(), OdataError> {
    isolation.map_or(Ok(()), |_| Err(OdataError::NoIsolation))
}

/// The representation of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Rows and properties as JSON.
    Json(JsonForm),
    /// The model as CSDL JSON.
    Csdl,
    /// XML.
    Xml,
    /// Plain text.
    Text,
}

/// The JSON format of a response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JsonForm {
    /// Amount of control information.
    pub level: MetadataLevel,
    /// Whether numbers of the types `Int64` and `Decimal` are strings, for clients whose numbers are IEEE 754
    /// doubles.
    pub ieee754: bool,
}

/// Amount of control information in JSON (OData JSON 4.01, section 3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MetadataLevel {
    /// Only the number of rows and the link to the next page.
    None,
    /// Only information that a client cannot compute.
    #[default]
    Minimal,
    /// All information.
    Full,
}

impl MetadataLevel {
    const ALL: [Self; 3] = [Self::None, Self::Minimal, Self::Full];

    /// Returns the level as in the parameter of a media type.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minimal => "minimal",
            Self::Full => "full",
        }
    }
}

impl Form {
    /// Returns the value of the header `Content-Type`. JSON parameters have the prefix `odata.` in version
    /// 4.0 only (OData JSON 4.01, section 3).
    ///
    /// ```
    /// use odata::negotiate::{Form, JsonForm, Version};
    ///
    /// let form = Form::Json(JsonForm::default());
    /// assert_eq!(form.content_type(Version::V4_01), "application/json;metadata=minimal;charset=utf-8");
    /// ```
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

/// The representations that a resource offers.
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

    /// Returns the offered media types, with the parameters that distinguish them.
    ///
    /// ```
    /// use odata::negotiate::Offer;
    ///
    /// assert_eq!(Offer::Metadata.media_types(), ["application/xml", "application/json"]);
    /// ```
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

    /// Returns the representation for a media range, if it is offered.
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

/// Chooses the representation of a response from `$format` or, without it, from the header `Accept`, which does not
/// apply to raw values.
///
/// ```
/// use odata::negotiate::{Form, Offer, negotiate};
///
/// let accept = "application/json;q=0.5, application/xml";
/// assert_eq!(negotiate(Offer::Metadata, None, Some(accept)), Ok(Form::Xml));
/// assert_eq!(negotiate(Offer::Metadata, Some("json"), Some(accept)), Ok(Form::Csdl));
/// assert!(negotiate(Offer::Data, None, Some("text/html")).is_err());
/// ```
///
/// # Errors
/// [`OdataError::NotAcceptable`] if no offered representation is accepted.
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
    // A number or a raw value has one representation (OData 4.01 part 1, section 11.2.10).
    if offer == Offer::Raw {
        return Ok(Form::Text);
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
