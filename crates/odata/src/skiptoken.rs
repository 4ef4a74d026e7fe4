//! Page tokens: where a page begins, readable by nobody but the service that made them.

use std::fmt::Write as _;

use data_encoding::BASE64URL_NOPAD;
use model::query::DeltaState;
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

/// The token of the page that begins after a row with these values of the order's keys.
pub fn encode(after: &[Value], scope: &str, mac: Mac<'_>) -> String {
    let mut bytes = Vec::new();
    after.iter().for_each(|value| write_value(value, &mut bytes));
    let proof = proof(&bytes, scope, mac);
    bytes.extend_from_slice(&proof);
    BASE64URL_NOPAD.encode(&bytes)
}

/// The values in a token, if it was made by this service for this scope.
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
    // Every byte is compared, so that the time says nothing about the first that differs.
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

/// Where a page begins, and for a client that follows changes what it has once it has read all pages.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// When the first page was asked for: what `now()` is on every page.
    pub asked: Timestamp,
    /// The values of the order's keys after which the page begins.
    pub after: Vec<Value>,
    /// What the client has in the end.
    pub mark: Option<DeltaState>,
}

impl Position {
    /// The position as a token.
    pub fn encode(&self, scope: &str, mac: Mac<'_>) -> String {
        let length = i64::try_from(self.after.len()).unwrap_or(i64::MAX);
        let mut values = vec![Value::Time(self.asked), Value::Int(length)];
        values.extend_from_slice(&self.after);
        values.extend(self.mark.iter().flat_map(mark_values));
        encode(&values, scope, mac)
    }

    /// The position in a token, if it was made by this service for this scope.
    pub fn decode(token: &str, scope: &str, mac: Mac<'_>) -> Result<Self, OdataError> {
        let values = decode_token(token, scope, mac)?;
        let position = || {
            let [Value::Time(asked), Value::Int(length), rest @ ..] = values.as_slice() else { return None };
            let (after, mark) = rest.split_at_checked(usize::try_from(*length).ok()?)?;
            let mark = if mark.is_empty() { None } else { Some(read_mark(mark)?) };
            Some(Self { asked: *asked, after: after.to_vec(), mark })
        };
        position().ok_or(OdataError::BadPageToken)
    }
}

/// The token of the changes since a mark.
pub fn encode_mark(mark: &DeltaState, scope: &str, mac: Mac<'_>) -> String {
    encode(&mark_values(mark), &delta_scope(scope), mac)
}

/// The mark in a token of changes, if it was made by this service for this scope.
pub fn decode_mark(token: &str, scope: &str, mac: Mac<'_>) -> Result<DeltaState, OdataError> {
    let values = read(token, &delta_scope(scope), mac).ok_or(OdataError::BadDeltaToken)?;
    read_mark(&values).ok_or(OdataError::BadDeltaToken)
}

/// No path begins so: a token of one kind is none of the other.
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

/// The URL of the page that a token stands for: the same query, but for where it begins.
///
/// `raw_query` is the query as it arrived. `$skip` was done on the first page and is left out.
pub fn next_link(root: &str, path: &str, raw_query: &str, token: &str) -> String {
    link(root, path, raw_query, &[OptionName::SkipToken, OptionName::Skip], OptionName::SkipToken, token)
}

/// The URL of the changes since a mark. What was counted stays on the page with the number.
pub fn delta_link(root: &str, path: &str, raw_query: &str, token: &str) -> String {
    let without = [OptionName::SkipToken, OptionName::DeltaToken, OptionName::Skip, OptionName::Count];
    link(root, path, raw_query, &without, OptionName::DeltaToken, token)
}

/// The URL of a query without the token of its changes: how to begin again.
pub fn without_delta(root: &str, path: &str, raw_query: &str) -> String {
    let mut url = format!("{root}{path}?");
    push_all_but(&mut url, raw_query, &[OptionName::SkipToken, OptionName::DeltaToken]);
    url.pop();
    url
}

fn link(
    root: &str,
    path: &str,
    raw_query: &str,
    without: &[OptionName],
    option: OptionName,
    token: &str,
) -> String {
    let mut link = format!("{root}{path}?");
    push_all_but(&mut link, raw_query, without);
    link.push_str(option.name());
    link.push('=');
    link.push_str(token);
    link
}

/// Appends the options of a query but for some, each with an ampersand behind it.
fn push_all_but(url: &mut String, raw_query: &str, without: &[OptionName]) {
    for (name, value) in pairs(raw_query) {
        let option = decode("query", name).ok().and_then(|name| find_query_option(&name));
        if option.is_none_or(|option| !without.contains(&option)) {
            url.push_str(name);
            url.push('=');
            url.push_str(value);
            url.push('&');
        }
    }
}
