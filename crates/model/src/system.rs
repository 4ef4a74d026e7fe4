use uuid::Uuid;

use crate::{Attribute, Category, Default, Filters, Timestamp};

impl Attribute {
    /// Column of every table that stores the identifier of a row.
    pub const ID_COLUMN: &'static str = "id";
    /// Column of every table that stores the version of a row.
    pub const VERSION_COLUMN: &'static str = "object_version";
    /// Column of every table that stores the identifier of a row in an external system.
    pub const EXTERNAL_ID_COLUMN: &'static str = "external_id";
    /// Column of every table that stores the name of an external system.
    pub const EXTERNAL_SYSTEM_COLUMN: &'static str = "external_system";
    /// Column of every table that stores the time of a row's last change.
    pub const UPDATED_COLUMN: &'static str = "updated_at";
}

/// The attributes that every entity has.
pub(crate) static SYSTEM_ATTRIBUTES: [Attribute; 6] = [
    Attribute::new::<Uuid>("Id", Attribute::ID_COLUMN, "")
        .indexed()
        .read_only()
        .filter(Filters::EQUALS_IN.and(Filters::RANGE))
        .default(Default::NewGuid)
        .order_by(),
    Attribute::new::<i32>(
        "ObjectVersion",
        Attribute::VERSION_COLUMN,
        "The latest version of the extensible data object for the aggregate root for the time the object is \
         loaded from the database. Can be used for optimistic locking.",
    )
    .read_only()
    .grouped(Category::ExtensibleDataObject),
    Attribute::new::<Option<String>>(
        "ExternalId",
        Attribute::EXTERNAL_ID_COLUMN,
        "The id of the object, when it is imported/synchronized with external system. Used by sync apps to \
         identify the object in external systems.",
    )
    .max(254)
    .filter(Filters::EQUALS_IN)
    .order_by()
    .settable()
    .since("24.1.0.89")
    .grouped(Category::ExtensibleDataObject),
    Attribute::new::<Option<String>>(
        "ExternalSystem",
        Attribute::EXTERNAL_SYSTEM_COLUMN,
        "The name of the external system from which the object is imported/synchronized.",
    )
    .max(64)
    .filter(Filters::EQUALS_IN)
    .settable()
    .since("24.1.0.89")
    .grouped(Category::ExtensibleDataObject),
    Attribute::new::<Option<Timestamp>>(
        "AggregateLastUpdateTimeUtc",
        Attribute::UPDATED_COLUMN,
        "The exact server time (in UTC) of the last modification of the object represented by this system \
         object. null means that it is unknown.",
    )
    .read_only()
    .filter(Filters::RANGE)
    .order_by()
    .since("19.1")
    .grouped(Category::ExtensibleDataObject),
    Attribute::new::<String>(
        "DisplayText",
        "",
        "Uses the repository DisplayTextFormat to build the display text from the attributes and references \
         of current object.",
    )
    .calculated()
    .read_only()
    .grouped(Category::Calculated),
];
