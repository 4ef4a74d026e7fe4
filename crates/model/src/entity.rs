//! Entities: what a kind of row is, as one value that everything else is derived from.

use crate::display::display_members;
use crate::method::{ENTITY_OBJECT_METHODS, Method};
use crate::system::SYSTEM_ATTRIBUTES;
use crate::{Attribute, Category, Collection, Property, Reference, Tracking, UiVisibility};

/// One kind of row: its names, its members and what may be done with it.
#[derive(Debug)]
pub struct Entity {
    /// The namespace, such as `Systems.Security`.
    pub namespace: &'static str,
    /// The name within the namespace, in the plural.
    pub name: &'static str,
    /// The name of one of them.
    pub singular: &'static str,
    /// What the entity is for; product text.
    pub description: &'static str,
    /// The table that holds the rows.
    pub table: &'static str,
    /// The version that introduced it.
    pub since: &'static str,
    /// The form of a row's display text.
    pub display_format: &'static str,
    /// The attributes that a search looks in, besides those of the display format.
    pub search_members: &'static [&'static str],
    /// The attribute that identifies a row to people, if there is one.
    pub code: Option<&'static str>,
    /// The attribute that names a row, if there is one.
    pub title: Option<&'static str>,
    /// The group under which the entity is documented.
    pub category: &'static str,
    /// Whether user interfaces show it unasked.
    pub ui: UiVisibility,
    /// What public APIs may do with it.
    pub api_access: ApiAccess,
    /// The least and the greatest level of change tracking.
    pub tracking: (Tracking, Tracking),
    /// Whose rows these are.
    pub ownership: Ownership,
    members: Members,
}

/// The members that an entity's declaration lists.
#[derive(Debug)]
pub struct Members {
    /// The attributes, without those that every entity has.
    pub attributes: &'static [Attribute],
    /// Attributes that show another one's column under a second type.
    pub views: &'static [Attribute],
    /// The references.
    pub references: &'static [Reference],
    /// The collections of children.
    pub collections: &'static [Collection],
}

/// What public APIs may do with an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiAccess {
    /// Read and change.
    ReadWrite,
    /// Read.
    ReadOnly,
}

impl ApiAccess {
    /// As the reference writes it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ReadWrite => "ReadWrite",
            Self::ReadOnly => "ReadOnly",
        }
    }
}

/// Whose a row is: a caller who may not see every row sees those that are theirs.
#[derive(Clone, Copy, Debug)]
pub enum Ownership {
    /// The row is the caller.
    Caller,
    /// Any of these references points to the caller.
    References(&'static [&'static str]),
    /// The row that this reference points to is the caller's.
    Through(&'static str),
    /// Any of the first points to the caller, or a row of the second that points here is the caller's.
    ReferencesOrUsedBy(&'static [&'static str], &'static Collection),
    /// Nobody's: only a caller who sees every row sees these.
    Nobody,
}

impl Entity {
    /// An entity with its members; the words that follow say the rest.
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
            tracking: (Tracking::Nothing, Tracking::AttributesAndBlobs),
            ownership: Ownership::Nobody,
            members,
        }
    }

    /// The full name, such as `Systems.Security.AccessTokens`.
    pub fn repository(&self) -> String {
        format!("{}.{}", self.namespace, self.name)
    }

    /// The name of the set in URLs, such as `Systems_Security_AccessTokens`.
    pub fn set_name(&self) -> String {
        self.underscored(self.name)
    }

    /// The name of the type in payloads, such as `Systems_Security_AccessToken`.
    pub fn type_name(&self) -> String {
        self.underscored(self.singular)
    }

    fn underscored(&self, name: &str) -> String {
        format!("{}_{name}", self.namespace.replace('.', "_"))
    }

    /// The attributes that the declaration lists, by name.
    pub fn own_attributes(&self) -> Vec<&'static Attribute> {
        let mut attributes: Vec<_> = self.members.attributes.iter().chain(self.members.views).collect();
        attributes.sort_by_key(|attribute| attribute.name);
        attributes
    }

    /// The attributes that every entity has, in their documented order.
    pub fn system_attributes(&self) -> &'static [Attribute] {
        &SYSTEM_ATTRIBUTES
    }

    /// All attributes: the entity's own by name, then those that every entity has.
    pub fn attributes(&self) -> impl Iterator<Item = &'static Attribute> {
        self.own_attributes().into_iter().chain(SYSTEM_ATTRIBUTES.iter())
    }

    /// The references, in their declared order.
    pub fn references(&self) -> &'static [Reference] {
        self.members.references
    }

    /// The collections of children, in their declared order.
    pub fn collections(&self) -> &'static [Collection] {
        self.members.collections
    }

    /// The methods that public APIs may call.
    pub fn methods(&self) -> &'static [Method] {
        ENTITY_OBJECT_METHODS
    }

    /// Attributes and references together, in the order of [`Entity::attributes`] and [`Entity::references`].
    pub fn properties(&self) -> impl Iterator<Item = Property> {
        let references = self.references().iter().map(Property::Reference);
        self.attributes().map(Property::Attribute).chain(references)
    }

    /// What a row shows when nothing is selected: its own data, neither the identifier nor what is calculated.
    pub fn default_properties(&self) -> impl Iterator<Item = Property> {
        self.properties().filter(|property| match property {
            Property::Attribute(attribute) => {
                attribute.category == Category::System && attribute.name != "Id" && !attribute.secret
            }
            Property::Reference(_) => true,
        })
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

    /// Finds an attribute or a reference by name; what never leaves the server is not found.
    pub fn property(&self, name: &str) -> Option<Property> {
        let attribute = self.attribute(name).filter(|attribute| !attribute.secret);
        attribute.map(Property::Attribute).or_else(|| self.reference(name).map(Property::Reference))
    }

    /// The identifier of a row.
    pub fn id(&self) -> &'static Attribute {
        &SYSTEM_ATTRIBUTES[0]
    }

    /// The attributes that the display text is made of, and those that a search looks in.
    pub fn searched_attributes(&self) -> impl Iterator<Item = &'static Attribute> {
        let names = self.search_members.iter().copied().chain(display_members(self.display_format));
        names.filter_map(|name| self.attribute(name))
    }

    /// The columns of the table with what they hold, in the order in which a record carries them.
    pub fn columns(&self) -> impl Iterator<Item = (&'static str, Property)> {
        let system = SYSTEM_ATTRIBUTES.iter().map(Property::Attribute);
        let own = self.members.attributes.iter().map(Property::Attribute);
        let references = self.members.references.iter().map(Property::Reference);
        let stored = system.chain(own).chain(references);
        stored.filter_map(|property| property.column().map(|column| (column, property)))
    }

    /// The columns that need an index, because the model lets people filter or order by them.
    pub fn indexed_columns(&self) -> Vec<&'static str> {
        let own = self
            .attributes()
            .filter(|attribute| attribute.needs_index())
            .filter_map(|attribute| attribute.column);
        let mut columns: Vec<_> =
            own.chain(self.references().iter().map(|reference| reference.column)).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// The reference to the row's owner in the aggregate; none for an aggregate's root.
    pub fn owner(&self) -> Option<&'static Reference> {
        self.references().iter().find(|reference| reference.owner)
    }

    /// Rows that nobody changes through an API.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.api_access = ApiAccess::ReadOnly;
        self
    }

    /// The table that holds the rows.
    #[must_use]
    pub const fn table(mut self, table: &'static str) -> Self {
        self.table = table;
        self
    }
    /// The version that introduced it.
    #[must_use]
    pub const fn since(mut self, version: &'static str) -> Self {
        self.since = version;
        self
    }
    /// The form of a row's display text.
    #[must_use]
    pub const fn display(mut self, format: &'static str) -> Self {
        self.display_format = format;
        self
    }
    /// The attributes that a search looks in.
    #[must_use]
    pub const fn search(mut self, members: &'static [&'static str]) -> Self {
        self.search_members = members;
        self
    }
    /// The attribute that identifies a row to people.
    #[must_use]
    pub const fn code(mut self, attribute: &'static str) -> Self {
        self.code = Some(attribute);
        self
    }
    /// The attribute that names a row.
    #[must_use]
    pub const fn title(mut self, attribute: &'static str) -> Self {
        self.title = Some(attribute);
        self
    }
    /// The least and the greatest level of change tracking.
    #[must_use]
    pub const fn tracking(mut self, least: Tracking, greatest: Tracking) -> Self {
        self.tracking = (least, greatest);
        self
    }
    /// Whose rows these are.
    #[must_use]
    pub const fn owned_by(mut self, ownership: Ownership) -> Self {
        self.ownership = ownership;
        self
    }
}
