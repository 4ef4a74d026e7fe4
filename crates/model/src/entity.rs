//! Entities: the definition of a kind of rows as one value, from which everything else is derived.

mod declaration;

use crate::display::display_members;
use crate::method::{CREATE_COPY, ENTITY_OBJECT_METHODS, Method};
use crate::system::SYSTEM_ATTRIBUTES;
use crate::writing::Writable;
use crate::{Attribute, Category, Collection, Property, Reference, Tracking, UiVisibility};

/// A kind of rows: its names, members and capabilities.
#[derive(Debug)]
pub struct Entity {
    /// Namespace, such as `Systems.Security`.
    pub namespace: &'static str,
    /// Name within the namespace, in the plural.
    pub name: &'static str,
    /// Name of a single row, in the singular.
    pub singular: &'static str,
    /// Description; product text.
    pub description: &'static str,
    /// Table that stores the rows.
    pub table: &'static str,
    /// Version that introduced the entity.
    pub since: &'static str,
    /// Format of a row's display text.
    pub display_format: &'static str,
    /// Attributes that a search looks in, in addition to those of the display format.
    pub search_members: &'static [&'static str],
    /// Attribute that identifies a row to people, if there is one.
    pub code: Option<&'static str>,
    /// Attribute that names a row, if there is one.
    pub title: Option<&'static str>,
    /// Documentation group.
    pub category: &'static str,
    /// Default visibility in user interfaces.
    pub ui: UiVisibility,
    /// Access that public APIs have.
    pub api_access: ApiAccess,
    /// What public APIs may do with the rows.
    pub writable: Writable,
    /// Actions on a row that only this entity has.
    pub actions: &'static [Method],
    /// Minimum and maximum level of change tracking.
    pub tracking: (Tracking, Tracking),
    /// Ownership of the rows.
    pub ownership: Ownership,
    members: Members,
}

/// The members that an entity's declaration lists.
#[derive(Debug)]
pub struct Members {
    /// Attributes, without those that every entity has.
    pub attributes: &'static [Attribute],
    /// Attributes that expose the column of another attribute under a second type.
    pub views: &'static [Attribute],
    /// References.
    pub references: &'static [Reference],
    /// Collections of children.
    pub collections: &'static [Collection],
}

/// Access of public APIs to an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiAccess {
    /// Read and write.
    ReadWrite,
    /// Read only.
    ReadOnly,
}

impl ApiAccess {
    /// Returns the name that the reference pages use.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ReadWrite => "ReadWrite",
            Self::ReadOnly => "ReadOnly",
        }
    }
}

/// Ownership of rows. A caller without access to all rows sees only the rows that it owns.
#[derive(Clone, Copy, Debug)]
pub enum Ownership {
    /// The row is the caller itself.
    Caller,
    /// At least one of these references points to the caller.
    References(&'static [&'static str]),
    /// The caller owns the row that this reference points to.
    Through(&'static str),
    /// At least one of the references points to the caller, or the caller owns a row of the collection.
    ReferencesOrUsedBy(&'static [&'static str], &'static Collection),
    /// Rows without an owner, visible only to callers with access to all rows.
    Unowned,
}

impl Entity {
    /// Creates an entity from its names, description and members; builder methods set the rest.
    pub const fn new(
        namespace: &'static str,
        name: &'static str,
        singular: &'static str,
        description: &'static str,
        members: Members,
    ) -> Self {
        Self {
            namespace,
            name,
            singular,
            description,
            table: "",
            since: "",
            display_format: "{Id}",
            search_members: &[],
            code: None,
            title: None,
            category: "SystemData",
            ui: UiVisibility::ShownByDefault,
            api_access: ApiAccess::ReadWrite,
            writable: Writable { insert: false, update: false, delete: false },
            actions: &[],
            tracking: (Tracking::Nothing, Tracking::AttributesAndBlobs),
            ownership: Ownership::Unowned,
            members,
        }
    }

    /// Returns the full name, such as `Systems.Security.AccessTokens`.
    ///
    /// ```
    /// use model::{Record as _, entities::AccessToken};
    ///
    /// let entity = AccessToken::entity();
    /// assert_eq!(entity.repository(), "Systems.Security.AccessTokens");
    /// assert_eq!(entity.set_name(), "Systems_Security_AccessTokens");
    /// assert_eq!(entity.type_name(), "Systems_Security_AccessToken");
    /// ```
    pub fn repository(&self) -> String {
        format!("{}.{}", self.namespace, self.name)
    }

    /// Returns the name of the entity set in URLs, such as `Systems_Security_AccessTokens`.
    pub fn set_name(&self) -> String {
        self.underscored(self.name)
    }

    /// Returns the name of the type in payloads, such as `Systems_Security_AccessToken`.
    pub fn type_name(&self) -> String {
        self.underscored(self.singular)
    }

    fn underscored(&self, name: &str) -> String {
        format!("{}_{name}", self.namespace.replace('.', "_"))
    }

    /// Returns the attributes of the declaration, sorted by name.
    pub fn own_attributes(&self) -> Vec<&'static Attribute> {
        let mut attributes: Vec<_> = self.members.attributes.iter().chain(self.members.views).collect();
        attributes.sort_by_key(|attribute| attribute.name);
        attributes
    }

    /// Returns the attributes that every entity has, in their documented order.
    pub fn system_attributes(&self) -> &'static [Attribute] {
        &SYSTEM_ATTRIBUTES
    }

    /// Returns all attributes: the entity's own, sorted by name, then those that every entity has.
    pub fn attributes(&self) -> impl Iterator<Item = &'static Attribute> {
        self.own_attributes().into_iter().chain(SYSTEM_ATTRIBUTES.iter())
    }

    /// Returns the default of each attribute that a record has as a field, in their declared order.
    pub fn defaults(&self) -> impl Iterator<Item = Option<crate::Default>> {
        self.members.attributes.iter().map(|attribute| attribute.default)
    }

    /// Returns the references in their declared order.
    pub fn references(&self) -> &'static [Reference] {
        self.members.references
    }

    /// Returns the collections of children in their declared order.
    pub fn collections(&self) -> &'static [Collection] {
        self.members.collections
    }

    /// Returns the methods that public APIs may call.
    pub fn methods(&self) -> &'static [Method] {
        ENTITY_OBJECT_METHODS
    }

    /// Returns the actions on a row that the service offers.
    pub fn served_actions(&self) -> impl Iterator<Item = &'static Method> {
        let copies = self.writable.insert;
        let copy = self.methods().iter().filter(move |method| copies && method.name == CREATE_COPY);
        self.actions.iter().chain(copy)
    }

    /// Returns whether a method is the one that copies a row.
    pub fn is_copy(method: &Method) -> bool {
        method.name == CREATE_COPY
    }

    /// Returns attributes and references, in the order of [`Entity::attributes`] and
    /// [`Entity::references`].
    pub fn properties(&self) -> impl Iterator<Item = Property> {
        let references = self.references().iter().map(Property::Reference);
        self.attributes().map(Property::Attribute).chain(references)
    }

    /// Returns the properties that a row shows without a selection: the identifier, its own data and its
    /// references, without calculated attributes and contents that are encrypted at rest.
    ///
    /// ```
    /// use model::{Record as _, entities::User};
    ///
    /// let names: Vec<_> = User::entity().default_properties().map(|property| property.name()).collect();
    /// assert_eq!(names[0], "Id");
    /// assert!(names.contains(&"Login") && !names.contains(&"Password") && !names.contains(&"DisplayText"));
    /// ```
    pub fn default_properties(&self) -> impl Iterator<Item = Property> {
        let id = self.id();
        let others = self.properties().filter(|property| match property {
            Property::Attribute(attribute) => {
                attribute.category == Category::System
                    && attribute.name != id.name
                    && !attribute.secret
                    && !attribute.sealed
                    && !attribute.derived
            }
            Property::Reference(_) => true,
        });
        std::iter::once(Property::Attribute(id)).chain(others)
    }

    /// Finds an attribute by name.
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        let listed = self.members.attributes.iter().chain(self.members.views);
        listed.chain(&SYSTEM_ATTRIBUTES).find(|attribute| attribute.name == name)
    }

    /// Finds a reference by name.
    pub fn reference(&self, name: &str) -> Option<&'static Reference> {
        self.members.references.iter().find(|reference| reference.name == name)
    }

    /// Finds a collection by name.
    pub fn collection(&self, name: &str) -> Option<&'static Collection> {
        self.members.collections.iter().find(|collection| collection.name == name)
    }

    /// Finds an attribute or reference by name. Secret attributes are not found.
    ///
    /// ```
    /// use model::{Record as _, entities::User};
    ///
    /// assert!(User::entity().property("Login").is_some());
    /// assert!(User::entity().property("Password").is_none());
    /// assert!(User::entity().attribute("Password").is_some_and(|attribute| attribute.secret));
    /// ```
    pub fn property(&self, name: &str) -> Option<Property> {
        let attribute = self.attribute(name).filter(|attribute| !attribute.secret);
        attribute.map(Property::Attribute).or_else(|| self.reference(name).map(Property::Reference))
    }

    /// Returns the identifier attribute.
    pub fn id(&self) -> &'static Attribute {
        &SYSTEM_ATTRIBUTES[0]
    }

    /// Returns the attributes that a search looks in, including those of the display format.
    pub fn searched_attributes(&self) -> impl Iterator<Item = &'static Attribute> {
        let names = self.search_members.iter().copied().chain(display_members(self.display_format));
        names.filter_map(|name| self.attribute(name))
    }

    /// Returns the columns of the table with their properties, in the order of a record's values.
    pub fn columns(&self) -> impl Iterator<Item = (&'static str, Property)> {
        let system = SYSTEM_ATTRIBUTES.iter().map(Property::Attribute);
        let own = self.members.attributes.iter().map(Property::Attribute);
        let references = self.members.references.iter().map(Property::Reference);
        let stored = system.chain(own).chain(references);
        stored.filter_map(|property| property.column().map(|column| (column, property)))
    }

    /// Returns the reference to the row's owner in the aggregate; `None` for an aggregate root.
    pub fn owner(&self) -> Option<&'static Reference> {
        self.references().iter().find(|reference| reference.owner)
    }
}
