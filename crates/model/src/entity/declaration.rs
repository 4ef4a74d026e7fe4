//! What the declaration of an entity sets, beside its members.

use super::{ApiAccess, Entity, Ownership};
use crate::{Method, Tracking};

impl Entity {
    /// Makes the rows read-only in public APIs.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.api_access = ApiAccess::ReadOnly;
        self
    }

    /// Lets public APIs create rows.
    #[must_use]
    pub const fn insertable(mut self) -> Self {
        self.writable.insert = true;
        self
    }
    /// Lets public APIs change rows.
    #[must_use]
    pub const fn updatable(mut self) -> Self {
        self.writable.update = true;
        self
    }
    /// Lets public APIs call actions on a row.
    #[must_use]
    pub const fn actions(mut self, actions: &'static [Method]) -> Self {
        self.actions = actions;
        self
    }
    /// Lets public APIs delete rows.
    #[must_use]
    pub const fn deletable(mut self) -> Self {
        self.writable.delete = true;
        self
    }

    /// Sets the table that stores the rows.
    #[must_use]
    pub const fn table(mut self, table: &'static str) -> Self {
        self.table = table;
        self
    }
    /// Sets the version that introduced the entity.
    #[must_use]
    pub const fn since(mut self, version: &'static str) -> Self {
        self.since = version;
        self
    }
    /// Sets the format of a row's display text.
    #[must_use]
    pub const fn display(mut self, format: &'static str) -> Self {
        self.display_format = format;
        self
    }
    /// Sets the attributes that a search looks in.
    #[must_use]
    pub const fn search(mut self, members: &'static [&'static str]) -> Self {
        self.search_members = members;
        self
    }
    /// Sets the attribute that identifies a row to people.
    #[must_use]
    pub const fn code(mut self, attribute: &'static str) -> Self {
        self.code = Some(attribute);
        self
    }
    /// Sets the attribute that names a row.
    #[must_use]
    pub const fn title(mut self, attribute: &'static str) -> Self {
        self.title = Some(attribute);
        self
    }
    /// Sets the minimum and maximum level of change tracking.
    #[must_use]
    pub const fn tracking(mut self, least: Tracking, greatest: Tracking) -> Self {
        self.tracking = (least, greatest);
        self
    }
    /// Sets the ownership of the rows.
    #[must_use]
    pub const fn owned_by(mut self, ownership: Ownership) -> Self {
        self.ownership = ownership;
        self
    }
}
