//! Names of system query options (OData ABNF, `systemQueryOption`).

/// A system query option.
///
/// ```
/// use odata::OptionName;
///
/// assert_eq!((OptionName::OrderBy.name(), OptionName::OrderBy.word()), ("$orderby", "orderby"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum OptionName {
    Filter,
    OrderBy,
    Select,
    Expand,
    Top,
    Skip,
    Count,
    Levels,
    Format,
    SkipToken,
    Search,
    Compute,
    Apply,
    Index,
    Id,
    DeltaToken,
    SchemaVersion,
}

impl OptionName {
    const ALL: [Self; 17] = [
        Self::Filter,
        Self::OrderBy,
        Self::Select,
        Self::Expand,
        Self::Top,
        Self::Skip,
        Self::Count,
        Self::Levels,
        Self::Format,
        Self::SkipToken,
        Self::Search,
        Self::Compute,
        Self::Apply,
        Self::Index,
        Self::Id,
        Self::DeltaToken,
        Self::SchemaVersion,
    ];

    /// Returns the canonical name, with `$`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Filter => "$filter",
            Self::OrderBy => "$orderby",
            Self::Select => "$select",
            Self::Expand => "$expand",
            Self::Top => "$top",
            Self::Skip => "$skip",
            Self::Count => "$count",
            Self::Levels => "$levels",
            Self::Format => "$format",
            Self::SkipToken => "$skiptoken",
            Self::Search => "$search",
            Self::Compute => "$compute",
            Self::Apply => "$apply",
            Self::Index => "$index",
            Self::Id => "$id",
            Self::DeltaToken => "$deltatoken",
            Self::SchemaVersion => "$schemaversion",
        }
    }

    /// Returns the name without `$`.
    pub fn word(self) -> &'static str {
        &self.name()[1..]
    }

    /// Returns whether the option is allowed in the query of a URL.
    const fn stands_in_query(self) -> bool {
        !matches!(self, Self::Levels)
    }

    /// Returns whether the option requires its `$`; without it, the name is a custom option.
    const fn needs_dollar(self) -> bool {
        matches!(self, Self::SkipToken | Self::DeltaToken)
    }
}

/// Finds an option by its case-insensitive name without `$` (OData 4.01 part 1, section 11.2.1).
fn find_option(name: &str) -> Option<OptionName> {
    OptionName::ALL.into_iter().find(|option| option.word().eq_ignore_ascii_case(name))
}

/// Finds an option of a URL's query by its name, with or without `$`.
///
/// ```
/// use odata::syntax::{OptionName, find_query_option};
///
/// assert_eq!(find_query_option("FILTER"), Some(OptionName::Filter));
/// assert_eq!(find_query_option("skiptoken"), None);
/// ```
pub fn find_query_option(name: &str) -> Option<OptionName> {
    let bare = name.strip_prefix('$');
    find_option(bare.unwrap_or(name))
        .filter(|option| option.stands_in_query() && (bare.is_some() || !option.needs_dollar()))
}

/// Returns the option that is most similar to a name beginning with `$`.
pub(crate) fn nearest_option(name: &str) -> Option<String> {
    let known = OptionName::ALL.into_iter().filter(|option| option.stands_in_query());
    model::nearest(name, known.map(OptionName::name)).map(str::to_owned)
}

/// Returns the names of the options of a URL's query, with and without `$`.
pub fn query_names() -> impl Iterator<Item = &'static str> {
    OptionName::ALL.into_iter().flat_map(|option| [option.name(), option.word()])
}
