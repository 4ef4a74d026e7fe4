//! The query of a URL: percent-decoding and splitting into options.

use crate::OdataError;
use crate::ast::Options;
use crate::error::Place;
use crate::lexer::Strictness;
use crate::metadata::SCHEMA_VERSION;
use crate::options::{OptionName, find_query_option, nearest_option};
use crate::parse;

/// The options in the query of a URL.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueryOptions {
    /// The options of a query of rows.
    pub query: Options,
    /// `$format`: the requested representation.
    pub format: Option<String>,
    /// `$skiptoken`: the start of the page.
    pub skip_token: Option<String>,
    /// `$deltatoken`: the state since which changes are requested.
    pub delta_token: Option<String>,
    /// `$id`: the identifier of a row.
    pub id: Option<String>,
    /// `options=skipnulls`: omit properties without a value.
    pub skip_nulls: bool,
    /// Custom options with their values.
    pub custom: Vec<(String, String)>,
    /// `options=expandgroup`: include the display text of rows that are grouping keys.
    pub expand_groups: bool,
}

/// Maximum number of options in one query.
const MAX_OPTIONS: usize = 100;

impl QueryOptions {
    /// Parses the percent-encoded query of a URL, without the `?`.
    ///
    /// The query is split at `&` and the first `=` before it is decoded (OData 4.01 part 2, section 2). Names
    /// of system options are case-insensitive and may lack the `$`; custom options are only decoded.
    ///
    /// ```
    /// use odata::QueryOptions;
    ///
    /// let options = QueryOptions::parse("filter=Name%20eq%20@n&@n='x'&$count=true&trace=1")?;
    /// assert_eq!(options.query.filter.map(|filter| filter.to_string()).as_deref(), Some("Name eq @n"));
    /// assert_eq!((options.query.count, options.query.aliases.len()), (Some(true), 1));
    /// assert_eq!(options.custom, [("trace".to_owned(), "1".to_owned())]);
    /// # Ok::<(), odata::OdataError>(())
    /// ```
    pub fn parse(raw: &str) -> Result<Self, OdataError> {
        let mut result = Self::default();
        let mut seen = Vec::new();
        for (count, (name, value)) in pairs(raw).enumerate() {
            if count == MAX_OPTIONS {
                let expected = format!("at most {MAX_OPTIONS} options");
                return Err(OdataError::BadOption { name: "query".to_owned(), expected });
            }
            let name = decode("query", name)?;
            let text = decode(&name, value)?;
            result.add(&name, &text, &encoded_bytes(value, "%3B"), &mut seen)?;
        }
        Ok(result)
    }

    /// Takes the option `$id` of a request for `$entity`.
    ///
    /// ```
    /// use odata::QueryOptions;
    ///
    /// let mut options = QueryOptions::parse("$id=Users(1)")?;
    /// assert_eq!(options.take_id()?, "Users(1)");
    /// assert_eq!(options.take_id().unwrap_err().target(), Some("$id"));
    /// # Ok::<(), odata::OdataError>(())
    /// ```
    ///
    /// # Errors
    /// [`OdataError::Misplaced`] if the option is missing.
    pub fn take_id(&mut self) -> Result<String, OdataError> {
        let message = "'$entity' requires the option '$id' with the URL of a row";
        self.id.take().ok_or(OdataError::Misplaced { name: "$id", message })
    }

    /// Rejects the option `$id` on paths other than `$entity`.
    ///
    /// # Errors
    /// [`OdataError::Misplaced`] if the option is present.
    pub fn refuse_id(&self) -> Result<(), OdataError> {
        let message = "'$id' is only allowed with '$entity'";
        self.id.as_ref().map_or(Ok(()), |_| Err(OdataError::Misplaced { name: "$id", message }))
    }

    /// Rejects the query options of rows, for `$metadata` and the service document.
    ///
    /// ```
    /// use odata::QueryOptions;
    ///
    /// assert!(QueryOptions::parse("$format=json&trace=1")?.refuse_query().is_ok());
    /// assert!(QueryOptions::parse("$top=1")?.refuse_query().is_err());
    /// # Ok::<(), odata::OdataError>(())
    /// ```
    ///
    /// # Errors
    /// [`OdataError::Misplaced`] if an option other than `$format` and `$schemaversion` is present.
    pub fn refuse_query(&self) -> Result<(), OdataError> {
        let message = "'$metadata' and the service document allow '$format' and '$schemaversion' only";
        let is_query = self.query != Options::default() || self.skip_token.is_some();
        if is_query { Err(OdataError::Misplaced { name: "query", message }) } else { Ok(()) }
    }

    /// Rejects the option `expandgroup` where no rows are grouped.
    ///
    /// # Errors
    /// [`OdataError::Misplaced`] if the option is present and `$apply` does not group rows.
    pub fn refuse_expand_group(&self) -> Result<(), OdataError> {
        let message = "'expandgroup' is only allowed with '$apply' and groupby";
        if self.query.expand_group.is_empty() || self.query.makes_groups() {
            return Ok(());
        }
        Err(OdataError::Misplaced { name: parse::EXPAND_GROUP, message })
    }

    /// Rejects the option `$deltatoken` on resources without change tracking.
    ///
    /// # Errors
    /// [`OdataError::Misplaced`] if the option is present.
    pub fn refuse_delta_token(&self) -> Result<(), OdataError> {
        let message = "'$deltatoken' is only allowed in the delta link of a page of rows";
        let misplaced = OdataError::Misplaced { name: "$deltatoken", message };
        self.delta_token.as_ref().map_or(Ok(()), |_| Err(misplaced))
    }

    fn add(
        &mut self,
        name: &str,
        value: &str,
        semicolons: &[usize],
        seen: &mut Vec<OptionName>,
    ) -> Result<(), OdataError> {
        if let Some(alias) = name.strip_prefix('@') {
            return self.add_alias(alias, value);
        }
        let Some(option) = find_query_option(name) else {
            return if name.starts_with('$') {
                let suggestion = nearest_option(name);
                Err(OdataError::UnknownOption { name: name.to_owned(), suggestion })
            } else {
                self.add_custom(name, value, semicolons)
            };
        };
        if seen.contains(&option) {
            return Err(OdataError::DuplicateOption { name: option.name().to_owned() });
        }
        seen.push(option);
        match option {
            OptionName::Format => self.format = Some(value.to_owned()),
            OptionName::SkipToken => self.skip_token = Some(value.to_owned()),
            OptionName::DeltaToken => self.delta_token = Some(value.to_owned()),
            OptionName::Id => self.id = Some(value.to_owned()),
            OptionName::SchemaVersion => check_schema_version(value)?,
            option => {
                let given = parse::Input { text: value, semicolons, strictness: Strictness::Tolerant };
                if let Some(duplicate) = parse::option(option, given, &mut self.query)? {
                    return Err(duplicate);
                }
                if option == OptionName::Index {
                    let place = Some(Place { option: option.name().to_owned(), at: 0 });
                    return Err(OdataError::NotOffered { what: option.name().to_owned(), place });
                }
            }
        }
        Ok(())
    }

    fn add_alias(&mut self, name: &str, value: &str) -> Result<(), OdataError> {
        if self.query.aliases.iter().any(|(known, _)| known == name) {
            return Err(OdataError::DuplicateOption { name: format!("@{name}") });
        }
        let value = parse::alias(name, value)?;
        self.query.aliases.push((name.to_owned(), value));
        Ok(())
    }

    fn add_custom(&mut self, name: &str, value: &str, semicolons: &[usize]) -> Result<(), OdataError> {
        if name == parse::EXPAND_GROUP {
            if !self.query.expand_group.is_empty() {
                return Err(OdataError::DuplicateOption { name: name.to_owned() });
            }
            let given = parse::Input { text: value, semicolons, strictness: Strictness::Tolerant };
            self.query.expand_group = parse::expand_group(given)?;
            return Ok(());
        }
        if name != "options" {
            self.custom.push((name.to_owned(), value.to_owned()));
            return Ok(());
        }
        for word in value.split(',') {
            match word.trim() {
                "skipnulls" => self.skip_nulls = true,
                "expandgroup" => self.expand_groups = true,
                _ => {
                    let expected = "'skipnulls' or 'expandgroup'".to_owned();
                    return Err(OdataError::BadOption { name: name.to_owned(), expected });
                }
            }
        }
        Ok(())
    }
}

/// Checks the requested schema version: the model has one version (OData 4.01 part 1, section 11.2.12).
fn check_schema_version(value: &str) -> Result<(), OdataError> {
    if value == "*" || value == SCHEMA_VERSION {
        return Ok(());
    }
    let suggestion = Some(SCHEMA_VERSION.to_owned());
    Err(OdataError::NotFound { what: "schema version", name: value.to_owned(), suggestion })
}

/// Returns the options of a query as names and values, still percent-encoded.
pub(crate) fn pairs(raw: &str) -> impl Iterator<Item = (&str, &str)> {
    raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Decodes the percent-encoding in a part of a URL, whose name is part of the error. A `+` remains: OData has
/// no form encoding.
///
/// ```
/// assert_eq!(odata::decode("path", "a%2Fb+c").as_deref(), Ok("a/b+c"));
/// assert_eq!(odata::decode("path", "a%2").unwrap_err().position(), Some(1));
/// ```
///
/// # Errors
/// [`OdataError::Encoding`] for an incomplete escape, or bytes that are not UTF-8.
pub fn decode(part: &str, raw: &str) -> Result<String, OdataError> {
    let error = |at| OdataError::Encoding { part: part.to_owned(), at };
    if let Some(byte) = bad_percent(raw) {
        return Err(error(characters_before(raw, byte)));
    }
    match percent_encoding::percent_decode_str(raw).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(bad) => Err(error(encoded_position(raw, bad.valid_up_to()))),
    }
}

/// Returns the byte index of the first `%` without two hexadecimal digits.
pub fn bad_percent(raw: &str) -> Option<usize> {
    let bytes = raw.as_bytes();
    let is_hex = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_hexdigit);
    raw.match_indices('%').map(|(index, _)| index).find(|index| !is_hex(index + 1) || !is_hex(index + 2))
}

/// Returns the byte positions in the decoded text of an encoded character such as `%2F`, in ascending order.
pub fn encoded_bytes(raw: &str, code: &str) -> Vec<usize> {
    let is_code =
        |at: usize| raw.get(at..at + code.len()).is_some_and(|given| given.eq_ignore_ascii_case(code));
    let percents = raw.match_indices('%').map(|(at, _)| at).enumerate();
    percents.filter(|(_, at)| is_code(*at)).map(|(before, at)| at - 2 * before).collect()
}

/// Returns the character index in an encoded text of a character in the decoded text.
///
/// ```
/// assert_eq!(odata::encoded_index("a%20b", 2), 4);
/// ```
pub fn encoded_index(raw: &str, decoded_index: usize) -> usize {
    let bytes = decode("", raw).map_or(0, |text| text.chars().take(decoded_index).map(char::len_utf8).sum());
    encoded_position(raw, bytes)
}

/// Returns the character index in an encoded text that holds a byte of the decoded text.
fn encoded_position(raw: &str, decoded: usize) -> usize {
    let mut byte = 0;
    for _ in 0..decoded {
        byte += if raw.as_bytes().get(byte) == Some(&b'%') { 3 } else { 1 };
    }
    characters_before(raw, byte)
}

fn characters_before(raw: &str, byte: usize) -> usize {
    raw.char_indices().take_while(|(index, _)| *index < byte).count()
}
