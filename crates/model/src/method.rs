use crate::{Code, EnumType, Member};

/// HTTP verb that invokes a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads only (an OData function).
    Get,
    /// May change data (an OData action).
    Post,
}

/// Return type of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnType {
    /// No value.
    Void,
    /// A row of the entity.
    EntityObject,
    /// Text.
    Text,
    /// An object whose members are not declared.
    OpenObject,
    /// A collection of a documented type, by the type's name.
    CollectionOf(&'static str),
}

/// Type of a parameter.
#[derive(Clone, Copy, Debug)]
pub enum ParameterType {
    /// Text.
    Text,
    /// A Boolean.
    Bool,
    /// A signed 32-bit integer.
    Int32,
    /// A point in time in UTC.
    DateTime,
    /// A collection of objects whose members are not declared.
    Objects,
    /// A row of an entity, by the entity's full name.
    Row(&'static str),
    /// A member of an enumeration.
    Enum(&'static EnumType),
}

/// Default value of an optional parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterDefault {
    /// Null.
    Null,
    /// A Boolean.
    Bool(bool),
    /// An integer.
    Int(i32),
    /// A member of the parameter's enumeration.
    Member(&'static str),
}

/// A parameter of a method.
#[derive(Debug)]
pub struct Parameter {
    /// Name.
    pub name: &'static str,
    /// Description; product text.
    pub description: &'static str,
    /// Type.
    pub parameter_type: ParameterType,
    /// Default value; `None` if the parameter is required.
    pub default: Option<ParameterDefault>,
}

/// A method that public APIs may call on a row.
#[derive(Debug)]
pub struct Method {
    /// Name.
    pub name: &'static str,
    /// Description; product text.
    pub description: &'static str,
    /// Return type.
    pub return_type: ReturnType,
    /// Type that declares the method.
    pub declared_by: &'static str,
    /// HTTP verb.
    pub verb: Verb,
    /// Parameters, in order.
    pub parameters: &'static [Parameter],
}

impl Method {
    /// Returns whether the method of the service is called within an object transaction.
    pub fn needs_transaction(&self) -> bool {
        ["EndTransaction", "GetChanges", "WaitForChanges"].contains(&self.name)
    }
}

/// Priority of a notification.
static PRIORITY: EnumType = EnumType {
    name: "Priority",
    scope: Some("Systems.Core.Notifications"),
    description: "How urgent a notification is.",
    members: &[
        Member { name: "Background", code: Code::Int(1), description: "Background value." },
        Member { name: "Low", code: Code::Int(2), description: "Low value." },
        Member { name: "Normal", code: Code::Int(3), description: "Normal value." },
        Member { name: "High", code: Code::Int(4), description: "High value." },
        Member { name: "Urgent", code: Code::Int(5), description: "Urgent value." },
    ],
};

pub(crate) const fn required(
    name: &'static str,
    description: &'static str,
    parameter_type: ParameterType,
) -> Parameter {
    Parameter { name, description, parameter_type, default: None }
}

pub(crate) const fn optional(
    name: &'static str,
    description: &'static str,
    parameter_type: ParameterType,
    default: ParameterDefault,
) -> Parameter {
    Parameter { name, description, parameter_type, default: Some(default) }
}

/// The action that revokes a grant.
pub(crate) const REVOKE: Method = Method {
    name: "Revoke",
    description: "Revokes the grant and all grants issued from it. The grant stays readable.",
    return_type: ReturnType::Void,
    declared_by: "AccessToken",
    verb: Verb::Post,
    parameters: &[],
};

/// The action that replaces a token by a successor.
pub(crate) const ROTATE: Method = Method {
    name: "Rotate",
    description: "Replaces a personal or service access token by a successor with a new secret, which the response \
                  contains once. The successor has the same permissions.",
    return_type: ReturnType::EntityObject,
    declared_by: "AccessToken",
    verb: Verb::Post,
    parameters: &[
        optional(
            "overlap",
            "The number of seconds during which the former secret is still accepted",
            ParameterType::Int32,
            ParameterDefault::Int(0),
        ),
        optional(
            "untilAdopted",
            "Whether the former secret ends earlier, as soon as the successor was used from every address of the token",
            ParameterType::Bool,
            ParameterDefault::Bool(false),
        ),
        optional(
            "expires",
            "When the successor expires; if it is null, when the token expires",
            ParameterType::DateTime,
            ParameterDefault::Null,
        ),
    ],
};

/// The action that removes permissions from a token.
pub(crate) const NARROW: Method = Method {
    name: "Narrow",
    description: "Removes permissions from a token and from the tokens issued from it.",
    return_type: ReturnType::EntityObject,
    declared_by: "AccessToken",
    verb: Verb::Post,
    parameters: &[optional(
        "scopes",
        "The permissions that remain, separated by spaces; if it is null, those that the token has used",
        ParameterType::Text,
        ParameterDefault::Null,
    )],
};

/// The actions of grants.
pub(crate) static GRANT_ACTIONS: &[Method] = &[REVOKE, ROTATE, NARROW];

/// The action that copies a row. It is served in object transactions, for entities whose rows can be created.
pub(crate) const CREATE_COPY: &str = "CreateCopy";

/// The methods that every entity has.
pub(crate) static ENTITY_OBJECT_METHODS: &[Method] = &[
    Method {
        name: "GetAllowedCustomPropertyValues",
        description: "Gets the allowed values for the specified custom property for this entity object. If supported \
                      the result is ordered by property value. Some property value sources do not support ordering - \
                      in that case the result is not ordered.",
        return_type: ReturnType::CollectionOf("CustomPropertyValue"),
        declared_by: "EntityObject",
        verb: Verb::Get,
        parameters: &[
            required("customPropertyCode", "The code of the custom property", ParameterType::Text),
            optional(
                "search",
                "The search text - searches by value or description. Can contain wildcard character %.",
                ParameterType::Text,
                ParameterDefault::Null,
            ),
            optional(
                "exactMatch",
                "If true the search text should be equal to the property value",
                ParameterType::Bool,
                ParameterDefault::Bool(false),
            ),
            optional(
                "orderByDescription",
                "If true the result is ordered by Description instead of Value. Note that ordering is not always \
                 possible.",
                ParameterType::Bool,
                ParameterDefault::Bool(false),
            ),
            optional(
                "top",
                "The top clause - default is 10",
                ParameterType::Int32,
                ParameterDefault::Int(10),
            ),
            optional(
                "skip",
                "The skip clause - default is 0",
                ParameterType::Int32,
                ParameterDefault::Int(0),
            ),
        ],
    },
    Method {
        name: "CreateNotification",
        description: "Create a notification immediately in a separate transaction, and send a real-time event to the \
                      user.",
        return_type: ReturnType::Void,
        declared_by: "EntityObject",
        verb: Verb::Post,
        parameters: &[
            required("user", "The user.", ParameterType::Row("Systems.Security.Users")),
            required("notificationClass", "The notification class.", ParameterType::Text),
            required("subject", "The notification subject.", ParameterType::Text),
            optional(
                "priority",
                "The notification priority.",
                ParameterType::Enum(&PRIORITY),
                ParameterDefault::Member("Normal"),
            ),
        ],
    },
    Method {
        name: CREATE_COPY,
        description: "Duplicates the object and its child objects belonging to the same aggregate. The duplicated \
                      objects are not saved to the data source but remain in the same transaction as the original \
                      object.",
        return_type: ReturnType::EntityObject,
        declared_by: "EntityObject",
        verb: Verb::Post,
        parameters: &[],
    },
];
