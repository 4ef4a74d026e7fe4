use crate::{Attribute, Entity, Field, Filters, UiVisibility};

/// A reference from a row to one row of another entity, or of the same.
#[derive(Debug)]
pub struct Reference {
    /// The name in every API.
    pub name: &'static str,
    /// The column with the identifier of the row it points to.
    pub column: &'static str,
    /// The entity it points to.
    pub target: fn() -> &'static Entity,
    /// Whether it may point nowhere.
    pub nullable: bool,
    /// What may be compared with it.
    pub filters: Filters,
    /// Whether the model publishes it as indexed.
    pub indexed: bool,
    /// Whether user interfaces show it unasked.
    pub ui: UiVisibility,
    /// Whether it points to the row's owner in the aggregate.
    pub owner: bool,
    /// The version that introduced it, where that is later than its entity's.
    pub since: Option<&'static str>,
    /// What it means; product text.
    pub description: &'static str,
}

impl Reference {
    /// A reference whose field has the type `T`; every one is indexed and compared with `eq` and `in`.
    pub const fn of<T: Field>(
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
            since: None,
            description,
        }
    }

    /// The entity it points to.
    pub fn target(&self) -> &'static Entity {
        (self.target)()
    }

    /// Points to the row's owner in the aggregate.
    #[must_use]
    pub const fn owner(mut self) -> Self {
        self.owner = true;
        self
    }

    /// The version that introduced it.
    #[must_use]
    pub const fn since(mut self, version: &'static str) -> Self {
        self.since = Some(version);
        self
    }
}

/// The rows of another entity that belong to a row of this one.
#[derive(Debug)]
pub struct Collection {
    /// The name in every API.
    pub name: &'static str,
    /// The entity of the children.
    pub target: fn() -> &'static Entity,
    /// The children's reference to this entity, by name.
    pub via: &'static str,
    /// The version that introduced it, where that is later than its entity's.
    pub since: Option<&'static str>,
    /// What it means; product text.
    pub description: &'static str,
}

impl Collection {
    /// The entity of the children.
    pub fn target(&self) -> &'static Entity {
        (self.target)()
    }

    /// The column of the children that holds the identifier of their owner.
    pub fn via_column(&self) -> &'static str {
        self.target().reference(self.via).map_or(Attribute::ID_COLUMN, |reference| reference.column)
    }
}
