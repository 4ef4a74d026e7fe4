use std::borrow::Cow;

use crate::Value;

/// Stored form of an enumeration member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Text, such as `INT`.
    Text(&'static str),
    /// Number, such as `3`.
    Int(i64),
}

impl Code {
    /// Returns the value that the registry stores.
    pub fn value(self) -> Value {
        match self {
            Self::Text(code) => Value::Text(code.to_owned()),
            Self::Int(code) => Value::Int(code),
        }
    }
}

/// A member of an enumeration.
#[derive(Debug)]
pub struct Member {
    /// Name in APIs.
    pub name: &'static str,
    /// Stored code.
    pub code: Code,
    /// Description; product text.
    pub description: &'static str,
}

/// An enumeration type of attributes.
#[derive(Debug)]
pub struct EnumType {
    /// Name, such as `GrantKind`.
    pub name: &'static str,
    /// Repository of the entity to which the name belongs, such as `Systems.Core.Notifications`. `None` for the enumerations
    /// that have had their short names on the wire from the beginning.
    pub scope: Option<&'static str>,
    /// Description; product text.
    pub description: &'static str,
    /// Members in their declared order.
    pub members: &'static [Member],
}

impl EnumType {
    /// Returns the name among the types of all entities: that of a scope begins with it.
    ///
    /// ```
    /// model::enumeration! {
    ///     /// How urgent a task is.
    ///     pub enum Priority in "Systems.Core.Tasks" {
    ///         /// It can wait.
    ///         Low = "L",
    ///     }
    /// }
    ///
    /// assert_eq!(Priority::TYPE.wire_name(), "Systems_Core_TasksRepository_Priority");
    /// assert_eq!(model::entities::GrantKind::TYPE.wire_name(), "GrantKind");
    /// ```
    pub fn wire_name(&self) -> Cow<'static, str> {
        match self.scope {
            Some(repository) => format!("{}Repository_{}", repository.replace('.', "_"), self.name).into(),
            None => self.name.into(),
        }
    }

    /// Finds a member by its API name.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// Returns the members with their numeric values: the stored code or, if that is a text, the position.
    ///
    /// ```
    /// use model::entities::GrantKind;
    ///
    /// let (first, value) = GrantKind::TYPE.numbered().next().unwrap();
    /// assert_eq!((first.name, value), (GrantKind::ALL[0].name(), 0));
    /// ```
    pub fn numbered(&self) -> impl Iterator<Item = (&'static Member, i64)> {
        self.members.iter().zip(0..).map(|(member, position)| match member.code {
            Code::Int(code) => (member, code),
            Code::Text(_) => (member, position),
        })
    }

    /// Finds a member by its API name or its numeric value.
    ///
    /// ```
    /// use model::entities::GrantKind;
    ///
    /// assert_eq!(GrantKind::TYPE.named_or_numbered("0").unwrap().name, GrantKind::ALL[0].name());
    /// assert!(GrantKind::TYPE.named_or_numbered("-1").is_none());
    /// ```
    pub fn named_or_numbered(&self, text: &str) -> Option<&'static Member> {
        let number: Option<i64> = text.parse().ok();
        let numbered = || self.numbered().find(|(_, value)| Some(*value) == number).map(|(member, _)| member);
        self.member(text).or_else(numbered)
    }

    /// Finds a member by its stored value.
    ///
    /// ```
    /// use model::Value;
    /// use model::entities::GrantKind;
    ///
    /// let member = GrantKind::TYPE.member("DeviceCode").unwrap();
    /// assert_eq!(member.code.value(), Value::Text("device_code".into()));
    /// let stored = GrantKind::TYPE.stored(&Value::Text("device_code".into())).unwrap();
    /// assert_eq!(stored.name, "DeviceCode");
    /// ```
    pub fn stored(&self, value: &Value) -> Option<&'static Member> {
        self.members.iter().find(|member| match (member.code, value) {
            (Code::Text(code), Value::Text(text)) => code == text,
            (Code::Int(code), Value::Int(number)) => code == *number,
            _ => false,
        })
    }
}

/// A Rust enum that can be the type of an attribute.
pub trait Enumeration: Copy + Send + Sync + 'static {
    /// Definition of the enumeration in the model.
    const TYPE: &'static EnumType;
    /// Returns the API name.
    fn name(self) -> &'static str;
    /// Returns the member with the API name `name`.
    fn from_name(name: &str) -> Option<Self>;
}

/// Declares an enumeration: the Rust enum, its stored codes and its documented members.
///
/// ```
/// model::enumeration! {
///     /// The state of a door.
///     pub enum Door {
///         /// The door is open.
///         Open = "O",
///         /// The door is closed.
///         Closed = "C",
///     }
/// }
///
/// assert_eq!(Door::Open.code(), "O");
/// assert_eq!(Door::from_name("Closed"), Some(Door::Closed));
/// assert_eq!(Door::TYPE.description, "The state of a door.");
/// ```
#[macro_export]
macro_rules! enumeration {
    ($(#[doc = $doc:literal])+ $vis:vis enum $name:ident $(in $scope:literal)? {
        $( $(#[doc = $member_doc:literal])+ $member:ident = $code:literal, )+
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $vis enum $name { $( $(#[doc = $member_doc])+ $member, )+ }

        impl $name {
            /// All members, in their declared order.
            pub const ALL: &'static [$name] = &[$($name::$member),+];

            /// Definition of the enumeration in the model.
            pub const TYPE: &'static $crate::EnumType = &$crate::EnumType {
                name: stringify!($name),
                scope: $crate::macros::scope(&[$($scope)?]),
                description: $crate::macros::trimmed(concat!($($doc),+)),
                members: &[$( $crate::Member {
                    name: stringify!($member),
                    code: $crate::Code::Text($code),
                    description: $crate::macros::trimmed(concat!($($member_doc),+)),
                }, )+],
            };

            /// Returns the API name.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$member => stringify!($member), )+ }
            }

            /// Returns the stored code.
            pub const fn code(self) -> &'static str {
                match self { $( Self::$member => $code, )+ }
            }

            /// Returns the member with the API name `name`.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $( stringify!($member) => Some(Self::$member), )+ _ => None }
            }

            /// Returns the member with the stored code `code`.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $( $code => Some(Self::$member), )+ _ => None }
            }
        }

        impl $crate::Enumeration for $name {
            const TYPE: &'static $crate::EnumType = $name::TYPE;
            fn name(self) -> &'static str {
                $name::name(self)
            }
            fn from_name(name: &str) -> Option<Self> {
                $name::from_name(name)
            }
        }

        impl $crate::Field for $name {
            const TYPE: $crate::DataType = $crate::DataType::Enum($name::TYPE);
            fn initial(default: Option<$crate::Default>, _: $crate::Timestamp) -> Self {
                match default {
                    Some($crate::Default::Member(name)) => Self::from_name(name).unwrap_or(Self::ALL[0]),
                    _ => Self::ALL[0],
                }
            }
            fn to_value(&self) -> $crate::Value {
                $crate::Value::Text(self.code().to_owned())
            }
            fn from_value(value: $crate::Value) -> Result<Self, $crate::DecodeError> {
                value.as_text().and_then(Self::from_code).ok_or($crate::DecodeError { expected: stringify!($name) })
            }
        }
    };
}
