use std::fmt;

use crate::{EnumType, Field};

/// The length of text that has no practical limit (`string (max)`).
pub const UNBOUNDED: u32 = 2_147_483_647;

/// What an attribute holds.
#[derive(Clone, Copy, Debug)]
pub enum DataType {
    /// Text of limited length.
    Text,
    /// A moment in UTC.
    DateTime,
    /// An identifier.
    Guid,
    /// A whole number of 32 bits.
    Int32,
    /// A truth value.
    Bool,
    /// A member of an enumeration.
    Enum(&'static EnumType),
}

/// What may be compared with an attribute; each one allowed is backed by an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filters(u8);

impl Filters {
    /// Nothing: the attribute is not filterable.
    pub const NONE: Self = Self(0);
    /// `eq` and `ne`.
    pub const EQUALS: Self = Self(1);
    /// `gt`, `ge`, `lt`, `le`.
    pub const RANGE: Self = Self(2);
    /// `contains`, `startswith`, `endswith`.
    pub const LIKE: Self = Self(4);
    const IN: Self = Self(8);
    /// `eq`, `ne` and `in`.
    pub const EQUALS_IN: Self = Self::EQUALS.and(Self::IN);

    /// What either allows.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all that `other` allows is allowed.
    pub const fn allows(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether `in` is allowed.
    pub const fn allows_in(self) -> bool {
        self.allows(Self::IN)
    }

    /// The operators and functions of a filter expression that are allowed.
    pub fn operators(self) -> Vec<&'static str> {
        const OPERATORS: [(Filters, &[&str]); 4] = [
            (Filters::EQUALS, &["eq", "ne"]),
            (Filters::IN, &["in"]),
            (Filters::RANGE, &["gt", "ge", "lt", "le"]),
            (Filters::LIKE, &["contains", "startswith", "endswith"]),
        ];
        let allowed = OPERATORS.iter().filter(|(filter, _)| self.allows(*filter));
        allowed.flat_map(|(_, names)| names.iter().copied()).collect()
    }
}

/// As the reference writes it: `Equals, EqualsIn`, or `NotFilterable`.
impl fmt::Display for Filters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [(Filters, &str); 4] = [
            (Filters::EQUALS, "Equals"),
            (Filters::RANGE, "GreaterThanOrLessThan"),
            (Filters::LIKE, "Like"),
            (Filters::IN, "EqualsIn"),
        ];
        let names: Vec<_> =
            NAMES.iter().filter(|(filter, _)| self.allows(*filter)).map(|(_, name)| *name).collect();
        f.write_str(if names.is_empty() { "NotFilterable".to_owned() } else { names.join(", ") }.as_str())
    }
}

/// The group under which an attribute is documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// The entity's own data.
    System,
    /// Data that every tracked aggregate root has.
    ExtensibleDataObject,
    /// Computed from other attributes when read.
    Calculated,
}

impl Category {
    /// As the reference writes it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::ExtensibleDataObject => "Extensible Data Object",
            Self::Calculated => "Calculated Attributes",
        }
    }
}

/// Whether user interfaces show an attribute unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UiVisibility {
    /// Shown unless hidden.
    ShownByDefault,
    /// Hidden unless asked for.
    HiddenByDefault,
}

impl UiVisibility {
    /// As the reference writes it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ShownByDefault => "ShownByDefault",
            Self::HiddenByDefault => "HiddenByDefault",
        }
    }
}

/// The value of an attribute that nobody gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// The moment of creation.
    NowUtc,
    /// A new identifier.
    NewGuid,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A member of the attribute's enumeration, by name.
    Member(&'static str),
}

impl Default {
    /// As the attribute's tag writes it: `NowUtc`.
    pub fn tag(self) -> String {
        match self {
            Self::NowUtc => "NowUtc".to_owned(),
            other => other.title(),
        }
    }

    /// As the attribute's details write it: `CurrentDateTimeUtc`.
    pub fn title(self) -> String {
        match self {
            Self::NowUtc => "CurrentDateTimeUtc".to_owned(),
            Self::NewGuid => "NewGuid".to_owned(),
            Self::Bool(value) => if value { "True" } else { "False" }.to_owned(),
            Self::Int(value) => value.to_string(),
            Self::Member(name) => name.to_owned(),
        }
    }
}

/// One attribute of an entity: what it holds and what may be done with it.
#[derive(Debug)]
pub struct Attribute {
    /// The name in every API.
    pub name: &'static str,
    /// The column that holds it; none where it is calculated.
    pub column: Option<&'static str>,
    /// What it holds.
    pub data_type: DataType,
    /// The longest text allowed, in characters; none where it is not text or unlimited by declaration.
    pub max_length: Option<u32>,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether a value must be given.
    pub required: bool,
    /// Whether it is given by the server alone.
    pub read_only: bool,
    /// Whether no two rows may share a value.
    pub unique: bool,
    /// Whether it never leaves the server.
    pub secret: bool,
    /// Whether it is encrypted at rest.
    pub sealed: bool,
    /// The value that nobody gave.
    pub default: Option<Default>,
    /// What may be compared with it.
    pub filters: Filters,
    /// Whether results may be ordered by it.
    pub order_by: bool,
    /// Whether the model publishes it as indexed. Whatever may be filtered or ordered by has an index besides.
    pub indexed: bool,
    /// The group under which it is documented.
    pub category: Category,
    /// Whether user interfaces show it unasked.
    pub ui: UiVisibility,
    /// The version that introduced it, where that is later than its entity's.
    pub since: Option<&'static str>,
    /// What it means; product text.
    pub description: &'static str,
}

impl Attribute {
    /// An attribute whose field has the type `T`, with no capabilities.
    pub const fn of<T: Field>(name: &'static str, column: &'static str, description: &'static str) -> Self {
        Self {
            name,
            column: Some(column),
            data_type: T::TYPE,
            max_length: None,
            nullable: T::NULLABLE,
            required: false,
            read_only: false,
            unique: false,
            secret: false,
            sealed: false,
            default: None,
            filters: Filters::NONE,
            order_by: false,
            indexed: false,
            category: Category::System,
            ui: UiVisibility::ShownByDefault,
            since: None,
            description,
        }
    }

    /// Whether the registry keeps an index for it.
    pub const fn needs_index(&self) -> bool {
        self.column.is_some() && (self.indexed || self.order_by || self.filters.0 != 0 || self.unique)
    }

    /// Text of at most so many characters.
    #[must_use]
    pub const fn max(mut self, characters: u32) -> Self {
        self.max_length = Some(characters);
        self
    }
    /// A value must be given.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// Given by the server alone.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }
    /// No two rows may share a value.
    #[must_use]
    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }
    /// Never leaves the server.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self.ui = UiVisibility::HiddenByDefault;
        self
    }
    /// Encrypted at rest.
    #[must_use]
    pub const fn sealed(mut self) -> Self {
        self.sealed = true;
        self
    }
    /// The value that nobody gave.
    #[must_use]
    pub const fn default(mut self, default: Default) -> Self {
        self.default = Some(default);
        self
    }
    /// What may be compared with it.
    #[must_use]
    pub const fn filter(mut self, filters: Filters) -> Self {
        self.filters = self.filters.and(filters);
        self
    }
    /// Results may be ordered by it.
    #[must_use]
    pub const fn order_by(mut self) -> Self {
        self.order_by = true;
        self
    }
    /// Published as indexed.
    #[must_use]
    pub const fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }
    /// The version that introduced it.
    #[must_use]
    pub const fn since(mut self, version: &'static str) -> Self {
        self.since = Some(version);
        self
    }
    /// Documented under another group, hidden by default.
    #[must_use]
    pub(crate) const fn grouped(mut self, category: Category) -> Self {
        self.category = category;
        self.ui = UiVisibility::HiddenByDefault;
        self
    }
    /// Computed when read: no column holds it.
    #[must_use]
    pub(crate) const fn calculated(mut self) -> Self {
        self.column = None;
        self
    }
}
