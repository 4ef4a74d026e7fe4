//! The names of system query options (OData ABNF, `systemQueryOption`).

/// A system query option of the standard.
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

    /// The name as the standard writes it.
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

    /// Whether the option may stand in the parentheses of an item.
    pub(crate) const fn stands_in_parentheses(self) -> bool {
        matches!(
            self,
            Self::Filter
                | Self::OrderBy
                | Self::Select
                | Self::Expand
                | Self::Top
                | Self::Skip
                | Self::Count
                | Self::Levels
                | Self::Search
                | Self::Compute
                | Self::Apply
        )
    }

    /// Whether the option may stand in the query of a URL.
    const fn stands_in_query(self) -> bool {
        !matches!(self, Self::Levels)
    }
}

/// Finds an option by its name without `$`, in any case (OData 4.01 part 1, section 11.2.1).
pub(crate) fn find_option(name: &str) -> Option<OptionName> {
    OptionName::ALL.into_iter().find(|option| option.name()[1..].eq_ignore_ascii_case(name))
}

/// Finds an option of a URL's query by its name, with or without `$`.
pub(crate) fn find_query_option(name: &str) -> Option<OptionName> {
    find_option(name.strip_prefix('$').unwrap_or(name)).filter(|option| option.stands_in_query())
}

/// The option that was probably meant by a name that begins with `$`.
pub(crate) fn nearest_option(name: &str) -> Option<String> {
    let known = OptionName::ALL.into_iter().filter(|option| option.stands_in_query());
    model::nearest(name, known.map(OptionName::name)).map(str::to_owned)
}
