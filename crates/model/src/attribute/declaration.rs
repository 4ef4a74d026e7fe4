//! What the declaration of an attribute sets.

use super::{Attribute, Category, Default, Subtype, UiVisibility};
use crate::Filters;
use crate::writing::Settable;

impl Attribute {
    /// Limits the text to `characters` characters.
    #[must_use]
    pub const fn max(mut self, characters: u32) -> Self {
        self.max_length = Some(characters);
        self
    }
    /// Requires a value.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// Marks the value as read-only on pages.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }
    /// Lets clients set the value.
    #[must_use]
    pub const fn settable(mut self) -> Self {
        self.settable = Settable::Always;
        self
    }
    /// Lets clients set the value when they create the row.
    #[must_use]
    pub const fn set_at_creation(mut self) -> Self {
        self.settable = Settable::AtCreation;
        self
    }
    /// Sets what the text is for.
    #[must_use]
    pub const fn subtype(mut self, subtype: Subtype) -> Self {
        self.subtype = Some(subtype);
        self
    }
    /// Requires unique values.
    #[must_use]
    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }
    /// Keeps the value on the server and hides the attribute by default.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self.ui = UiVisibility::HiddenByDefault;
        self
    }
    /// Encrypts the value at rest.
    #[must_use]
    pub const fn sealed(mut self) -> Self {
        self.sealed = true;
        self
    }
    /// Sets the default value.
    #[must_use]
    pub const fn default(mut self, default: Default) -> Self {
        self.default = Some(default);
        self
    }
    /// Adds supported filter operators.
    #[must_use]
    pub const fn filter(mut self, filters: Filters) -> Self {
        self.filters = self.filters.and(filters);
        self
    }
    /// Lets results be ordered by the attribute.
    #[must_use]
    pub const fn order_by(mut self) -> Self {
        self.order_by = true;
        self
    }
    /// Publishes the attribute as indexed.
    #[must_use]
    pub const fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }
    /// Lets the store derive the value.
    #[must_use]
    pub const fn derived(mut self) -> Self {
        self.derived = true;
        self
    }
    /// Sets the version that introduced the attribute.
    #[must_use]
    pub const fn since(mut self, version: &'static str) -> Self {
        self.since = Some(version);
        self
    }
    /// Moves the attribute to another documentation group and hides it by default.
    #[must_use]
    pub(crate) const fn grouped(mut self, category: Category) -> Self {
        self.category = category;
        self.ui = UiVisibility::HiddenByDefault;
        self
    }
    /// Marks the attribute as computed on read, without a column.
    #[must_use]
    pub(crate) const fn calculated(mut self) -> Self {
        self.column = None;
        self
    }
}
