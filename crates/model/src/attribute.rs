mod declaration;

use crate::writing::Settable;
use crate::{EnumType, Field, Filters};

/// Length of text without a practical limit (`string (max)`).
pub const UNBOUNDED: u32 = 2_147_483_647;

/// Data type of an attribute.
#[derive(Clone, Copy, Debug)]
pub enum DataType {
    /// Text of limited length.
    Text,
    /// A point in time in UTC.
    DateTime,
    /// A UUID.
    Guid,
    /// A signed 32-bit integer.
    Int32,
    /// A Boolean.
    Bool,
    /// A member of an enumeration.
    Enum(&'static EnumType),
}

/// The documentation group of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// The entity's own data.
    System,
    /// Data that every tracked aggregate root has.
    ExtensibleDataObject,
    /// Computed from other attributes on read.
    Calculated,
}

impl Category {
    /// Returns the name that the reference pages use.
    pub const fn title(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::ExtensibleDataObject => "Extensible Data Object",
            Self::Calculated => "Calculated Attributes",
        }
    }
}

/// Default visibility in user interfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UiVisibility {
    /// Shown unless hidden by the user.
    ShownByDefault,
    /// Hidden unless selected by the user.
    HiddenByDefault,
}

impl UiVisibility {
    /// Returns the name that the reference pages use.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ShownByDefault => "ShownByDefault",
            Self::HiddenByDefault => "HiddenByDefault",
        }
    }
}

/// The default value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// The time of creation.
    NowUtc,
    /// A new UUID.
    NewGuid,
    /// A Boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A member of the attribute's enumeration, by name.
    Member(&'static str),
}

impl Default {
    /// Returns the spelling of the attribute's tag: `NowUtc`.
    ///
    /// ```
    /// use model::Default;
    ///
    /// assert_eq!(Default::NowUtc.tag(), "NowUtc");
    /// assert_eq!(Default::NowUtc.title(), "CurrentDateTimeUtc");
    /// assert_eq!(Default::Bool(true).tag(), "True");
    /// ```
    pub fn tag(self) -> String {
        match self {
            Self::NowUtc => "NowUtc".to_owned(),
            other => other.title(),
        }
    }

    /// Returns the spelling of the attribute's details: `CurrentDateTimeUtc`.
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

/// What a text is for, besides the code of its entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subtype {
    /// The login of a user.
    UserLogin,
    /// A password, or its hash.
    Password,
}

impl Subtype {
    /// Returns the name that the documented system uses.
    pub const fn title(self) -> &'static str {
        match self {
            Self::UserLogin => "String_UserLogin",
            Self::Password => "String_Password",
        }
    }
}

/// An attribute of an entity: its data type, constraints and capabilities.
#[derive(Debug)]
pub struct Attribute {
    /// Name in all APIs.
    pub name: &'static str,
    /// Column that stores the value; `None` if the attribute is calculated.
    pub column: Option<&'static str>,
    /// Whether the store derives the value from other rows and the time of the query, under the name of the column.
    pub derived: bool,
    /// Data type.
    pub data_type: DataType,
    /// Maximum length in characters; `None` for other types than text and for text without a declared
    /// limit.
    pub max_length: Option<u32>,
    /// Whether the value may be null.
    pub nullable: bool,
    /// Whether a value is required.
    pub required: bool,
    /// Whether pages call the value read-only.
    pub read_only: bool,
    /// When clients may set the value.
    pub settable: Settable,
    /// What a text is for, where programs treat it in a particular way.
    pub subtype: Option<Subtype>,
    /// Whether values are unique across rows.
    pub unique: bool,
    /// Whether the value never leaves the server.
    pub secret: bool,
    /// Whether the value is encrypted at rest.
    pub sealed: bool,
    /// Default value, if any.
    pub default: Option<Default>,
    /// Declared filter operators, as the reference page has them; see [`Attribute::served_filters`].
    pub filters: Filters,
    /// Whether the attribute is declared as a sort key; see [`Attribute::is_sortable`].
    pub order_by: bool,
    /// Whether the attribute is published as indexed. Filterable and orderable attributes have an index in
    /// any case.
    pub indexed: bool,
    /// Documentation group.
    pub category: Category,
    /// Default visibility in user interfaces.
    pub ui: UiVisibility,
    /// Version that introduced the attribute, if later than its entity's.
    pub since: Option<&'static str>,
    /// Description; product text.
    pub description: &'static str,
}

impl Attribute {
    /// Creates an attribute whose record field has the type `T`, without capabilities.
    ///
    /// ```
    /// use model::{Attribute, Filters};
    ///
    /// let email = Attribute::new::<Option<String>>("Email", "email", "The e-mail address.")
    ///     .max(254)
    ///     .filter(Filters::EQUALS_IN);
    /// assert!(email.nullable && email.needs_index());
    /// assert_eq!(email.max_length, Some(254));
    /// ```
    pub const fn new<T: Field>(name: &'static str, column: &'static str, description: &'static str) -> Self {
        Self {
            name,
            column: Some(column),
            derived: false,
            data_type: T::TYPE,
            max_length: None,
            nullable: T::NULLABLE,
            required: false,
            read_only: false,
            settable: Settable::Never,
            subtype: None,
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

    /// Returns whether the registry keeps an index on the column.
    pub const fn needs_index(&self) -> bool {
        self.column.is_some()
            && !self.derived
            && (self.indexed || self.order_by || !self.filters.is_empty() || self.unique)
    }

    /// Returns the filter operators that the service supports: the declared ones, and those that the same index answers.
    pub const fn served_filters(&self) -> Filters {
        self.filters.served(self.nullable)
    }

    /// Returns whether results can be ordered by the attribute: by the declared sort keys, and by every attribute that
    /// supports ranges, whose index has this order.
    pub const fn is_sortable(&self) -> bool {
        self.order_by || self.filters.allows(Filters::RANGE)
    }
}
