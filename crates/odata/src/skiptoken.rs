//! Page and delta tokens, authenticated by a keyed hash.

mod links;

use std::fmt::Write as _;

use data_encoding::BASE64URL_NOPAD;
use model::query::DeltaState;
use model::{Timestamp, Uuid, Value};

use crate::OdataError;
use crate::ast::Options;
use crate::print::comma_separated;

pub use links::{delta_link, next_link, without_delta};

/// A keyed hash with a key of the service.
pub type Mac<'a> = &'a dyn Fn(&[u8]) -> [u8; 32];

/// Number of bytes of the keyed hash in a token.
const MAC_LENGTH: usize = 16;
/// Maximum length of a token, in characters.
const MAX_TOKEN: usize = 8 * 1024;

/// Returns the scope of a page token: the same rows of a path (`resource`), in the same order, with the same
/// properties.
///
/// ```
/// use odata::{QueryOptions, skiptoken};
///
/// let options = QueryOptions::parse("$filter=Active&$top=5")?;
/// let scope = skiptoken::scope("Users", &options.query);
/// assert_eq!(scope, "Users?$orderby=&$filter=Active&$select=");
/// # Ok::<(), odata::OdataError>(())
/// ```
pub fn scope(resource: &str, options: &Options) -> String {
    let mut text = format!("{resource}?$orderby={}", comma_separated(&options.order_by));
    // Writing to a String cannot fail.
    if let Some(filter) = &options.filter {
        let _ = write!(text, "&$filter={filter}");
    }
    if let Some(search) = &options.search {
        let _ = write!(text, "&$search={search}");
    }
    for (name, value) in &options.aliases {
        let _ = write!(text, "&@{name}={value}");
    }
    let _ = write!(text, "&$select={}", comma_separated(&options.select));
    if !options.compute.is_empty() {
        let _ = write!(text, "&$compute={}", comma_separated(&options.compute));
    }
    for step in &options.apply {
        let _ = write!(text, "&$apply={step}");
    }
    text
}

/// Returns the token of the page that begins after a row with the given values of the sort keys.
///
/// ```
/// use model::Value;
/// use odata::skiptoken::{decode_token, encode};
///
/// let mac = |bytes: &[u8]| [bytes.len() as u8; 32];
/// let token = encode(&[Value::Int(7)], "Users", &mac);
/// assert_eq!(decode_token(&token, "Users", &mac), Ok(vec![Value::Int(7)]));
/// assert!(decode_token(&token, "Tokens", &mac).is_err());
/// ```
pub fn encode(after: &[Value], scope: &str, mac: Mac<'_>) -> String {
    let mut bytes = Vec::new();
    after.iter().for_each(|value| write_value(value, &mut bytes));
    let proof = proof(&bytes, scope, mac);
    bytes.extend_from_slice(&proof);
    BASE64URL_NOPAD.encode(&bytes)
}

/// Returns the values in a token.
///
/// # Errors
/// [`OdataError::BadPageToken`] if the token was not issued by this service for this scope.
pub fn decode_token(token: &str, scope: &str, mac: Mac<'_>) -> Result<Vec<Value>, OdataError> {
    read(token, scope, mac).ok_or(OdataError::BadPageToken)
}

fn read(token: &str, scope: &str, mac: Mac<'_>) -> Option<Vec<Value>> {
    if token.len() > MAX_TOKEN {
        return None;
    }
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    let (mut values, found) = bytes.split_at_checked(bytes.len().checked_sub(MAC_LENGTH)?)?;
    let expected = proof(values, scope, mac);
    // All bytes are compared, so that the time does not depend on the first difference.
    let different = expected.iter().zip(found).fold(0, |different, (left, right)| different | (left ^ right));
    if different != 0 {
        return None;
    }
    let mut after = Vec::new();
    while !values.is_empty() {
        after.push(read_value(&mut values)?);
    }
    Some(after)
}

fn proof(values: &[u8], scope: &str, mac: Mac<'_>) -> [u8; MAC_LENGTH] {
    let mut input = b"skiptoken\0".to_vec();
    input.extend_from_slice(&(scope.len() as u64).to_be_bytes());
    input.extend_from_slice(scope.as_bytes());
    input.extend_from_slice(values);
    let mut short = [0; MAC_LENGTH];
    short.iter_mut().zip(mac(&input)).for_each(|(short, byte)| *short = byte);
    short
}

fn write_value(value: &Value, into: &mut Vec<u8>) {
    match value {
        Value::Null => into.push(b'n'),
        Value::Bool(value) => into.extend_from_slice(&[b'b', u8::from(*value)]),
        Value::Int(value) => write_tagged(b'i', &value.to_be_bytes(), into),
        Value::Time(value) => write_tagged(b't', &value.micros().to_be_bytes(), into),
        Value::Guid(value) => write_tagged(b'g', value.as_bytes(), into),
        Value::Text(value) => {
            write_tagged(b's', &(value.len() as u64).to_be_bytes(), into);
            into.extend_from_slice(value.as_bytes());
        }
    }
}

fn write_tagged(tag: u8, bytes: &[u8], into: &mut Vec<u8>) {
    into.push(tag);
    into.extend_from_slice(bytes);
}

fn read_value(bytes: &mut &[u8]) -> Option<Value> {
    let [tag] = take::<1>(bytes)?;
    Some(match tag {
        b'n' => Value::Null,
        b'b' => Value::Bool(take::<1>(bytes)? == [1]),
        b'i' => Value::Int(i64::from_be_bytes(take(bytes)?)),
        b't' => Value::Time(Timestamp::from_micros(i64::from_be_bytes(take(bytes)?))),
        b'g' => Value::Guid(Uuid::from_bytes(take(bytes)?)),
        b's' => {
            let length = usize::try_from(u64::from_be_bytes(take(bytes)?)).ok()?;
            let (text, rest) = bytes.split_at_checked(length)?;
            *bytes = rest;
            Value::Text(std::str::from_utf8(text).ok()?.to_owned())
        }
        _ => return None,
    })
}

fn take<const LENGTH: usize>(bytes: &mut &[u8]) -> Option<[u8; LENGTH]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}

/// The start of a page and, for a client that tracks changes, its state after the last page.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// Time of the first page's request: the value of `now()` on every page.
    pub asked: Timestamp,
    /// The sort key values after which the page begins.
    pub after: Vec<Value>,
    /// The number of rows that the rest of the response may have; `None` if it is not limited.
    pub left: Option<u64>,
    /// The client's state after the last page.
    pub mark: Option<DeltaState>,
}

impl Position {
    /// Encodes the position as a token.
    ///
    /// ```
    /// use model::{Timestamp, Value};
    /// use odata::skiptoken::Position;
    ///
    /// let mac = |bytes: &[u8]| [bytes.len() as u8; 32];
    /// let asked = Timestamp::from_seconds(0);
    /// let position = Position { asked, after: vec![Value::Int(7)], left: Some(5), mark: None };
    /// let token = position.encode("Users", &mac);
    /// assert_eq!(Position::decode(&token, "Users", &mac), Ok(position));
    /// ```
    pub fn encode(&self, scope: &str, mac: Mac<'_>) -> String {
        let length = i64::try_from(self.after.len()).unwrap_or(i64::MAX);
        let mut values: Vec<Value> = self.left.map(limit_value).into_iter().collect();
        values.extend([Value::Time(self.asked), Value::Int(length)]);
        values.extend_from_slice(&self.after);
        values.extend(self.mark.iter().flat_map(mark_values));
        encode(&values, scope, mac)
    }

    /// Decodes the position in a token.
    ///
    /// # Errors
    /// [`OdataError::BadPageToken`] if the token was not issued by this service for this scope.
    pub fn decode(token: &str, scope: &str, mac: Mac<'_>) -> Result<Self, OdataError> {
        let values = decode_token(token, scope, mac)?;
        let position = || {
            let (left, values) = match values.as_slice() {
                [Value::Int(left), values @ ..] => (Some(u64::try_from(*left).ok()?), values),
                values => (None, values),
            };
            let [Value::Time(asked), Value::Int(length), rest @ ..] = values else { return None };
            let (after, mark) = rest.split_at_checked(usize::try_from(*length).ok()?)?;
            let mark = if mark.is_empty() { None } else { Some(read_mark(mark)?) };
            Some(Self { asked: *asked, after: after.to_vec(), left, mark })
        };
        position().ok_or(OdataError::BadPageToken)
    }
}

fn limit_value(rows: u64) -> Value {
    Value::Int(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// Encodes a mark as a delta token.
pub fn encode_mark(mark: &DeltaState, scope: &str, mac: Mac<'_>) -> String {
    encode(&mark_values(mark), &delta_scope(scope), mac)
}

/// Decodes the mark in a delta token.
///
/// # Errors
/// [`OdataError::BadDeltaToken`] if the token was not issued by this service for this scope.
pub fn decode_mark(token: &str, scope: &str, mac: Mac<'_>) -> Result<DeltaState, OdataError> {
    let values = read(token, &delta_scope(scope), mac).ok_or(OdataError::BadDeltaToken)?;
    read_mark(&values).ok_or(OdataError::BadDeltaToken)
}

/// No path begins like this, so page and delta tokens are not interchangeable.
fn delta_scope(scope: &str) -> String {
    format!("$deltatoken {scope}")
}

fn mark_values(mark: &DeltaState) -> Vec<Value> {
    let known = mark.known.iter().flat_map(|(id, version)| [Value::Guid(*id), Value::Int(*version)]);
    std::iter::once(Value::Time(mark.since)).chain(known).collect()
}

fn read_mark(values: &[Value]) -> Option<DeltaState> {
    let (Value::Time(since), known) = values.split_first()? else { return None };
    let pair = |pair: &[Value]| match pair {
        [Value::Guid(id), Value::Int(version)] => Some((*id, *version)),
        _ => None,
    };
    Some(DeltaState { since: *since, known: known.chunks(2).map(pair).collect::<Option<_>>()? })
}
