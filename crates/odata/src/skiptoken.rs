//! Page tokens: where a page begins, readable by nobody but the service that made them.

use std::fmt::Write as _;

use data_encoding::BASE64URL_NOPAD;
use model::{Timestamp, Uuid, Value};

use crate::OdataError;
use crate::ast::Options;
use crate::options::{OptionName, find_query_option};
use crate::print::comma_separated;
use crate::url::{decode, pairs};

/// A keyed hash with a key that only the service has.
pub type Mac<'a> = &'a dyn Fn(&[u8]) -> [u8; 32];

/// How much of the keyed hash a token carries, in bytes.
const MAC_LENGTH: usize = 16;
/// The longest token, in characters.
const MAX_TOKEN: usize = 8 * 1024;

/// What a page token belongs to: the same rows of a path (`resource`), in the same order, with the same properties.
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

/// Where a page begins, and of which question.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// When the first page was asked for: what `now()` is on every page.
    pub asked: Timestamp,
    /// The values of the order's keys of the last row before the page.
    pub after: Vec<Value>,
}

/// The token of a page.
pub fn encode(position: &Position, scope: &str, mac: Mac<'_>) -> String {
    let mut bytes = position.asked.micros().to_be_bytes().to_vec();
    position.after.iter().for_each(|value| write_value(value, &mut bytes));
    let proof = proof(&bytes, scope, mac);
    bytes.extend_from_slice(&proof);
    BASE64URL_NOPAD.encode(&bytes)
}

/// What a token says, if it was made by this service for this scope.
pub fn decode_token(token: &str, scope: &str, mac: Mac<'_>) -> Result<Position, OdataError> {
    read(token, scope, mac).ok_or(OdataError::BadPageToken)
}

fn read(token: &str, scope: &str, mac: Mac<'_>) -> Option<Position> {
    if token.len() > MAX_TOKEN {
        return None;
    }
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    let (mut values, found) = bytes.split_at_checked(bytes.len().checked_sub(MAC_LENGTH)?)?;
    let expected = proof(values, scope, mac);
    // Every byte is compared, so that the time says nothing about the first that differs.
    let different = expected.iter().zip(found).fold(0, |different, (left, right)| different | (left ^ right));
    if different != 0 {
        return None;
    }
    let asked = Timestamp::from_micros(i64::from_be_bytes(take(&mut values)?));
    let mut after = Vec::new();
    while !values.is_empty() {
        after.push(read_value(&mut values)?);
    }
    Some(Position { asked, after })
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

/// The URL of the page that a token stands for: the same query, but for where it begins.
///
/// `raw_query` is the query as it arrived. `$skip` was done on the first page and is left out.
pub fn next_link(root: &str, path: &str, raw_query: &str, token: &str) -> String {
    let mut link = format!("{root}{path}?");
    for (name, value) in pairs(raw_query) {
        let option = decode("query", name).ok().and_then(|name| find_query_option(&name));
        if !matches!(option, Some(OptionName::SkipToken | OptionName::Skip)) {
            link.push_str(name);
            link.push('=');
            link.push_str(value);
            link.push('&');
        }
    }
    link.push_str("$skiptoken=");
    link.push_str(token);
    link
}
