//! The reference page of an entity as data: the texts of the page in their order.
//!
//! A page does not always list the capabilities of an attribute. For attributes outside the category
//! `System` it shows the type without length and nullability, and no filters; their supported filters are
//! in the tags. This module is the only place that knows these rules. The layout of pages belongs to their
//! writers.

use crate::writing::Settable;
use crate::{
    Attribute, Category, Code, Collection, DataType, Entity, EnumType, Filters, Member, Method, Parameter,
    ParameterDefault, ParameterType, Reference, ReturnType, UNBOUNDED, Verb,
};

/// A row of a section: label and value.
pub type Row = (&'static str, String);

/// Returns the section `General` of an entity.
pub fn general(entity: &Entity) -> Vec<Row> {
    vec![
        ("Namespace", entity.namespace.to_owned()),
        ("Repository", entity.repository()),
        ("Base Table", entity.table.to_owned()),
        ("Introduced In Version", entity.since.to_owned()),
        ("API access", entity.api_access.title().to_owned()),
    ]
}

/// Returns what public APIs can write of an entity.
pub fn writing(entity: &'static Entity) -> Vec<Row> {
    let can = entity.writable;
    let settable = |when: Settable| {
        let properties = entity.properties().filter(|property| property.settable() == when);
        properties.map(crate::Property::name).collect::<Vec<_>>().join(", ")
    };
    let mut rows: Vec<Row> = [("Create", can.insert), ("Change", can.update), ("Delete", can.delete)]
        .into_iter()
        .map(|(label, holds)| (label, truth(holds).to_owned()))
        .collect();
    if can.insert {
        rows.push(("Set When Created", settable(Settable::AtCreation)));
    }
    if can.update {
        rows.push(("Set Always", settable(Settable::Always)));
    }
    rows
}

/// Returns the section `Visualization` of an entity.
pub fn visualization(entity: &Entity) -> Vec<Row> {
    vec![
        ("Display Format", entity.display_format.to_owned()),
        ("Search Members", entity.search_members.join(", ")),
        ("Category", entity.category.to_owned()),
        ("Show in UI", entity.ui.title().to_owned()),
    ]
}

/// Returns the entities of an aggregate with their depth in it, starting with `entity` itself.
pub fn aggregate(entity: &'static Entity) -> Vec<(usize, &'static Entity)> {
    let owned = |collection: &&Collection| {
        collection.target().owner().is_some_and(|owner| owner.name == collection.via)
    };
    let children = entity.collections().iter().filter(owned);
    let below = children.flat_map(|child| aggregate(child.target()));
    std::iter::once((0, entity)).chain(below.map(|(depth, child)| (depth + 1, child))).collect()
}

/// Returns the type of an attribute: `string (128) __nullable__`.
///
/// ```
/// use model::entities::AccessToken;
/// use model::{Record as _, details};
///
/// let actor = AccessToken::entity().attribute("Actor").unwrap();
/// assert_eq!(details::attribute_type(actor), "string (128) __nullable__");
/// assert_eq!(details::tags(actor), ["Filter(multi eq)"]);
/// ```
pub fn attribute_type(attribute: &Attribute) -> String {
    let name = type_name(attribute.data_type);
    if attribute.category != Category::System {
        return name.to_owned();
    }
    let length = match attribute.max_length {
        Some(UNBOUNDED) => " (max)".to_owned(),
        Some(characters) => format!(" ({characters})"),
        None => String::new(),
    };
    let nullable = if attribute.nullable { " __nullable__" } else { "" };
    format!("{name}{length}{nullable}")
}

/// Returns the name of a data type, without length and nullability: `string`.
pub const fn type_name(data_type: DataType) -> &'static str {
    match data_type {
        DataType::Text => "string",
        DataType::DateTime => "datetime",
        DataType::Guid => "guid",
        DataType::Int32 => "int32",
        DataType::Bool => "boolean",
        DataType::Enum(enumeration) => enumeration.name,
    }
}

/// Returns the tags that follow the description of an attribute: `Required`, `Default(NowUtc)`,
/// `Filter(ge;le)`, `ORD`, …
pub fn tags(attribute: &Attribute) -> Vec<String> {
    if is_identifier(attribute) {
        return Vec::new();
    }
    let tag = |shown: bool, text: &str| shown.then(|| text.to_owned());
    // System attributes are read-only by definition; pages do not repeat it.
    let read_only = attribute.read_only && attribute.category == Category::System;
    let all = [
        tag(attribute.required, "Required"),
        attribute.default.map(|default| format!("Default({})", default.tag())),
        filter_tag(attribute.filters),
        tag(attribute.order_by, "ORD"),
        tag(read_only, "ReadOnly"),
        attribute.since.map(introduced),
    ];
    all.into_iter().flatten().collect()
}

fn introduced(version: &str) -> String {
    format!("Introduced in version {version}")
}

/// Returns the filter tag, such as `Filter(multi eq;ge;le)`; `None` if the attribute is not filterable.
fn filter_tag(filters: Filters) -> Option<String> {
    let equals = if filters.allows_in() { "multi eq" } else { "eq" };
    let words = [(Filters::EQUALS, equals), (Filters::RANGE, "ge;le"), (Filters::LIKE, "like")];
    let words: Vec<_> =
        words.into_iter().filter(|(filter, _)| filters.allows(*filter)).map(|(_, word)| word).collect();
    (!words.is_empty()).then(|| format!("Filter({})", words.join(";")))
}

/// Returns the details of an attribute.
pub fn attribute(attribute: &Attribute) -> Vec<Row> {
    let plain = attribute.category == Category::System;
    let filters = if plain { attribute.filters } else { Filters::NONE };
    let order_by = match () {
        () if is_identifier(attribute) => None,
        () if plain => Some(truth(attribute.order_by).to_owned()),
        () => Some(String::new()),
    };
    let rows = [
        Some(("Type", attribute_type(attribute))),
        attribute.indexed.then(|| ("Indexed", truth(true).to_owned())),
        Some(("Category", attribute.category.title().to_owned())),
        Some(("Supported Filters", filters.to_string())),
        order_by.map(|order_by| ("Supports Order By", order_by)),
        attribute.default.map(|default| ("Default Value", default.title())),
        attribute.max_length.filter(|_| plain).map(|length| ("Maximum Length", length.to_string())),
        Some(("Show in UI", attribute.ui.title().to_owned())),
    ];
    rows.into_iter().flatten().collect()
}

/// Version since which the service supports more than the pages of the documented system declare.
const BEYOND_SINCE: &str = "26.4.0";

/// Returns what the service supports beyond the details of an attribute. The declared contract remains as it is; these
/// lines are additional.
///
/// ```
/// use model::entities::AccessToken;
/// use model::{Record as _, details};
///
/// let expires = AccessToken::entity().attribute("ExpireTimestamp").unwrap();
/// let lines = details::beyond(expires);
/// assert_eq!(lines[0], ("Grantor: Supported Filters", "GreaterThanOrLessThan, Null, since 26.4.0".to_owned()));
/// assert_eq!(lines[1], ("Grantor: Supports Order By", "True, since 26.4.0".to_owned()));
/// ```
pub fn beyond(attribute: &Attribute) -> Vec<Row> {
    let served = attribute.served_filters();
    let filters = (served != attribute.filters).then(|| ("Grantor: Supported Filters", served.to_string()));
    let more = attribute.is_sortable() && !attribute.order_by;
    let order_by = more.then(|| ("Grantor: Supports Order By", truth(true).to_owned()));
    let rows = filters.into_iter().chain(order_by);
    rows.map(|(label, value)| (label, format!("{value}, since {BEYOND_SINCE}"))).collect()
}

/// Returns whether this is the identifier, for which pages show neither tags nor an order although it has
/// both.
fn is_identifier(attribute: &Attribute) -> bool {
    attribute.column == Some(Attribute::ID_COLUMN)
}

const fn truth(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// Returns the type of a reference: `Users (nullable)`.
pub fn reference_type(reference: &Reference) -> String {
    let nullable = if reference.nullable { " (nullable)" } else { "" };
    format!("{}{nullable}", reference.target().name)
}

/// Returns the tags that follow the description of a reference. Filters appear in its details only.
pub fn reference_tags(reference: &Reference) -> Vec<String> {
    reference.since.map(introduced).into_iter().collect()
}

/// Returns the details of a reference.
pub fn reference(reference: &Reference) -> Vec<Row> {
    let rows = [
        Some(("Type", reference_type(reference))),
        reference.indexed.then(|| ("Indexed", truth(true).to_owned())),
        Some(("Category", Category::System.title().to_owned())),
        Some(("Supported Filters", reference.filters.to_string())),
        Some(("Show in UI", reference.ui.title().to_owned())),
    ];
    rows.into_iter().flatten().collect()
}

/// Returns the return type of a method: `Collection Of CustomPropertyValue`.
pub fn return_type(method: &Method) -> String {
    match method.return_type {
        ReturnType::Void => "void".to_owned(),
        ReturnType::EntityObject => "EntityObject".to_owned(),
        ReturnType::Text => "string".to_owned(),
        ReturnType::OpenObject => "OpenObject".to_owned(),
        ReturnType::CollectionOf(name) => format!("Collection Of {name}"),
    }
}

/// Returns the HTTP verb of a method.
pub const fn verb(method: &Method) -> &'static str {
    match method.verb {
        Verb::Get => "GET",
        Verb::Post => "POST",
    }
}

/// Returns the type of a method parameter.
pub fn parameter_type(parameter: &Parameter) -> String {
    match parameter.parameter_type {
        ParameterType::Text => type_name(DataType::Text).to_owned(),
        ParameterType::Bool => type_name(DataType::Bool).to_owned(),
        ParameterType::Int32 => type_name(DataType::Int32).to_owned(),
        ParameterType::DateTime => type_name(DataType::DateTime).to_owned(),
        ParameterType::Objects => "Collection<OpenObject>".to_owned(),
        ParameterType::Row(repository) => {
            repository.rsplit_once('.').map_or(repository, |(_, name)| name).to_owned()
        }
        ParameterType::Enum(enumeration) => documented_name(enumeration),
    }
}

/// Returns the name of an enumeration with that of its repository, as pages have it.
pub fn documented_name(enumeration: &EnumType) -> String {
    match enumeration.scope {
        Some(repository) => format!("{repository}Repository.{}", enumeration.name),
        None => enumeration.name.to_owned(),
    }
}

/// Returns the default value of an optional parameter.
pub fn parameter_default(parameter: &Parameter) -> Option<String> {
    parameter.default.map(|default| match default {
        ParameterDefault::Null => "null".to_owned(),
        ParameterDefault::Bool(value) => truth(value).to_owned(),
        ParameterDefault::Int(number) => number.to_string(),
        ParameterDefault::Member(name) => name.to_owned(),
    })
}

/// A member of an enumeration, as pages list the allowed values.
#[derive(Debug)]
pub struct AllowedValue {
    /// Name.
    pub name: &'static str,
    /// Description with the stored code, model value and API value, one per line.
    pub lines: [String; 3],
}

/// Returns a member of an enumeration as pages list it.
pub fn allowed_value(member: &Member) -> AllowedValue {
    let (stored, model) = match member.code {
        Code::Int(code) => (code.to_string(), code.to_string()),
        Code::Text(code) => (format!("'{code}'"), member.name.to_owned()),
    };
    let lines = [
        format!("{} Stored as {stored}.", member.description),
        format!("Model Value: {model}"),
        format!("Domain API Value: '{}'", member.name),
    ];
    AllowedValue { name: member.name, lines }
}
