use crate::writing::Settable;
use crate::{Attribute, Entity, Field, Filters, UiVisibility};

/// A reference from a row to a row of another entity or of its own.
#[derive(Debug)]
pub struct Reference {
    /// Name in all APIs.
    pub name: &'static str,
    /// Column that stores the identifier of the referenced row.
    pub column: &'static str,
    /// Referenced entity.
    pub target: fn() -> &'static Entity,
    /// Whether the reference may be null.
    pub nullable: bool,
    /// Supported filter operators.
    pub filters: Filters,
    /// Whether the reference is published as indexed.
    pub indexed: bool,
    /// Default visibility in user interfaces.
    pub ui: UiVisibility,
    /// Whether the reference points to the row's owner in the aggregate.
    pub owner: bool,
    /// When clients may set the reference.
    pub settable: Settable,
    /// Version that introduced the reference, if later than its entity's.
    pub since: Option<&'static str>,
    /// Description; product text.
    pub description: &'static str,
}

impl Reference {
    /// Creates a reference whose record field has the type `T`. References are indexed and support `eq`,
    /// `ne` and `in`.
    pub const fn new<T: Field>(
        name: &'static str,
        column: &'static str,
        target: fn() -> &'static Entity,
        description: &'static str,
    ) -> Self {
        Self {
            name,
            column,
            target,
            nullable: T::NULLABLE,
            filters: Filters::EQUALS_IN,
            indexed: true,
            ui: UiVisibility::ShownByDefault,
            owner: false,
            settable: Settable::Never,
            since: None,
            description,
        }
    }

    /// Returns the referenced entity.
    pub fn target(&self) -> &'static Entity {
        (self.target)()
    }

    /// Marks the reference as pointing to the row's owner in the aggregate.
    #[must_use]
    pub const fn owner(mut self) -> Self {
        self.owner = true;
        self
    }

    /// Lets clients set the reference.
    #[must_use]
    pub const fn settable(mut self) -> Self {
        self.settable = Settable::Always;
        self
    }

    /// Lets clients set the reference when they create the row.
    #[must_use]
    pub const fn set_at_creation(mut self) -> Self {
        self.settable = Settable::AtCreation;
        self
    }

    /// Sets the version that introduced the reference.
    #[must_use]
    pub const fn since(mut self, version: &'static str) -> Self {
        self.since = Some(version);
        self
    }
}

/// The rows of another entity that belong to a row.
#[derive(Debug)]
pub struct Collection {
    /// Name in all APIs.
    pub name: &'static str,
    /// Entity of the children.
    pub target: fn() -> &'static Entity,
    /// Name of the children's reference to this entity.
    pub via: &'static str,
    /// Version that introduced the collection, if later than its entity's.
    pub since: Option<&'static str>,
    /// Description; product text.
    pub description: &'static str,
}

impl Collection {
    /// Returns the entity of the children.
    pub fn target(&self) -> &'static Entity {
        (self.target)()
    }

    /// Returns the children's column that stores the identifier of the row that they belong to.
    pub fn via_column(&self) -> &'static str {
        self.target().reference(self.via).map_or(Attribute::ID_COLUMN, |reference| reference.column)
    }
}
