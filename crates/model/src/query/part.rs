//! Parts of values by which rows are grouped.

use crate::{DataType, Filters, Property};

/// Part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Part of a timestamp.
    Period(Period),
    /// Part of a text, in characters.
    Substring {
        /// The number of characters before it.
        start: u32,
        /// Its maximum length; to the end of the text if there is none.
        length: Option<u32>,
    },
}

impl Part {
    /// Returns the name of the function that computes the part.
    ///
    /// ```
    /// use model::query::Part;
    ///
    /// assert_eq!(Part::Substring { start: 0, length: Some(1) }.name(), "substring");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::Period(period) => period.name(),
            Self::Substring { .. } => "substring",
        }
    }

    /// Returns the type of the part.
    pub const fn data_type(self) -> DataType {
        match self {
            Self::Period(_) => DataType::Int32,
            Self::Substring { .. } => DataType::Text,
        }
    }

    /// Returns whether rows can be grouped by this part of `property`.
    pub fn applies_to(self, property: Property) -> bool {
        match self {
            Self::Period(_) => is_groupable_by_period(property),
            Self::Substring { .. } => is_groupable_by_substring(property),
        }
    }
}

/// Part of a timestamp in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// The year: 2026.
    Year,
    /// The year and month: 202608.
    YearMonth,
    /// The month: 8.
    Month,
    /// The day of the month.
    Day,
    /// The date: 20260801.
    Date,
}

impl Period {
    /// All periods.
    pub const ALL: [Self; 5] = [Self::Year, Self::YearMonth, Self::Month, Self::Day, Self::Date];

    /// Returns the name in expressions.
    ///
    /// ```
    /// use model::query::Period;
    ///
    /// assert_eq!(Period::from_name("YearMonth"), Some(Period::YearMonth));
    /// assert_eq!(Period::YearMonth.name(), "yearmonth");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::YearMonth => "yearmonth",
            Self::Month => "month",
            Self::Day => "day",
            Self::Date => "date",
        }
    }

    /// Finds a period by name, ignoring case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.name().eq_ignore_ascii_case(name))
    }
}

/// Returns whether rows can be grouped by a part of `property`: timestamps that support range filters.
pub fn is_groupable_by_period(property: Property) -> bool {
    matches!(property.data_type(), DataType::DateTime) && property.filters().allows(Filters::RANGE)
}

/// Returns whether rows can be grouped by a part of `property`: texts that support `eq` or `contains`.
pub fn is_groupable_by_substring(property: Property) -> bool {
    let filters = property.filters();
    matches!(property.data_type(), DataType::Text)
        && property.column().is_some()
        && (filters.allows(Filters::EQUALS) || filters.allows(Filters::LIKE))
}
