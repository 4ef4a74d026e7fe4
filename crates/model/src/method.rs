use crate::{Code, EnumType, Member};

/// The HTTP verb by which a method is invoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads only (an OData function).
    Get,
    /// May change something (an OData action).
    Post,
}

/// What a method gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnType {
    /// Nothing.
    Void,
    /// A row of the entity.
    EntityObject,
    /// A collection of a documented type, by the type's name.
    CollectionOf(&'static str),
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug)]
pub enum ParameterType {
    /// Text.
    Text,
    /// A truth value.
    Bool,
    /// A whole number of 32 bits.
    Int32,
    /// A row of an entity, by the entity's full name.
    Row(&'static str),
    /// A member of an enumeration; with the name under which it is documented and its attribute's.
    Enum(&'static EnumType, &'static str, &'static str),
}

/// The value of a parameter that nobody gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterDefault {
    /// No value.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i32),
    /// A member of the parameter's enumeration.
    Member(&'static str),
}

/// One parameter of a method.
#[derive(Debug)]
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// What it is for; product text.
    pub description: &'static str,
    /// What it takes.
    pub parameter_type: ParameterType,
    /// The value where it may be left out; none where it must be given.
    pub default: Option<ParameterDefault>,
}

/// A method that public APIs may call on a row.
#[derive(Debug)]
pub struct Method {
    /// The name.
    pub name: &'static str,
    /// What it does; product text.
    pub description: &'static str,
    /// What it gives back.
    pub return_type: ReturnType,
    /// The type that declares it.
    pub declared_by: &'static str,
    /// How it is invoked.
    pub verb: Verb,
    /// The parameters, in order.
    pub parameters: &'static [Parameter],
}

/// How urgent a notification is.
static PRIORITY: EnumType = EnumType {
    name: "Priority",
    description: "How urgent a notification is.",
    members: &[
        Member { name: "Background", code: Code::Int(1), description: "Background value." },
        Member { name: "Low", code: Code::Int(2), description: "Low value." },
        Member { name: "Normal", code: Code::Int(3), description: "Normal value." },
        Member { name: "High", code: Code::Int(4), description: "High value." },
        Member { name: "Urgent", code: Code::Int(5), description: "Urgent value." },
    ],
};

const fn required(name: &'static str, description: &'static str, parameter_type: ParameterType) -> Parameter {
    Parameter { name, description, parameter_type, default: None }
}

const fn optional(
    name: &'static str,
    description: &'static str,
    parameter_type: ParameterType,
    default: ParameterDefault,
) -> Parameter {
    Parameter { name, description, parameter_type, default: Some(default) }
}

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
                ParameterType::Enum(
                    &PRIORITY,
                    "Systems.Core.NotificationsRepository",
                    "Systems.Core.Notifications",
                ),
                ParameterDefault::Member("Normal"),
            ),
        ],
    },
    Method {
        name: "CreateCopy",
        description: "Duplicates the object and its child objects belonging to the same aggregate. The duplicated \
                      objects are not saved to the data source but remain in the same transaction as the original \
                      object.",
        return_type: ReturnType::EntityObject,
        declared_by: "EntityObject",
        verb: Verb::Post,
        parameters: &[],
    },
];
