use std::fmt;

/// The filter operators that an attribute supports. Each operator is backed by an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filters(u8);

impl Filters {
    /// No operators: the attribute is not filterable.
    pub const NONE: Self = Self(0);
    /// `eq` and `ne`.
    pub const EQUALS: Self = Self(1);
    /// `gt`, `ge`, `lt`, `le`.
    pub const RANGE: Self = Self(2);
    /// `contains`, `startswith`, `endswith`.
    pub const LIKE: Self = Self(4);
    const IN: Self = Self(8);
    /// `eq` and `ne` with null; included in [`Filters::EQUALS`].
    pub const NULL: Self = Self(16);
    /// `eq`, `ne` and `in`.
    pub const EQUALS_IN: Self = Self::EQUALS.and(Self::IN);

    /// Returns the union of both sets.
    ///
    /// ```
    /// use model::Filters;
    ///
    /// let filters = Filters::EQUALS.and(Filters::RANGE);
    /// assert!(filters.allows(Filters::RANGE));
    /// assert!(!filters.allows(Filters::LIKE));
    /// ```
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns whether all operators of `other` are supported.
    pub const fn allows(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns the operators for which the documented system has a word.
    #[must_use]
    pub const fn documented(self) -> Self {
        Self(self.0 & !Self::NULL.0)
    }

    /// Returns whether comparisons with null are supported.
    pub const fn allows_null(self) -> bool {
        self.allows(Self::EQUALS) || self.allows(Self::NULL)
    }

    /// Returns the operators that the service supports for a value with these declared ones: the same index answers `in`
    /// wherever `eq`, and `eq null` wherever a range of a value that may be null.
    ///
    /// ```
    /// use model::Filters;
    ///
    /// assert_eq!(Filters::EQUALS.served(false), Filters::EQUALS_IN);
    /// assert_eq!(Filters::RANGE.served(true).to_string(), "GreaterThanOrLessThan, Null");
    /// assert_eq!(Filters::RANGE.served(false), Filters::RANGE);
    /// ```
    #[must_use]
    pub const fn served(self, nullable: bool) -> Self {
        if self.allows(Self::EQUALS) {
            self.and(Self::IN)
        } else if self.allows(Self::RANGE) && nullable {
            self.and(Self::NULL)
        } else {
            self
        }
    }

    /// Returns whether `in` is supported.
    pub const fn allows_in(self) -> bool {
        self.allows(Self::IN)
    }

    /// Returns the supported operators and functions of filter expressions, in OData's spelling.
    ///
    /// ```
    /// use model::Filters;
    ///
    /// assert_eq!(Filters::EQUALS_IN.operators(), ["eq", "ne", "in"]);
    /// assert!(Filters::NONE.operators().is_empty());
    /// ```
    pub fn operators(self) -> Vec<&'static str> {
        const OPERATORS: [(Filters, &[&str]); 5] = [
            (Filters::EQUALS, &["eq", "ne"]),
            (Filters::IN, &["in"]),
            (Filters::NULL, &["eq null", "ne null"]),
            (Filters::RANGE, &["gt", "ge", "lt", "le"]),
            (Filters::LIKE, &["contains", "startswith", "endswith"]),
        ];
        let allowed = OPERATORS.iter().filter(|(filter, _)| self.allows(*filter));
        allowed.flat_map(|(_, names)| names.iter().copied()).collect()
    }
}

/// Formats the set as the reference pages do: `Equals, EqualsIn`, or `NotFilterable` if empty.
impl fmt::Display for Filters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [(Filters, &str); 5] = [
            (Filters::EQUALS, "Equals"),
            (Filters::RANGE, "GreaterThanOrLessThan"),
            (Filters::LIKE, "Like"),
            (Filters::IN, "EqualsIn"),
            (Filters::NULL, "Null"),
        ];
        let names: Vec<_> =
            NAMES.iter().filter(|(filter, _)| self.allows(*filter)).map(|(_, name)| *name).collect();
        f.write_str(if names.is_empty() { "NotFilterable".to_owned() } else { names.join(", ") }.as_str())
    }
}
