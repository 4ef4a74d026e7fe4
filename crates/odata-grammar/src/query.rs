//! Queries of URLs and their allowed options (OData ABNF, section 2).

use odata::syntax::{OptionName, decode, encoded_index, find_query_option, query_names};

use crate::encoded::{decoded, option_value};
use crate::mismatch::Mismatch;

/// The target of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A resource.
    Any,
    /// One option of a resource.
    One,
    /// One system query option of a resource.
    System,
    /// `$batch`
    Batch,
    /// `$metadata`
    Metadata,
    /// `$entity`
    Entity,
    /// `$entity` cast to a type.
    EntityCast,
}

impl Kind {
    pub(super) fn from_rule(rule: &str) -> Option<Self> {
        Some(match rule {
            "queryOptions" => Self::Any,
            "queryOption" | "aliasAndValue" | "nameAndValue" | "customQueryOption" => Self::One,
            "systemQueryOption" => Self::System,
            "batchOptions" => Self::Batch,
            "metadataOptions" => Self::Metadata,
            "entityOptions" => Self::Entity,
            "entityCastOptions" => Self::EntityCast,
            _ => return None,
        })
    }

    /// Returns whether a system query option is allowed here.
    const fn has(self, option: OptionName) -> bool {
        match self {
            Self::Any | Self::One | Self::System => true,
            Self::Batch | Self::Metadata => matches!(option, OptionName::Format),
            Self::Entity => matches!(option, OptionName::Format | OptionName::Id),
            Self::EntityCast => matches!(
                option,
                OptionName::Format | OptionName::Id | OptionName::Expand | OptionName::Select
            ),
        }
    }
}

/// Checks a query that begins at character `offset` of the whole text.
pub(super) fn check(kind: Kind, raw: &str, offset: usize) -> Result<(), Mismatch> {
    let mut at = offset;
    let mut has_id = false;
    let one = matches!(kind, Kind::One | Kind::System);
    for (index, pair) in raw.split('&').enumerate() {
        if one && index > 0 {
            return Err(Mismatch { at: at - 1, message: "expected one option".to_owned() });
        }
        has_id |= pair_option(kind, pair, at)? == Some(OptionName::Id);
        at += pair.chars().count() + 1;
    }
    if !has_id && matches!(kind, Kind::Entity | Kind::EntityCast) {
        let at = offset + raw.chars().count();
        return Err(Mismatch { at, message: "expected '&' and $id".to_owned() });
    }
    Ok(())
}

/// Checks one option and returns its name, if it is a system query option.
fn pair_option(kind: Kind, pair: &str, at: usize) -> Result<Option<OptionName>, Mismatch> {
    let (raw_name, value) = match pair.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (pair, None),
    };
    let name = decode("query", raw_name).map_err(|error| Mismatch::from_error(&error, raw_name, at))?;
    let value_at = at + raw_name.chars().count() + 1;
    let needs_value = |value: Option<&str>| match value {
        Some(_) => Ok(()),
        None => Err(Mismatch { at: value_at - 1, message: "expected '='".to_owned() }),
    };
    if let Some(option) = find_query_option(&name).filter(|option| kind.has(*option)) {
        needs_value(value)?;
        option_value(option, value.unwrap_or_default(), value_at)?;
        return Ok(Some(option));
    }
    if name.starts_with('@') {
        decoded("query", raw_name, at, |parser| {
            parser.lexer.expect('@')?;
            parser.lexer.expect_name().map(drop)
        })?;
        needs_value(value)?;
        decoded("query", value.unwrap_or_default(), value_at, |parser| parser.expression().map(drop))?;
        return Ok(None);
    }
    if name.is_empty() || name.starts_with('$') || kind == Kind::System {
        let message = "expected the name of a query option".to_owned();
        return Err(Mismatch { at: at + encoded_index(raw_name, known_part(kind, &name)), message });
    }
    decode("query", value.unwrap_or_default())
        .map_err(|error| Mismatch::from_error(&error, pair, value_at))?;
    Ok(None)
}

/// Returns the length of the longest system query option that begins a name, in characters.
fn known_part(kind: Kind, name: &str) -> usize {
    let begins = |word: &str| name.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    let known = query_names().filter(|word| find_query_option(word).is_some_and(|option| kind.has(option)));
    known.filter(|word| begins(word)).map(str::len).max().unwrap_or(0)
}
